import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { parseCsv } from '../formats/csv.ts'
import { type IniStyle, interpolated, parseIni } from '../formats/ini.ts'
import type { Lookup, LookupContext } from '../options.ts'
import { toText } from '../python/text.ts'
import { compilePattern } from '../regex/pattern.ts'
import { flag, keyAndOptions, load, type Options, opened, word } from './shared.ts'

const INI_OPTIONS = [
  'type',
  'file',
  'section',
  're',
  'encoding',
  'default',
  'case_sensitive',
  'allow_no_value',
  'allow_none',
  'interpolation',
]

/** Properties are INI without sections. */
function sectionOf(options: Options, context: LookupContext): ReadonlyMap<string, string | null> {
  const style: IniStyle = {
    caseSensitive: flag(options, 'case_sensitive', false),
    bareNames: flag(options, 'allow_no_value', flag(options, 'allow_none', false)),
  }
  const { text, file } = load(
    word(options, 'file') ?? 'ansible.ini',
    'ini',
    context,
    'files',
    word(options, 'encoding'),
  )
  const properties = word(options, 'type') === 'properties'
  const name = properties ? 'java_properties' : (word(options, 'section') ?? 'global')
  const sections = parseIni(properties ? `[${name}]\n${text}` : text, style)
  const section = sections.get(name)
  if (!section) throw failure(`No section '${name}' in ${file}; there are ${[...sections.keys()].join(', ')}`)
  if (!flag(options, 'interpolation', true)) return section
  return new Map([...section].map(([key, value]) => [key, value === null ? null : interpolated(value, section)]))
}

/** Values of an INI file, by the name, or by a regular expression for names. */
const ini: Lookup = {
  run: (terms, options, context) =>
    opened(terms).flatMap((term): Value[] => {
      const text = toText(term)
      const { key, given } = keyAndOptions('ini', text, options, INI_OPTIONS)
      if (key === '' && text.trim() !== '')
        throw failure(`No key to lookup was provided as first term with in string inline options: '${text}'`)
      const section = sectionOf(given, context)
      if (flag(given, 're', false)) {
        const pattern = compilePattern(key)
        return [...section].filter(([name]) => pattern.find(name, 0, true) !== null).map(([, value]) => value)
      }
      const found = section.get(flag(given, 'case_sensitive', false) ? key : key.toLowerCase())
      if (found === undefined) return [given.get('default') ?? '']
      // A name without a value gives nothing
      return found === null ? [] : [found]
    }),
}

const noKey = () => failure("Search key is required but was not found: the lookup 'csvfile' wants it first")

const CSV_OPTIONS = ['col', 'default', 'delimiter', 'file', 'encoding', 'keycol']

/** A column of the row of a CSV file whose first column is the key. */
const csvfile: Lookup = {
  run: (terms, options, context) => {
    if (terms.length === 0) throw noKey()
    return opened(terms).flatMap((term): Value[] => {
      const { key, given } = keyAndOptions('csvfile', toText(term), options, CSV_OPTIONS)
      if (key === '') throw noKey()
      const sign = word(given, 'delimiter') ?? 'TAB'
      const rows = parseCsv(
        load(word(given, 'file') ?? 'ansible.csv', 'csvfile', context, 'files', word(given, 'encoding')).text,
        sign === 'TAB' || sign === '\\t' ? '\t' : sign,
      )
      const [column, keyColumn] = [Number(word(given, 'col') ?? 1), Number(word(given, 'keycol') ?? 0)]
      const row = rows.find(each => each[keyColumn] === key)
      const found = row?.[column]
      if (row && found === undefined)
        throw failure(`the lookup 'csvfile' found no column ${column} in the row of '${key}'`)
      return found === undefined ? (given.get('default') === undefined ? [] : [given.get('default') ?? null]) : [found]
    })
  },
}

/** Lookups that read values from tables in files. */
export const TABLE_LOOKUPS: Readonly<Record<string, Lookup>> = { ini, csvfile }
