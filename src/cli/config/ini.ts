import type { Diagnostic } from '../../base/diagnostic.ts'

/** A value of an ini file, and the line of its key. */
export interface IniValue {
  readonly text: string
  readonly line: number
}

/** What an ini file says, by `section.key`, and the names of its sections with their lines. */
export interface Ini {
  readonly values: ReadonlyMap<string, IniValue>
  readonly sections: ReadonlyMap<string, number>
  readonly faults: readonly Diagnostic[]
}

/** A comment behind a value: a semicolon with a blank before it. `#` is part of a value. */
const withoutComment = (text: string): string => text.replace(/(^|\s);.*$/, '').trim()

/**
 * Reads the format of `ansible.cfg` as Python's configparser does: `[section]`, `key = value` or `key: value`, lines further in that go
 * on with the value above, `#` and `;` at the start of a line for comments. Keys are lower-cased, sections are not.
 */
export function readIni(text: string, file: string): Ini {
  const values = new Map<string, IniValue>()
  const sections = new Map<string, number>()
  const faults: Diagnostic[] = []
  let section: string | undefined
  let last: { name: string; indent: number } | undefined
  const refuse = (line: number, message: string, remedy: string) =>
    faults.push({ code: 'settings-syntax', severity: 'error', message, span: { file, line, col: 1 }, remedy })

  for (const [i, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = i + 1
    if (/^\s*[#;]/.test(raw)) continue
    const said = withoutComment(raw)
    const indent = raw.search(/\S/)
    if (said === '') continue
    if (last && indent > last.indent) {
      const known = values.get(last.name)
      if (known) values.set(last.name, { ...known, text: `${known.text}\n${said}`.trim() })
      continue
    }
    const head = /^\[([^\]]+)\]/.exec(said)
    if (head?.[1] !== undefined) {
      section = head[1]
      last = undefined
      if (sections.has(section))
        refuse(line, `the section [${section}] is there twice`, 'write its keys under the first one')
      else sections.set(section, line)
      continue
    }
    const [, key, value = ''] = /^([^=:]+?)\s*[=:]\s*([\s\S]*)$/.exec(said) ?? []
    if (key === undefined)
      refuse(line, `this is neither a section nor a key: ${said}`, 'write [section], or key = value')
    else if (section === undefined) refuse(line, `the key ${key} stands in no section`, 'write [defaults] above it')
    else {
      const name = `${section}.${key.toLowerCase()}`
      if (values.has(name)) refuse(line, `${key} is there twice`, 'keep one of them')
      values.set(name, { text: value, line })
      last = { name, indent }
    }
  }
  return { values, sections, faults }
}
