import { closeSync, writeFileSync, writeSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Emit, tee } from '../base/event.ts'
import { type Mask, masked } from '../report/mask.ts'
import { colourless, type Paint, painter } from '../report/style.ts'
import type { PlainOptions } from '../report/view.ts'
import { visible } from '../report/visible.ts'
import { coloursOf } from './config/colours.ts'
import { DEFAULTS } from './config/read.ts'
import type { Config } from './config/table.ts'
import type { AdhocView, ScreenOptions } from './options.ts'
import { enduring, openOutput, outputFolder } from './output-file.ts'
import type { Sink } from './streams.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What is known of standard output. */
export interface Terminal {
  readonly isTTY: boolean
  /** 0 when unknown. */
  readonly columns: number
}

/** What a screen is asked for. Where somebody is asked before each task, a view that moves would be in the way. */
type Wishes = ScreenOptions & { readonly step?: boolean }

/** All that decides what a run looks like. */
export interface Circumstances {
  readonly terminal: Terminal
  readonly env: Environment
  readonly config: Config
}

const here = (): Circumstances => ({
  terminal: { isTTY: process.stdout.isTTY === true, columns: process.stdout.columns ?? 0 },
  env: process.env,
  config: DEFAULTS,
})

/** Colours: on a terminal that can and may. `--no-color` and the settings forbid, FORCE_COLOR and the settings demand. */
export function wantsColour(options: ScreenOptions, { terminal, env, config }: Circumstances): boolean {
  if (!options.color || (env['NO_COLOR'] ?? '') !== '' || config.noColor) return false
  if (config.forceColor || isTrue(env['FORCE_COLOR'])) return true
  return terminal.isTTY && env['TERM'] !== 'dumb'
}

/**
 * The moving view: on a terminal of known size where somebody looks. Whoever asks for more than the rows can show (`-v`,
 * `--diff`, an output of a certain kind) gets lines, and so does a build server.
 */
export function wantsLive(options: Wishes, { terminal, env, config }: Circumstances): boolean {
  if (options.json || options.step || options.verbose > 0 || options.diff || lookOf(config) !== 'default') return false
  return terminal.isTTY && terminal.columns > 0 && env['TERM'] !== 'dumb' && !isTrue(env['CI'])
}

const isTrue = (value: string | undefined): boolean => /^(?:y|yes|t|true|on|1|2|3)$/i.test(value ?? '')

/** What regplay can look like, by Ansible's name for it. */
const LOOKS = ['default', 'yaml', 'minimal', 'oneline', 'json'] as const
type Look = (typeof LOOKS)[number]

/** The look that the settings ask for; one that there is not here is the default, and `unknownLook` says so. */
const lookOf = ({ stdoutCallback }: Config): Look =>
  LOOKS.find(look => look === stdoutCallback.replace(/^.*\./, '')) ?? 'default'

/** What to tell people whose look there is not. */
export const unknownLook = ({ stdoutCallback }: Config): string | undefined =>
  LOOKS.some(look => look === stdoutCallback.replace(/^.*\./, ''))
    ? undefined
    : `there is no output '${stdoutCallback}' (stdout_callback): there are ${LOOKS.join(', ')}`

/** Where the events of a run go. */
export interface Screen {
  readonly emit: Emit
  /** The same for those programs only that read events: `--json` and `--events`. */
  readonly record: Emit
  /** Draws all that there is, and resolves when it stands still, so that somebody can be asked below it. */
  settle(): Promise<void>
  /** Resolves when everything is drawn. */
  close(): Promise<void>
}

/** What draws, or writes lines. */
type View = Omit<Screen, 'record'>

/** A view that writes at once has nothing to wait for. */
const settled = (): Promise<void> => Promise.resolve()

/** One JSON line an event into a file that only its owner reads. */
function eventFile(
  path: string,
  warn: (message: string) => void,
): { write: (text: string) => void; close: () => void } {
  const fd = openOutput(path, 'w', 'the file of events')
  return { write: enduring(path, (text: string) => void writeSync(fd, text), warn), close: () => closeSync(fd) }
}

/** Tells people of what went wrong beside the run. */
const warnOn =
  (err: Sink) =>
  (message: string): void =>
    err.write(`warning: ${visible(message)}\n`)

