import { raw, type Script } from './script.ts'

/**
 * Asks a host for its time, in its own zone and as exactly as its `date` can: what is no number where nanoseconds belong
 * counts as none.
 */
export const NOW: Script = raw(`date '+%s %N %Y-%m-%d %H:%M:%S'`)

interface Moment {
  readonly seconds: number
  readonly micros: number
  readonly shown: string
}

function momentOf(said: string): Moment | undefined {
  const found = /^(\d+) (\S*) (\d+-\d\d-\d\d \d\d:\d\d:\d\d)\s*$/.exec(said)
  if (!found) return undefined
  const [, seconds = '', nanos = '', shown = ''] = found
  return { seconds: Number(seconds), micros: /^\d{9}$/.test(nanos) ? Number(nanos.slice(0, 6)) : 0, shown }
}

/** How Python writes microseconds: not at all when there are none. */
const fraction = (micros: number): string => (micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`)

/**
 * When something began and ended on a host, and how long it took, as Ansible writes it: `2026-01-31 09:17:19.011940` and
 * `0:00:00.011845`. Undefined when the host's `date` said nothing of use.
 * @param before and `after`: what `NOW` printed
 */
export function timesOf(before: string, after: string): { start: string; end: string; delta: string } | undefined {
  const [from, to] = [momentOf(before), momentOf(after)]
  if (!from || !to) return undefined
  const shown = ({ shown: text, micros }: Moment): string => text + fraction(micros)
  // A clock that was set back while the command ran makes no time negative
  const took = Math.max(0, (to.seconds - from.seconds) * 1_000_000 + to.micros - from.micros)
  return { start: shown(from), end: shown(to), delta: durationOf(took) }
}

function durationOf(micros: number): string {
  const whole = Math.floor(micros / 1_000_000)
  const [days, hours] = [Math.floor(whole / 86_400), Math.floor((whole % 86_400) / 3600)]
  const two = (number: number): string => String(number).padStart(2, '0')
  const clock = `${hours}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}${fraction(micros % 1_000_000)}`
  return days === 0 ? clock : `${days} day${days === 1 ? '' : 's'}, ${clock}`
}
