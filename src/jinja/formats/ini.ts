import { failure } from '../errors.ts'

/** The sections of an INI file, and the values in them; a name without a sign has no value. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string | null>>

export interface IniStyle {
  readonly caseSensitive: boolean
  /** Names may stand alone. */
  readonly bareNames: boolean
}

/** Reads what Python's configparser reads, without interpolation; what stands in DEFAULT is in every section. */
export function parseIni(text: string, { caseSensitive, bareNames }: IniStyle): Ini {
  const sections = new Map<string, Map<string, string | null>>()
  let section: Map<string, string | null> | undefined
  let name: string | undefined
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
    const title = /^\[([^\]]+)\]/.exec(line)?.[1]
    if (title !== undefined) {
      section = sections.get(title) ?? new Map(sections.get('DEFAULT'))
      sections.set(title, section)
      name = undefined
      continue
    }
    const [, key, sign, content = ''] = /^(.*?)\s*(?:([=:])\s*([\s\S]*))?$/.exec(line) ?? []
    if (!section) throw failure(`line ${index + 1} of the INI file stands in no section: ${line}`)
    if (sign === undefined && !bareNames)
      throw failure(`line ${index + 1} of the INI file has neither = nor :: ${line}`)
    name = caseSensitive ? (key ?? '') : (key ?? '').toLowerCase()
    section.set(name, sign === undefined ? null : content)
  }
  return sections
}
