import type { Emit, HostResult, Status } from '../base/event.ts'
import { plain } from './plain.ts'
import { adviceOf, diffText, pythonJson } from './result-text.ts'
import type { Tone } from './style.ts'
import type { PlainOptions } from './view.ts'
import { visible, visibleLine } from './visible.ts'

export interface AdhocView extends PlainOptions {
  /** One line a host. */
  readonly oneLine: boolean
  /** Keeps a host's result, as JSON on one line. */
  readonly keep?: (host: string, json: string) => void
}

const WORDS: Record<Status, readonly [string, Tone]> = {
  ok: ['SUCCESS', 'ok'],
  changed: ['CHANGED', 'changed'],
  skipped: ['SKIPPED', 'skip'],
  failed: ['FAILED!', 'error'],
  unreachable: ['UNREACHABLE!', 'unreachable'],
}

/** Modules whose output is the result: it is shown as it is, and not as JSON. */
const COMMANDS = new Set(['command', 'shell', 'raw'])

const field = (event: HostResult, name: string): string => {
  const value = event.result[name]
  return value === undefined || value === null ? '' : String(value)
}

/** Whether a command ran at all: one that could not has no status. */
const ran = (event: HostResult): boolean => COMMANDS.has(event.action) && event.result['rc'] !== undefined

/** What is printed of a result; why a host failed or was lost stands in it. */
const resultOf = (event: HostResult): Readonly<Record<string, unknown>> =>
  event.status === 'failed' || event.status === 'unreachable' ? { msg: event.msg, ...event.result } : event.result

/** The status and what the command said. */
const commandText = (event: HostResult, word: string): string => {
  const said = ['stdout', 'stderr', 'msg'].map(name => field(event, name)).join('')
  return `${visibleLine(event.host)} | ${word} | rc=${field(event, 'rc')} >>\n${visible(said)}`
}

function text(event: HostResult): string {
  const [word] = WORDS[event.status]
  const host = visibleLine(event.host)
  if (event.status === 'skipped') return `${host} | ${word}`
  if (event.status !== 'unreachable' && ran(event)) return commandText(event, word.replace('!', ''))
  return `${host} | ${word} => ${visible(pythonJson(resultOf(event), true))}`
}

/** Indented JSON with the line ends taken out, which is how Ansible makes one line of it. */
const closed = (data: unknown): string =>
  pythonJson(data, true)
    .split('\n')
    .map(part => part.trimStart())
    .join('')

function line(event: HostResult): string {
  const [word] = WORDS[event.status]
  const host = visibleLine(event.host)
  if (event.status === 'skipped') return `${host} | ${word}`
  if (event.status === 'unreachable') return `${host} | ${word}: ${visibleLine(event.msg ?? '')}`
  if (event.status !== 'failed' && ran(event)) {
    const stderr = field(event, 'stderr')
    const more = stderr === '' ? '' : ` (stderr) ${visibleLine(stderr)}`
    return `${host} | ${word} | rc=${field(event, 'rc')} | (stdout) ${visibleLine(field(event, 'stdout'))}${more}`
  }
  return `${host} | ${word} => ${visibleLine(closed(resultOf(event)))}`
}

/** One module on some hosts, as `ansible` prints it: `web | SUCCESS => {json}`, `web | CHANGED | rc=0 >>` and what it said. */
export function adhoc(options: AdhocView): Emit {
  const { out, paint, oneLine, keep } = options
  const rest = plain(options)
  const tell = (event: HostResult): void => {
    keep?.(event.host, pythonJson(resultOf(event), false))
    if (event.diff && event.diff.length > 0) out(`${diffText(event.diff, options)}\n`)
    out(`${paint(oneLine ? line(event) : text(event), WORDS[event.status][1])}\n`)
    if (!oneLine) for (const line of adviceOf(event)) out(`${paint(line, 'warn')}\n`)
  }
  return event => {
    if (event.type === 'host-result') tell(event)
    else if (event.type === 'warning' || event.type === 'fault' || event.type === 'drift') rest(event)
  }
}
