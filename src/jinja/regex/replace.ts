import { failure } from '../errors.ts'
import { type Compiled, findAll, type Match } from './pattern.ts'

const ESCAPE = /\\(?:g<([^>]*)>|([1-9]\d?)|(0[0-7]{0,2})|([\s\S])|$)/g
const CONTROL: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

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
  return template.replace(ESCAPE, (whole, name?: string, number?: string, octal?: string, letter?: string) => {
    if (name !== undefined) return groupText(match, name, regex)
    if (number !== undefined) return groupText(match, number, regex)
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    if (letter === undefined) throw failure('bad escape (end of pattern) in the replacement')
    const control = CONTROL[letter]
    if (control === undefined && /[A-Za-z0-9]/.test(letter)) throw failure(`bad escape \\${letter} in the replacement`)
    return control ?? whole
  })
}

/** Python's `re.subn`: at most `count` replacements, all when it is 0. */
export function substitute(
  regex: Compiled,
  replacement: string,
  text: string,
  count: number,
): { text: string; times: number } {
  let [out, last, times] = ['', 0, 0]
  for (const match of findAll(regex, text)) {
    out += text.slice(last, match.start) + expanded(replacement, match, regex)
    last = match.end
    times += 1
    if (count > 0 && times >= count) break
  }
  return { text: out + text.slice(last), times }
}
