import { failure } from '../errors.ts'

/** The sections of an INI file, and the values in them; a name without a sign has no value. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string | null>>

export interface IniStyle {
  readonly caseSensitive: boolean
  /** Names may stand alone. */
  readonly bareNames: boolean
}

/**
 * A value with `%(name)s` replaced by the section's values and `%%` by a sign, as Python's configparser has it.
 * @throws TemplateError for a sign that is neither, a name that lacks and values that name each other
 */
export function interpolated(value: string, section: ReadonlyMap<string, string | null>, depth = 0): string {
  if (depth > DEEPEST_INTERPOLATION) throw failure(`the values of the INI file name each other: ${value}`)
  return value.replace(/%(?:(%)|\(([^)]*)\)s|)/g, (sign, double: string | undefined, name: string | undefined) => {
    if (double !== undefined) return '%'
    if (name === undefined) throw failure(`'%' must be followed by '%' or '(name)s' in an INI file, found: ${value}`)
    const found = section.get(name) ?? section.get(name.toLowerCase())
    if (found === undefined || found === null) throw failure(`the INI file has no '${name}' for ${sign} in: ${value}`)
    return interpolated(found, section, depth + 1)
  })
}

const DEEPEST_INTERPOLATION = 10

/** Reads what Python's configparser reads, without interpolation; what stands in DEFAULT is in every section. */
export function parseIni(text: string, { caseSensitive, bareNames }: IniStyle): Ini {
  const sections = new Map<string, Map<string, string | null>>()
  let section: Map<string, string | null> | undefined
  let name: string | undefined
  let title = ''
  const own = new Set<string>()
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (/^[#;]/.test(line)) continue
    if (line === '') {
      name = undefined
      continue
    }
    const value = name === undefined ? undefined : section?.get(name)
    if (/^\s/.test(raw) && name !== undefined && typeof value === 'string') {
      section?.set(name, `${value}\n${line}`)
      continue
    }
    const begun = /^\[([^\]]+)\]/.exec(line)?.[1]
    if (begun !== undefined) {
      if (begun !== 'DEFAULT' && sections.has(begun))
        throw failure(`Duplicate section in line ${index + 1} of the INI file: '${begun}' was there before`)
      section = sections.get(begun) ?? new Map(sections.get('DEFAULT'))
      sections.set(begun, section)
      title = begun
      name = undefined
      continue
    }
    const place = line.search(/[=:]/)
    const sign = place < 0 ? undefined : line[place]
    const [key, content] = place < 0 ? [line, ''] : [line.slice(0, place).trimEnd(), line.slice(place + 1).trimStart()]
    if (!section) throw failure(`line ${index + 1} of the INI file stands in no section: ${line}`)
    if (sign === undefined && !bareNames)
      throw failure(`line ${index + 1} of the INI file has neither = nor :: ${line}`)
    name = caseSensitive ? key : key.toLowerCase()
    if (own.has(`${title}\0${name}`))
      throw failure(`Duplicate option in line ${index + 1} of the INI file: '${name}' in section '${title}'`)
    own.add(`${title}\0${name}`)
    section.set(name, sign === undefined ? null : content)
  }
  return sections
}
