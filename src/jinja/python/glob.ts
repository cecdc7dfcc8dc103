import { readdirSync } from 'node:fs'
import { posix } from 'node:path'
import { statOf } from '../../base/stat.ts'
import { failure } from '../errors.ts'

/** What stands in the brackets of a shell's pattern, as a class; one that holds nothing matches nothing. */
function classOf(inside: string): string {
  const negated = inside.startsWith('!')
  const members = Array.from(negated ? inside.slice(1) : inside)
  const code = (at: number): number => members[at]?.codePointAt(0) ?? 0
  const unit = (at: number): string => `\\u{${code(at).toString(16)}}`
  let out = ''
  for (let at = 0; at < members.length; at++) {
    if (members[at + 1] !== '-' || at + 2 >= members.length) out += unit(at)
    else {
      if (code(at) <= code(at + 2)) out += `${unit(at)}-${unit(at + 2)}`
      at += 2
    }
  }
  return `[${negated ? '^' : ''}${out}]`
}

/** The pattern of a shell as a regular expression. */
function globRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\[(!?\]?[^\]]*)\]|[\s\S]/gu, (part, inside?: string) => {
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    return inside === undefined ? part.replace(/[.+^${}()|[\]\\/]/, '\\$&') : classOf(inside)
  })
  return new RegExp(`^(?!\\.)${source}$`, 'u')
}

/**
 * The plain files of a directory whose names match a shell's pattern, by name; none when there is no such directory.
 * @throws Failure where a NUL stands in either, as Python's scandir refuses it
 */
export function matching(directory: string, pattern: string): string[] {
  if (`${directory}${pattern}`.includes('\0')) throw failure('embedded null byte')
  if (!statOf(directory)?.isDirectory()) return []
  const wanted = globRegExp(pattern)
  return readdirSync(directory)
    .filter(name => wanted.test(name))
    .sort()
    .map(name => posix.join(directory, name))
    .filter(path => statOf(path)?.isFile() ?? false)
}