/** Chooses the renderer; the live one is loaded only when it is used. */
export async function openScreen(
  options: Wishes,
  out: Sink,
  err: Sink,
  mask: Mask,
  circumstances: Circumstances = here(),
): Promise<Screen> {
  const { jsonLines } = await import('../report/jsonl.ts')
  const file = options.events === undefined ? undefined : eventFile(options.events, warnOn(err))
  const main = await renderer(options, out, err, circumstances)
  const log = await logOf(options, circumstances, warnOn(err))
  const events = file ? [jsonLines(file.write)] : []
  return {
    emit: masked(mask, tee(main.emit, ...events, ...(log ? [log.emit] : []))),
    record: masked(mask, tee(...(options.json ? [main.emit] : []), ...events)),
    settle: main.settle,
    close: async () => {
      await main.close()
      file?.close()
      await log?.close()
    },
  }
}

/** `log_path`: the lines for people once more, without colours, into a file. */
async function logOf(options: Wishes, all: Circumstances, warn: (message: string) => void): Promise<View | undefined> {
  const { logPath } = all.config
  if (logPath === undefined) return undefined
  const { plain } = await import('../report/plain.ts')
  const { logFile } = await import('./log-file.ts')
  const { write, close } = logFile(logPath, userInfo().username, () => new Date())
  const sink: Sink = { write: enduring(logPath, write, warn), drained: () => Promise.resolve() }
  return {
    emit: plain(plainOptions(options, sink, sink, all, colourless)),
    settle: settled,
    close: async () => close(),
  }
}

/** Writes each host's result into a file of its name, as `ansible --tree` does. */
function keeper(dir: string, warn: (message: string) => void): (host: string, json: string) => void {
  outputFolder(dir, 'the folder of --tree')
  const keep = (host: string, json: string): void =>
    writeFileSync(join(dir, host.replaceAll('/', '_')), json, { mode: 0o600 })
  return enduring(dir, keep, warn)
}

/** Results of one module. A look of that kind shows a playbook's results so, too, and every look those of one module, where it is asked for. */
function adhocView({ adhoc }: ScreenOptions, look: Look, { adhocLook }: Config): AdhocView | undefined {
  const asked = look === 'minimal' || look === 'oneline' ? { oneLine: look === 'oneline' } : undefined
  if (adhoc === undefined) return asked
  if (!adhocLook || adhoc.oneLine || look === 'default') return adhoc
  return asked && { ...adhoc, ...asked }
}

/** What the settings make of lines for people. */
function plainOptions(options: ScreenOptions, out: Sink, err: Sink, all: Circumstances, paint: Paint): PlainOptions {
  const { config, terminal } = all
  const yaml = config.resultFormat === 'yaml' || (config.resultFormat === undefined && lookOf(config) === 'yaml')
  const results = yaml ? 'yaml' : config.formatPretty === true ? 'pretty' : undefined
  return {
    ...{ out: out.write, err: err.write, paint, verbosity: options.verbose, width: terminal.columns },
    ...(results === undefined ? {} : { results }),
    ...{ ok: config.displayOk, skipped: config.displaySkipped, failuresApart: config.displayFailedStderr },
    ...{
      checkMarkers: config.checkModeMarkers,
      pathOfFailure: config.showPathOnFailure,
      customStats: config.customStats,
      perHostStart: config.perHostStart,
    },
    ...{ diffContext: config.diffContext, diffLongest: config.maxDiffSize },
  }
}

async function renderer(options: Wishes, out: Sink, err: Sink, all: Circumstances): Promise<View> {
  const still = { settle: settled, close: settled }
  const look = lookOf(all.config)
  if (options.json) {
    const { jsonLines } = await import('../report/jsonl.ts')
    return { emit: jsonLines(out.write), ...still }
  }
  const colour = wantsColour(options, all)
  const common = plainOptions(options, out, err, all, colour ? painter(coloursOf(all.config)) : colourless)
  const view = adhocView(options, look, all.config)
  if (view) {
    const { adhoc } = await import('../report/adhoc.ts')
    const { oneLine, tree } = view
    return {
      emit: adhoc({ ...common, oneLine, ...(tree === undefined ? {} : { keep: keeper(tree, warnOn(err)) }) }),
      ...still,
    }
  }
  if (look === 'json') {
    const { document } = await import('../report/document.ts')
    return { emit: document({ ...common, now: Date.now }), ...still }
  }
  if (!wantsLive(options, all)) {
    const { plain } = await import('../report/plain.ts')
    return { emit: plain(common), ...still }
  }
  // listr2 decides on colours when it is loaded.
  if (!colour) process.env['NO_COLOR'] = '1'
  const { live } = await import('../report/live.ts')
  return live({ ...common, now: () => performance.now() })
}
