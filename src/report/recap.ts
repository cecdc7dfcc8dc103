import type { Counts, CustomStats, Recap, RunEnd, Stats } from '../base/event.ts'
import { jsonLine } from '../base/value.ts'
import { bytes, duration } from './size.ts'
import { colourless, type Paint, type Tone } from './style.ts'
import { visibleLine } from './visible.ts'

const COLUMNS: readonly (readonly [keyof Counts, Tone])[] = [
  ['ok', 'ok'],
  ['changed', 'changed'],
  ['unreachable', 'unreachable'],
  ['failed', 'error'],
  ['skipped', 'skip'],
  ['rescued', 'ok'],
  ['ignored', 'warn'],
]

const toneOf = (counts: Counts): Tone =>
  counts.failed > 0 || counts.unreachable > 0 ? 'error' : counts.changed > 0 ? 'changed' : 'ok'

const byName = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))

/** The lines under `PLAY RECAP`, column for column as Ansible prints them: scripts read them. */
export function recapLines({ hosts }: Recap, paint: Paint): string[] {
  // Ansible pads a coloured name to 37 characters, escapes included, which is 26 that are seen.
  return byName(hosts).map(([host, counts]) => {
    const columns = COLUMNS.map(([key, tone]) => {
      const text = `${key}=${String(counts[key]).padEnd(4)}`
      return counts[key] === 0 ? text : paint(text, tone)
    })
    const shown = visibleLine(host)
    const name = paint === colourless ? shown : paint(shown, toneOf(counts))
    return `${name}${' '.repeat(Math.max(0, 26 - shown.length))} : ${columns.join(' ')}`
  })
}

/** What `set_stats` gathered: a line a host, and a line for the run after an empty one. */
export function customStatsText({ run, hosts }: CustomStats): string {
  const line = (who: string, values: Readonly<Record<string, unknown>>): string =>
    `\t${visibleLine(who)}: ${visibleLine(onOneLine(values))}\n`
  const whole = Object.keys(run).length > 0 ? `\n${line('RUN', run)}` : ''
  return (
    byName(hosts)
      .map(([host, values]) => line(host, values))
      .join('') + whole
  )
}

/** JSON indented by one, with the ends of lines gone: so Ansible prints statistics, and so scripts expect them. */
const onOneLine = (values: unknown): string => jsonLine(sorted(values), 1).replaceAll('\n', '')

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(byName(value as Readonly<Record<string, unknown>>).map(([key, item]) => [key, sorted(item)]))
      : value

/** What a run cost, a line a host. */
export const statsLines = ({ hosts }: Stats): string[] =>
  byName(hosts).map(([host, { handshakes, trips, bytesSent, bytesReceived }]) => {
    const many = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
    const went = `${bytes(bytesSent)} sent, ${bytes(bytesReceived)} received`
    return `${visibleLine(host).padEnd(26)} : ${many(handshakes, 'handshake')}, ${many(trips, 'round trip')}, ${went}`
  })

/** The last line: whether anything changed, and how long it took. */
export function endLine({ changed, ms }: RunEnd, check: boolean): string {
  const verb = check ? 'would change' : 'changed'
  const what = changed === 0 ? `nothing ${verb}` : `${changed} ${verb}`
  return `${what}, ${duration(ms)}`
}
