import { spawnSync } from 'node:child_process'
import { failure } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { toText } from '../python/text.ts'
import { opened } from './data.ts'

const LONGEST_COMMAND = 60_000

/** A variable of the environment in which regplay runs; empty (or `default`) when there is none. */
const env: Lookup = {
  // The environment of a process does not change under it: looking ahead may read it.
  pure: true,
  run: (terms, options) => opened(terms).map(term => process.env[toText(term).trim()] ?? options.get('default') ?? ''),
}

/** What a shell command on the controller prints, without the newline at its end. */
const pipe: Lookup = {
  run: terms =>
    terms.map(term => {
      const command = toText(term)
      const done = spawnSync('/bin/sh', ['-c', command], {
        encoding: 'utf8',
        timeout: LONGEST_COMMAND,
        maxBuffer: 16 * 1024 * 1024,
      })
      if (done.error) throw failure(`the lookup 'pipe' could not run '${command}': ${done.error.message}`)
      if (done.status !== 0)
        throw failure(
          `the lookup 'pipe' ran '${command}', which ended with ${done.status ?? done.signal}: ${done.stderr.trim()}`,
        )
      return done.stdout.replace(/\n+$/, '')
    }),
}

/** Lookups that ask the controller's environment. */
export const ENVIRONMENT_LOOKUPS: Readonly<Record<string, Lookup>> = { env, pipe }
