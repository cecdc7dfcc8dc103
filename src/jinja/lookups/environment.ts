import { spawnSync } from 'node:child_process'
import { failure } from '../errors.ts'
import type { Lookup, LookupContext } from '../options.ts'
import { splitLines } from '../python/split.ts'
import { toText } from '../python/text.ts'
import { opened } from './shared.ts'

const LONGEST_COMMAND = 60_000

/** A variable of the environment in which regplay runs; empty (or `default`) when there is none. */
const env: Lookup = {
  // The environment of a process does not change under it: looking ahead may read it.
  pure: true,
  run: (terms, options) => opened(terms).map(term => process.env[toText(term).trim()] ?? options.get('default') ?? ''),
}

function output(command: string, what: string, { options }: LookupContext): string {
  options.acting?.()
  const done = spawnSync('/bin/sh', ['-c', command], {
    encoding: 'utf8',
    timeout: LONGEST_COMMAND,
    maxBuffer: 16 * 1024 * 1024,
  })
  if (done.error) throw failure(`the lookup '${what}' could not run '${command}': ${done.error.message}`)
  if (done.status === 0) return done.stdout
  const end = done.status ?? done.signal
  throw failure(`the lookup '${what}' ran '${command}', which ended with ${end}: ${done.stderr.trim()}`)
}

/** What a shell command on the controller prints, without the blanks at its end. */
const pipe: Lookup = {
  run: (terms, _options, context) => terms.map(term => output(toText(term), 'pipe', context).trimEnd()),
}

/** The same, line by line. */
const lines: Lookup = {
  run: (terms, _options, context) => terms.flatMap(term => splitLines(output(toText(term), 'lines', context), false)),
}

/** Lookups that ask the controller's environment. */
export const ENVIRONMENT_LOOKUPS: Readonly<Record<string, Lookup>> = { env, pipe, lines }
