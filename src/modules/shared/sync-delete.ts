import type { Removal } from '../../kit/effect.ts'
import type { Side } from '../../questions/sides.ts'
import type { Filter } from './sync-filter.ts'
import { belowOf, deepestFirst, deleting, parentOf, shown } from './sync-paths.ts'

/** What goes because the source has not got it, the deepest first, and what rsync says of it. */
export interface Leftovers {
  readonly remove: readonly Removal[]
  readonly lines: readonly string[]
}

/**
 * What stands at the goal besides. What a rule keeps stays, and directories that something stays in.
 * @param names what the source has
 * @param way what is taken away already, since something else comes there
 * @param used directories whose filter files kept something: grows while `kept` is asked
 */
export function leftovers(
  { items }: Side,
  names: readonly { readonly path: string; readonly directory: boolean }[],
  way: ReadonlySet<string>,
  { kept, used }: { readonly kept: Filter; readonly used: ReadonlySet<string> },
): Leftovers {
  const below = belowOf(items)
  const remove: Removal[] = []
  const lines: string[] = []
  const rules = (path: string): boolean => items.get(path)?.filter !== undefined
  /** Filter files come last: one that keeps something stays with it, or the next run would take that away. */
  const inside = (path: string): string[] =>
    (below.get(path) ?? []).toReversed().sort((a, b) => Number(rules(a)) - Number(rules(b)))
  /** Takes away what stands under a name; whether nothing of it stays. */
  const take = (path: string): boolean => {
    const directory = items.get(path)?.type === 'directory'
    if (kept(path, directory) || (rules(path) && used.has(parentOf(path)))) return false
    if (inside(path).filter(one => !take(one)).length > 0) {
      lines.push(`cannot delete non-empty directory: ${shown(path)}`)
      return false
    }
    remove.push({ path, directory })
    lines.push(deleting({ path, directory }))
    return true
  }
  const known = new Set(names.map(({ path }) => path))
  const doomed = names.flatMap(({ path, directory }) =>
    directory ? inside(path).filter(one => !known.has(one) && !way.has(one)) : [],
  )
  for (const path of doomed) if (!rules(path)) take(path)
  for (const path of doomed.filter(rules).sort((a, b) => deepestFirst({ path: a }, { path: b }))) take(path)
  return { remove, lines }
}
