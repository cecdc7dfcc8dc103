import { PYTHON_CONTROLS } from '../../base/python-escape.ts'
import { failure } from '../errors.ts'
import { type Compiled, findAll, type Match } from './pattern.ts'

const ESCAPE = /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-7][0-7]{2})|([1-9]\d?)|([\s\S])|$)/g
/** A match of no group, by which a replacement is judged before there is any. */
const NO_MATCH: Match = { start: 0, end: 0, groups: [] }

/** What a group took; empty when it took no part. */
export function groupText(match: Match, name: string, regex: Compiled): string {
  const index = /^\d+$/.test(name) ? Number(name) : regex.pattern.names.get(name)
  if (index === undefined) throw failure(`unknown group name '${name}'`)
  if (index > regex.pattern.groups) throw failure(`invalid group reference ${index}`)
  return match.groups[index] ?? ''
}

/** A replacement with its `\1`, `\g<name>` and escapes filled in. */
export function expanded(template: string, match: Match, regex: Compiled): string {
  if (!template.includes('\\')) return template
  return template.replace(ESCAPE, (whole, name?: string, octal?: string, number?: string, letter?: string) => {
    if (name !== undefined) return groupText(match, name, regex)
    if (octal !== undefined) return character(whole, Number.parseInt(octal, 8))
    if (number !== undefined) return groupText(match, number, regex)
    if (letter === undefined) throw failure('bad escape (end of pattern) in the replacement')
    const control = PYTHON_CONTROLS[letter]
    if (control === undefined && /[A-Za-z0-9]/.test(letter)) throw failure(`bad escape \\${letter} in the replacement`)
    return control ?? whole
  })
}

function character(written: string, code: number): string {
  if (code > 0o377) throw failure(`octal escape value ${written} outside of range 0-0o377`)
  return String.fromCodePoint(code)
}

/** Python's `re.subn`: at most `count` replacements, all when it is 0. A replacement that cannot be fails where nothing matches, too. */
export function substitute(
  regex: Compiled,
  replacement: string,
  text: string,
  count: number,
): { text: string; times: number } {
  expanded(replacement, NO_MATCH, regex)
  let [out, last, times] = ['', 0, 0]
  for (const match of findAll(regex, text)) {
    out += text.slice(last, match.start) + expanded(replacement, match, regex)
    last = match.end
    times += 1
    if (count > 0 && times >= count) break
  }
  return { text: out + text.slice(last), times }
}
