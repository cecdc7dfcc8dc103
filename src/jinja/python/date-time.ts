import type { Value } from '../../base/value.ts'
import { float } from '../../base/value.ts'
import type { BinaryOperator } from '../ast.ts'
import { failure } from '../errors.ts'
import { textArgument } from './arguments.ts'
import { NativeFunction, native, own } from './callable.ts'
import { Reckoning } from './operators.ts'

const two = (number: number): string => String(number).padStart(2, '0')
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAY = 86_400_000

/** A time of day on a date, without a zone, as Python's naive datetime; held as milliseconds as if it were UTC. */
export interface Moment {
  readonly time: number
  /** Microseconds within the second. */
  readonly micro: number
  /** Minutes east of Greenwich and the zone's name, where they are known. */
  readonly offset?: number
  readonly zone?: string
}

const dayOfYear = (date: Date): number => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1

/** Week of the year, with weeks beginning on `first` (0 Sunday, 1 Monday). */
const weekOfYear = (date: Date, first: number): number =>
  Math.floor((dayOfYear(date) + 6 - ((date.getUTCDay() - first + 7) % 7)) / 7)

/** ISO 8601 year and week. */
function isoWeek(date: Date): [year: number, week: number] {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY)
  return [thursday.getUTCFullYear(), Math.ceil(dayOfYear(thursday) / 7)]
}

