import type { Value } from '../../base/value.ts'
import { float } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { parseCsv } from '../formats/csv.ts'
import { parseIni } from '../formats/ini.ts'
import { mapping, optionalText, text, textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { items } from '../python/iterate.ts'
import { toText } from '../python/text.ts'

/** Rows of CSV as dicts by the names in the first row, or by those given. */
function fromCsv(value: Value, args: Bound, run: Runtime): Value {
  const dialect = textArgument(args, 'dialect')
  const signs: Readonly<Record<string, string>> = { excel: ',', unix: ',', 'excel-tab': '\t' }
  const sign = optionalText(args, 'delimiter') ?? (Object.hasOwn(signs, dialect) ? signs[dialect] : undefined)
  if (sign === undefined)
    throw failure(`from_csv knows no dialect '${dialect}'; it knows ${Object.keys(signs).join(', ')}`)
  const rows = parseCsv(text(value), sign)
  const given = args.value('fieldnames')
  const names = given === null ? (rows.shift() ?? []) : items(given, run).map(toText)
  return rows.map(row => new Map<Value, Value>(names.map((name, index) => [name, row[index] ?? null])))
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

/** Milliseconds of the units of time; a month has 30 days and a year 365. */
const UNITS: readonly (readonly [pattern: RegExp, milliseconds: number])[] = [
  [/^(?:ms|msecs?|milliseconds?)$/, 1],
  [/^(?:s|secs?|seconds?)$/, 1000],
  [/^(?:m|mins?|minutes?)$/, 60_000],
  [/^(?:h|hours?)$/, 3_600_000],
  [/^(?:d|days?)$/, 86_400_000],
  [/^(?:w|weeks?)$/, 604_800_000],
  [/^(?:mo|months?)$/, 2_592_000_000],
  [/^(?:y|years?)$/, 31_536_000_000],
]

function millisecondsOf(unit: string): number {
  const found = UNITS.find(([pattern]) => pattern.test(unit))
  if (!found) throw failure(`'${unit}' is no unit of time`)
  return found[1]
}

/** `1h 30m` in a unit. */
function inUnit(value: Value, unit: string): Value {
  const given = typeof value === 'string' ? value : `${toText(value)}`
  let total = 0
  for (const part of given.trim().split(/\s+/)) {
    const [, number, name] = /^(-?\d+(?:\.\d+)?)([a-z]+)$/i.exec(part) ?? []
    if (name === undefined) throw failure(`'${part}' in '${given}' is no number with a unit of time`)
    total += Number(number) * millisecondsOf(name.toLowerCase())
  }
  return float(Math.round((total / millisecondsOf(unit)) * 1e12) / 1e12)
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

const to = (unit: string) => native('**options', (value: Value) => inUnit(value, unit))

/** Tables, times and texts, as community.general has them. */
export const TABLE_FILTERS: Filters = {
  from_csv: native("dialect='excel', fieldnames=None, delimiter=None, skipinitialspace=None, strict=None", fromCsv),
  from_ini: native('', fromIni),
  to_ini: native('', toIni),
  to_time_unit: native("unit='ms', **options", (value, args) => inUnit(value, textArgument(args, 'unit'))),
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
