import type { Removal } from '../../kit/effect.ts'
import type { Item } from '../../questions/sides.ts'

/** A byte string as people read it. */
export const shown = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()

/** The line of rsync for what goes. */
export const deleting = ({ path, directory }: Removal): string => `*deleting   ${shown(path)}${directory ? '/' : ''}`

export const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0))

/** Whether a path is one below another. */
export const under = (path: string, above: string): boolean => above === '' || path.startsWith(`${above}/`)

/** What is below comes before what it is in. */
export const deepestFirst = (a: { readonly path: string }, b: { readonly path: string }): number =>
  a.path === b.path ? 0 : under(a.path, b.path) ? -1 : under(b.path, a.path) ? 1 : a.path < b.path ? 1 : -1

/** What stands in each directory: files before directories, in the order of bytes, as rsync tells of them. */
export function belowOf(items: ReadonlyMap<string, Item>): Map<string, string[]> {
  const below = new Map<string, string[]>()
  for (const { path } of items.values()) {
    if (path === '') continue
    const parent = parentOf(path)
    const names = below.get(parent)
    if (names) names.push(path)
    else below.set(parent, [path])
  }
  const rank = (path: string): number => (items.get(path)?.type === 'directory' ? 1 : 0)
  for (const names of below.values()) names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  return below
}