/** Hours and minutes east of Greenwich; nothing where the zone is not known. */
function zoneText(offset: number | undefined, sign: string): string {
  if (offset === undefined) return ''
  const size = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${sign}${two(size % 60)}`
}

const FIELDS: Readonly<Record<string, (date: Date, moment: Moment) => string>> = {
  Y: date => String(date.getUTCFullYear()),
  y: date => two(date.getUTCFullYear() % 100),
  C: date => two(Math.floor(date.getUTCFullYear() / 100)),
  m: date => two(date.getUTCMonth() + 1),
  d: date => two(date.getUTCDate()),
  e: date => String(date.getUTCDate()).padStart(2),
  H: date => two(date.getUTCHours()),
  I: date => two(date.getUTCHours() % 12 || 12),
  M: date => two(date.getUTCMinutes()),
  S: date => two(date.getUTCSeconds()),
  f: (_date, { micro }) => String(micro).padStart(6, '0'),
  p: date => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  j: date => String(dayOfYear(date)).padStart(3, '0'),
  a: date => (DAYS[date.getUTCDay()] ?? '').slice(0, 3),
  A: date => DAYS[date.getUTCDay()] ?? '',
  b: date => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
  h: date => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
  B: date => MONTHS[date.getUTCMonth()] ?? '',
  u: date => String(date.getUTCDay() || 7),
  w: date => String(date.getUTCDay()),
  U: date => two(weekOfYear(date, 0)),
  W: date => two(weekOfYear(date, 1)),
  V: date => two(isoWeek(date)[1]),
  G: date => String(isoWeek(date)[0]),
  s: (date, { offset = 0 }) => String(Math.floor(date.getTime() / 1000) - offset * 60),
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
  z: (_date, { offset }) => zoneText(offset, ''),
  ':z': (_date, { offset }) => zoneText(offset, ':'),
  Z: (_date, { zone = '' }) => zone,
}
const COMPOSED: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  D: '%m/%d/%y',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  c: '%a %b %e %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
}

/** C's strftime in the C locale. */
export function formatMoment(format: string, moment: Moment): string {
  const date = new Date(moment.time)
  return format.replace(/%(-?)(:z|[\s\S])/g, (whole, bare: string, letter: string) => {
    const composed = COMPOSED[letter]
    if (composed !== undefined) return formatMoment(composed, moment)
    const text = FIELDS[letter]?.(date, moment)
    if (text === undefined) return whole
    return bare ? text.replace(/^[0 ]+(?=\d)/, '') : text
  })
}

const NAMES = (list: readonly string[], length?: number): string => list.map(name => name.slice(0, length)).join('|')
const PARSERS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d{2})',
  m: '(?<m>1[0-2]|0?[1-9])',
  d: '(?<d>3[01]|[12]\\d|0?[1-9])',
  e: ' ?(?<e>\\d{1,2})',
  H: '(?<H>2[0-3]|[01]?\\d)',
  I: '(?<I>1[0-2]|0?[1-9])',
  M: '(?<M>[0-5]?\\d)',
  S: '(?<S>6[01]|[0-5]?\\d)',
  f: '(?<f>\\d{1,6})',
  p: '(?<p>am|pm)',
  j: '(?<j>\\d{1,3})',
  b: `(?<b>${NAMES(MONTHS, 3)})`,
  B: `(?<b>${NAMES(MONTHS)})`,
  a: `(?:${NAMES(DAYS, 3)})`,
  A: `(?:${NAMES(DAYS)})`,
  z: '(?<z>Z|[-+]\\d\\d:?\\d\\d)',
  Z: '(?:UTC|GMT|[A-Z]{3,4})',
  '%': '%',
}

const LONGEST_FORMAT = 1000

/** Python's `datetime.strptime`. */
export function parseMoment(text: string, format: string): Moment {
  if (format.length > LONGEST_FORMAT) throw failure('the format of the time is too long', 'template-limit')
  const full = format.replace(/%([FTDR])/g, (_whole, letter: string) => COMPOSED[letter] ?? '')
  const seen = new Set<string>()
  const source = full.replace(/%([\s\S])|\s+|[.*+?^${}()|[\]\\]/g, (whole, letter?: string) => {
    if (letter === undefined) return /^\s/.test(whole) ? '\\s+' : `\\${whole}`
    const parser = PARSERS[letter]
    if (parser === undefined) throw failure(`'${letter}' is a bad directive in format '${format}'`)
    if (letter !== '%' && seen.has(letter)) throw failure(`'%${letter}' stands twice in format '${format}'`)
    seen.add(letter)
    return parser
  })
  const found = new RegExp(`^${source}$`, 'i').exec(text)?.groups
  if (!found && !new RegExp(`^${source}$`, 'i').test(text))
    throw failure(`time data '${text}' does not match format '${format}'`)
  const number = (name: string, fallback: number): number => Number(found?.[name] ?? fallback)
  const month =
    found?.['b'] === undefined
      ? number('m', 1) - 1
      : MONTHS.findIndex(name => name.toLowerCase().startsWith((found['b'] ?? '').toLowerCase().slice(0, 3)))
  const short = found?.['y'] === undefined ? undefined : Number(found['y'])
  const year = short === undefined ? number('Y', 1900) : short + (short < 69 ? 2000 : 1900)
  const afternoon = found?.['p']?.toLowerCase() === 'pm' ? 12 : 0
  const hour = found?.['I'] === undefined ? number('H', 0) : (number('I', 0) % 12) + afternoon
  const day = found?.['e'] === undefined ? number('d', 1) : number('e', 1)
  const time = Date.UTC(year, month, day, hour, number('M', 0), number('S', 0))
  if (new Date(time).getUTCDate() !== day) throw failure('day is out of range for month')
  return { time, micro: Number((found?.['f'] ?? '0').padEnd(6, '0')) }
}

/** Python's datetime. */
export class DateTime extends Reckoning {
  readonly type = 'datetime'
  readonly moment: Moment
  constructor(moment: Moment) {
    super()
    this.moment = moment
  }
  /** Microseconds since 1970. */
  get micros(): number {
    return this.moment.time * 1000 + this.moment.micro
  }
  override compare(other: Value): number | undefined {
    return other instanceof DateTime ? this.micros - other.micros : undefined
  }
  reckon(operator: BinaryOperator, other: Value): Value | undefined {
    if (operator === '-' && other instanceof DateTime) return new TimeDelta(this.micros - other.micros)
    if (!(other instanceof TimeDelta) || (operator !== '+' && operator !== '-')) return undefined
    const micros = this.micros + (operator === '+' ? other.micros : -other.micros)
    return new DateTime({
      ...this.moment,
      time: Math.floor(micros / 1_000_000) * 1000,
      micro: ((micros % 1_000_000) + 1_000_000) % 1_000_000,
    })
  }
  override attribute(name: string): Value | undefined {
    const date = new Date(this.moment.time)
    const part = own(PARTS, name)
    if (part) return part(date, this.moment)
    const method = own(METHODS, name)
    return method && new NativeFunction(name, method, this)
  }
  repr(): string {
    return formatMoment(this.moment.micro === 0 ? '%Y-%m-%d %H:%M:%S' : '%Y-%m-%d %H:%M:%S.%f', this.moment)
  }
}

const PARTS: Readonly<Record<string, (date: Date, moment: Moment) => number>> = {
  year: date => date.getUTCFullYear(),
  month: date => date.getUTCMonth() + 1,
  day: date => date.getUTCDate(),
  hour: date => date.getUTCHours(),
  minute: date => date.getUTCMinutes(),
  second: date => date.getUTCSeconds(),
  microsecond: (_date, { micro }) => micro,
}

/** Milliseconds since 1970 of a naive time read as the controller's own. */
const localTime = ({ time }: Moment): number => {
  const date = new Date(time)
  return new Date(
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ).getTime()
}

const moment = (self: Value): Moment => (self instanceof DateTime ? self.moment : { time: 0, micro: 0 })

const METHODS: Readonly<Record<string, ReturnType<typeof native<Value>>>> = {
  strftime: native('format', (self, args) => formatMoment(textArgument(args, 'format'), moment(self))),
  isoformat: native("sep='T'", (self, args) => {
    const { micro } = moment(self)
    return formatMoment(`%Y-%m-%d${textArgument(args, 'sep')}%H:%M:%S${micro === 0 ? '' : '.%f'}`, moment(self))
  }),
  timestamp: native('', self => float((localTime(moment(self)) * 1000 + moment(self).micro) / 1_000_000)),
  weekday: native('', self => (new Date(moment(self).time).getUTCDay() + 6) % 7),
  isoweekday: native('', self => new Date(moment(self).time).getUTCDay() || 7),
  date: native('', self => new DateTime({ time: Math.floor(moment(self).time / DAY) * DAY, micro: 0 })),
}

/** Python's timedelta. */
export class TimeDelta extends Reckoning {
  readonly type = 'timedelta'
  readonly micros: number
  constructor(micros: number) {
    super()
    this.micros = micros
  }
  get days(): number {
    return Math.floor(this.micros / (DAY * 1000))
  }
  override compare(other: Value): number | undefined {
    return other instanceof TimeDelta ? this.micros - other.micros : undefined
  }
  reckon(operator: BinaryOperator, other: Value): Value | undefined {
    if (other instanceof DateTime && operator === '+') return other.reckon('+', this)
    if (!(other instanceof TimeDelta)) return undefined
    if (operator === '+') return new TimeDelta(this.micros + other.micros)
    return operator === '-' ? new TimeDelta(this.micros - other.micros) : undefined
  }
  override attribute(name: string): Value | undefined {
    const rest = this.micros - this.days * DAY * 1000
    if (name === 'days') return this.days
    if (name === 'seconds') return Math.floor(rest / 1_000_000)
    if (name === 'microseconds') return rest % 1_000_000
    if (name === 'total_seconds')
      return new NativeFunction(
        name,
        native('', () => float(this.micros / 1_000_000)),
      )
    return undefined
  }
  repr(): string {
    const rest = this.micros - this.days * DAY * 1000
    const seconds = Math.floor(rest / 1_000_000)
    const micro = rest % 1_000_000
    const days = this.days === 0 ? '' : `${this.days} day${Math.abs(this.days) === 1 ? '' : 's'}, `
    const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
    return days + clock + (micro === 0 ? '' : `.${String(micro).padStart(6, '0')}`)
  }
}

/** An instant (seconds since 1970) as a naive time, in UTC or in the controller's zone. */
export function momentOf(seconds: number, utc: boolean): Moment {
  const date = new Date(Math.floor(seconds) * 1000)
  const micro = Math.round((seconds - Math.floor(seconds)) * 1_000_000)
  if (utc) return { time: date.getTime(), micro, offset: 0, zone: 'UTC' }
  const offset = -date.getTimezoneOffset()
  const zone = /\(([^)]*)\)/.exec(date.toString())?.[1] ?? ''
  return { time: date.getTime() + offset * 60_000, micro, offset, zone }
}
