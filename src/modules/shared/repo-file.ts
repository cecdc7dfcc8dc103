/** Options of a section, in order; a value of several lines has them parted by line feeds. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

/** What a file of repositories says, as Python's configparser understands it. Throws an Error that names the line it cannot read. */
export function sectionsOf(text: string): Sections {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let last: string | undefined
  for (const [number, line] of text.split('\n').entries()) {
    const bare = line.trim()
    if (/^[#;]/.test(bare)) continue
    if (bare === '') {
      if (section && last !== undefined) section.set(last, `${section.get(last)}\n`)
      continue
    }
    if (/^\s/.test(line) && section && last !== undefined) {
      section.set(last, `${section.get(last)}\n${bare}`)
      continue
    }
    const [, name] = /^\[(.+)\]/.exec(bare) ?? []
    if (name !== undefined) {
      section = sections.get(name) ?? new Map()
      sections.set(name, section)
      last = undefined
      continue
    }
    const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(bare) ?? []
    if (section === undefined || key === undefined)
      throw new Error(`line ${number + 1} is no option of a section: ${bare}`)
    last = key.toLowerCase()
    section.set(last, value ?? '')
  }
  for (const options of sections.values()) for (const [key, value] of options) options.set(key, value.trimEnd())
  return sections
}

/** The file with these sections. */
export const repoText = (sections: Sections): string =>
  [...sections]
    .map(([name, options]) => {
      const lines = [...options].map(([key, value]) => `${key} = ${value.replaceAll('\n', '\n\t')}\n`)
      return `[${name}]\n${lines.join('')}\n`
    })
    .join('')

/** Whether both say the same, whatever the order. */
export const sameSections = (a: Sections, b: Sections): boolean => sorted(a) === sorted(b)

const sorted = (sections: Sections): string =>
  JSON.stringify(
    [...sections].map(([name, options]) => [name, [...options].sort()] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
