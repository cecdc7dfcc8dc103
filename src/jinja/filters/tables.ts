import type { Value } from '../../base/value.ts'
import { float } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { parseCsv } from '../formats/csv.ts'
import { parseIni } from '../formats/ini.ts'
import { flagArgument, mapping, optionalText, text, textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { items } from '../python/iterate.ts'
import { roundTo } from '../python/numbers.ts'
import { toText } from '../python/text.ts'

/** Rows of CSV as dicts by the names in the first row, or by those given. */
function fromCsv(value: Value, args: Bound, run: Runtime): Value {
  const dialect = textArgument(args, 'dialect')
  const signs: Readonly<Record<string, string>> = { excel: ',', unix: ',', 'excel-tab': '\t' }
  const sign = optionalText(args, 'delimiter') ?? (Object.hasOwn(signs, dialect) ? signs[dialect] : undefined)
  if (sign === undefined)
    throw failure(`from_csv knows no dialect '${dialect}'; it knows ${Object.keys(signs).join(', ')}`)
  const rows = parseCsv(text(value).replace(/^\ufeff/, ''), sign, {
    skipInitialSpace: flagArgument(args, 'skipinitialspace'),
    strict: flagArgument(args, 'strict'),
  })
  const given = args.value('fieldnames')
  const names = given === null ? (rows.shift() ?? []) : items(given, run).map(toText)
  return rows.map(row => {
    const dict = new Map<Value, Value>(names.map((name, index) => [name, row[index] ?? null]))
    // Where Python puts what has no name
    if (row.length > names.length) dict.set(null, row.slice(names.length))
    return dict
  })
}

/** Sections of INI text as dicts. */
function fromIni(value: Value): Value {
  const sections = parseIni(text(value), { caseSensitive: false, bareNames: false })
  return new Map<Value, Value>([...sections].map(([name, section]) => [name, new Map<Value, Value>(section)]))
}

function toIni(value: Value): string {
  const sections = [...mapping(value, 'to_ini').entries()].map(([name, section]) => {
    const lines = [...mapping(section, 'to_ini').entries()].map(([key, item]) => `${toText(key)} = ${toText(item)}\n`)
    return `[${toText(name)}]\n${lines.join('')}`
  })
  return sections.map(section => `${section}\n`).join('')
}

const DAY = 86_400_000

/** Milliseconds of the units of time; a month has 30 days and a year 365, unless something else is said. */
const UNITS: readonly (readonly [pattern: RegExp, milliseconds: number, days?: 'month' | 'year'])[] = [
  [/^(?:ms|msecs?|mseconds?|milliseconds?)$/, 1],
  [/^(?:s|secs?|seconds?)$/, 1000],
  [/^(?:m|mins?|minutes?)$/, 60_000],
  [/^(?:h|hours?)$/, 3_600_000],
  [/^(?:d|days?)$/, DAY],
  [/^(?:w|weeks?)$/, 7 * DAY],
  [/^(?:mo|months?)$/, 30 * DAY, 'month'],
  [/^(?:y|years?)$/, 365 * DAY, 'year'],
]

/** How many days months and years are to have. */
function lengthsOf(args: Bound): ReadonlyMap<string, number> {
  const unknown = [...args.named.keys()].filter(name => name !== 'month' && name !== 'year')
  if (unknown.length > 0) throw failure(`to_time_unit() got unknown keyword arguments: ${unknown.join(', ')}`)
  return new Map([...args.named].map(([name, days]) => [name, Number(toText(days))]))
}

function millisecondsOf(unit: string, lengths: ReadonlyMap<string, number>): number | undefined {
  const found = UNITS.find(([pattern]) => pattern.test(unit))
  if (!found) return undefined
  const days = found[2] === undefined ? undefined : lengths.get(found[2])
  return days === undefined ? found[1] : days * DAY
}

/** `1h 30m` in a unit. */
function inUnit(value: Value, unit: string, args: Bound): Value {
  const given = toText(value)
  const lengths = lengthsOf(args)
  const size = millisecondsOf(unit, lengths)
  if (size === undefined) throw failure(`to_time_unit() can not convert to the following unit: ${unit}`)
  let total = 0
  for (const part of given.trim().split(/\s+/)) {
    const [, number, name] = /^(-?\d+(?:\.\d+)?)([a-z]+)$/i.exec(part) ?? []
    const each = name === undefined ? undefined : millisecondsOf(name.toLowerCase(), lengths)
    if (each === undefined)
      throw failure(`to_time_unit() can not interpret following string: ${given}; '${part}' is no number with a unit`)
    total += Number(number) * each
  }
  return float(roundTo(total / size, 12))
}

/** The checksum of zip and gzip. */
function crc32(value: Value): string {
  let sum = 0xffffffff
  for (const byte of Buffer.from(text(value))) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return ((sum ^ 0xffffffff) >>> 0).toString(16)
}

const FORMS: ReadonlySet<string> = new Set(['NFC', 'NFD', 'NFKC', 'NFKD'])

function normalised(value: Value, args: Bound): string {
  const form = textArgument(args, 'form')
  if (!FORMS.has(form)) throw failure(`'${form}' is no form of Unicode; there are ${[...FORMS].join(', ')}`)
  return text(value).normalize(form)
}

const to = (unit: string) => native('**options', (value: Value, args: Bound) => inUnit(value, unit, args))

/** Tables, times and texts, as community.general has them. */
export const TABLE_FILTERS: Filters = {
  from_csv: native("dialect='excel', fieldnames=None, delimiter=None, skipinitialspace=None, strict=None", fromCsv),
  from_ini: native('', fromIni),
  to_ini: native('', toIni),
  to_time_unit: native("unit='ms', **options", (value, args) => inUnit(value, textArgument(args, 'unit'), args)),
  to_milliseconds: to('ms'),
  to_seconds: to('s'),
  to_minutes: to('m'),
  to_hours: to('h'),
  to_days: to('d'),
  to_weeks: to('w'),
  to_months: to('mo'),
  to_years: to('y'),
  crc32: native('', crc32),
  unicode_normalize: native("form='NFC'", normalised),
}
