import { closeSync, openSync, writeSync } from 'node:fs'
import { type Emit, tee } from '../base/event.ts'
import { type Mask, masked } from '../report/mask.ts'
import { colourless, colours, type Paint } from '../report/style.ts'
import type { ScreenOptions } from './options.ts'
import type { Sink } from './streams.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What is known of standard output. */
export interface Terminal {
  readonly isTTY: boolean
  /** 0 when unknown. */
  readonly columns: number
}

const set = (value: string | undefined): boolean => value !== undefined && value !== ''

/** Colours: on a terminal that can and may. `--no-color`, NO_COLOR and ANSIBLE_NOCOLOR forbid, ANSIBLE_FORCE_COLOR and FORCE_COLOR demand. */
export function wantsColour(options: ScreenOptions, terminal: Terminal, env: Environment): boolean {
  if (!options.color || set(env['NO_COLOR']) || isTrue(env['ANSIBLE_NOCOLOR'])) return false
  if (isTrue(env['ANSIBLE_FORCE_COLOR']) || isTrue(env['FORCE_COLOR'])) return true
  return terminal.isTTY && env['TERM'] !== 'dumb'
}

/**
 * The moving view: on a terminal of known size where somebody looks. Whoever asks for more than the rows can show (`-v`,
 * `--diff`) gets lines, and so does a build server.
 */
export function wantsLive(options: ScreenOptions, terminal: Terminal, env: Environment): boolean {
  if (options.json || options.verbose > 0 || options.diff) return false
  return terminal.isTTY && terminal.columns > 0 && env['TERM'] !== 'dumb' && !isTrue(env['CI'])
}

/** As Ansible reads booleans in its environment. */
export const isTrue = (value: string | undefined): boolean => /^(?:y|yes|t|true|on|1|2|3)$/i.test(value ?? '')

/** Where the events of a run go. */
export interface Screen {
  readonly emit: Emit
  /** Resolves when everything is drawn. */
  close(): Promise<void>
}

/** One JSON line an event into a file that only its owner reads. */
function eventFile(path: string): { write: (text: string) => void; close: () => void } {
  const fd = openSync(path, 'w', 0o600)
  return { write: text => void writeSync(fd, text), close: () => closeSync(fd) }
}

/** Chooses the renderer; the live one is loaded only when it is used. */
export async function openScreen(
  options: ScreenOptions,
  out: Sink,
  err: Sink,
  mask: Mask,
  terminal: Terminal = { isTTY: process.stdout.isTTY === true, columns: process.stdout.columns ?? 0 },
  env: Environment = process.env,
): Promise<Screen> {
  const { jsonLines } = await import('../report/jsonl.ts')
  const file = options.events === undefined ? undefined : eventFile(options.events)
  const main = await renderer(options, out, err, terminal, env)
  const emit = file ? tee(main.emit, jsonLines(file.write)) : main.emit
  return {
    emit: masked(mask, emit),
    close: async () => {
      await main.close()
      file?.close()
    },
  }
}

async function renderer(
  options: ScreenOptions,
  out: Sink,
  err: Sink,
  terminal: Terminal,
  env: Environment,
): Promise<Screen> {
  const close = () => Promise.resolve()
  if (options.json) {
    const { jsonLines } = await import('../report/jsonl.ts')
    return { emit: jsonLines(out.write), close }
  }
  const colour = wantsColour(options, terminal, env)
  const paint: Paint = colour ? colours : colourless
  const common = {
    ...{ out: out.write, err: err.write, paint, verbosity: options.verbose, diff: options.diff },
    width: terminal.columns,
  }
  if (options.adhoc) {
    const { adhoc } = await import('../report/adhoc.ts')
    return { emit: adhoc(common), close }
  }
  if (!wantsLive(options, terminal, env)) {
    const { plain } = await import('../report/plain.ts')
    return { emit: plain(common), close }
  }
  // listr2 decides on colours when it is loaded.
  if (!colour) process.env['NO_COLOR'] = '1'
  const { live } = await import('../report/live.ts')
  return live({ ...common, now: () => performance.now() })
}
