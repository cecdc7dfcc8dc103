import type { Change, HostResult, ItemResult } from '../base/event.ts'
import { jsonLine } from '../base/value.ts'
import { unified } from './diff.ts'
import type { Paint } from './style.ts'
import type { View } from './view.ts'
import { clip, visible, visibleLine } from './visible.ts'
import { yamlBelow } from './yaml-text.ts'

/** Longest JSON of one result on a screen. */
const LONGEST = 256 * 1024
/** From this many characters on a text is too long for a diff, as for Ansible. */
const LONGEST_DIFF = 104_448

/** JSON as Python's json.dumps writes it with sorted keys: on one line with `, ` and `: `, or indented by four. */
export function pythonJson(data: unknown, indent: boolean, depth = 1): string {
  if (typeof data !== 'object' || data === null) return data === undefined ? 'null' : jsonLine(data)
  const array = Array.isArray(data)
  const parts = array
    ? data.map(item => pythonJson(item, indent, depth + 1))
    : Object.entries(data)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${JSON.stringify(key)}: ${pythonJson(value, indent, depth + 1)}`)
  const [open, close] = array ? '[]' : '{}'
  if (parts.length === 0) return `${open}${close}`
  if (!indent) return `${open}${parts.join(', ')}${close}`
  const [inner, outer] = ['    '.repeat(depth), '    '.repeat(depth - 1)]
  return `${open}\n${parts.map(part => inner + part).join(',\n')}\n${outer}${close}`
}

/** Modules that are there to show something: their result is printed however quiet the run is. */
const SHOWN = new Set(['debug', 'assert'])

type AnyResult = HostResult | ItemResult

/** `assert` with `quiet` says nothing when all is well. */
const isQuiet = (event: AnyResult): boolean =>
  event.action === 'assert' && event.status === 'ok' && !('msg' in event.result)

/** Of a loop the turns are shown at length, its end is not. */
const isLoopEnd = (event: AnyResult): boolean => event.type === 'host-result' && (event.items ?? 0) > 0

/** Whether the result itself is printed behind `ok:` and `changed:`. */
export const showsResult = (event: AnyResult, verbosity: number): boolean =>
  verbosity > 0 || (SHOWN.has(event.action) && !isQuiet(event))

/** What of a result is printed: of `debug` only what it was asked to show; the diff and the arguments when asked for. */
function abridged(event: AnyResult, verbosity: number): Record<string, unknown> {
  // Warnings are lines of their own, and the line says whether it was skipped
  const hidden = new Set(['exception', 'warnings', 'skipped', ...(verbosity < 3 ? ['diff', 'invocation'] : [])])
  if (event.action === 'debug') {
    if ('msg' in event.result) return { msg: event.result['msg'] }
    for (const key of ['changed', 'failed', 'invocation', 'skip_reason']) hidden.add(key)
  }
  return Object.fromEntries(Object.entries(event.result).filter(([key]) => !hidden.has(key)))
}

/** Lists of lines that stand there as one text already. */
const withoutLines = (shown: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(shown).map(([key, value]) =>
      (key === 'stdout_lines' || key === 'stderr_lines') && Array.isArray(value) ? [key, '<omitted>'] : [key, value],
    ),
  )

/** A result as Ansible prints it: JSON, indented where people are meant to read it, or YAML below its line. */
export function resultText(event: AnyResult, { verbosity, results }: View): string {
  const shown = { ...abridged(event, verbosity) }
  if (
    (event.status === 'failed' || event.status === 'unreachable') &&
    shown['msg'] === undefined &&
    event.msg !== undefined
  )
    shown['msg'] = event.msg
  if (results === 'yaml') return visible(clip(yamlBelow(withoutLines(shown)), LONGEST))
  const indent = verbosity > 2 || (SHOWN.has(event.action) && !isLoopEnd(event)) || results === 'pretty'
  return visible(clip(pythonJson(shown, indent), LONGEST))
}

/** Where a failure comes from and what to do about it, as lines below it. */
export const adviceOf = ({ origin, remedy }: AnyResult): string[] => [
  ...(origin === undefined ? [] : [`  origin: ${visibleLine(origin)}`]),
  ...(remedy === undefined ? [] : [`  remedy: ${visible(remedy).replaceAll('\n', '\n  ')}`]),
]

/** The diff of a change: unified where whole texts are known, else one line for each thing that differs. */
export function diffText(changes: readonly Change[], { paint, diffContext = 3, diffLongest }: View): string {
  const longest = diffLongest ?? LONGEST_DIFF
  return changes
    .map(change => {
      if (!change.texts) return fieldLine(change, paint)
      const { before, after } = change.texts
      // 0 is no limit.
      if (longest > 0 && Math.max(before.length, after.length) > longest)
        return `  ${visibleLine(change.what)}: diff skipped, it is longer than ${longest} characters`
      const old = change.from === 'absent' ? 'before' : `before: ${visibleLine(change.what)}`
      const lines = unified(before, after, [old, `after: ${visibleLine(change.what)}`], diffContext)
      return lines.length === 0 ? fieldLine(change, paint) : `${lines.map(line => paintLine(line, paint)).join('\n')}\n`
    })
    .join('\n')
}

const fieldLine = ({ what, from, to }: Change, paint: Paint): string =>
  `  ${visibleLine(what)}: ${paint(visibleLine(from), 'diff_remove')} -> ${paint(visibleLine(to), 'diff_add')}`

function paintLine(line: string, paint: Paint): string {
  const tone = line.startsWith('+')
    ? 'diff_add'
    : line.startsWith('-')
      ? 'diff_remove'
      : line.startsWith('@@')
        ? 'diff_lines'
        : 'plain'
  return paint(visible(line), tone)
}
