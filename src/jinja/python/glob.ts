import { existsSync, readdirSync, statSync } from 'node:fs'
import { posix } from 'node:path'

/** The pattern of a shell as a regular expression. */
function globRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\[!?[^\]]*\]|[\s\S]/g, part => {
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
    return part.replace(/[.+^${}()|[\]\\/]/, '\\$&')
  })
  return new RegExp(`^(?!\\.)${source}$`)
}

/** The plain files of a directory whose names match a shell's pattern, by name; none when there is no such directory. */
export function matching(directory: string, pattern: string): string[] {
  if (!existsSync(directory)) return []
  const wanted = globRegExp(pattern)
  return readdirSync(directory)
    .filter(name => wanted.test(name))
    .sort()
    .map(name => posix.join(directory, name))
    .filter(path => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
}
