import { isDeepStrictEqual } from 'node:util'
import type { Edit } from '../../kit/plan.ts'
import type { Rehearsed } from '../../questions/transactions.ts'

/** Wishes that differ by their names only, as one wish for all of the names; undefined when they differ otherwise, or want everything. */
export function joinedNames<T extends { readonly name?: readonly string[] | undefined }>(
  wishes: readonly T[],
): T | undefined {
  const [first] = wishes
  if (
    first === undefined ||
    !wishes.every(
      wish => wish.name && !wish.name.includes('*') && isDeepStrictEqual({ ...wish, name: first.name }, first),
    )
  )
    return undefined
  return { ...first, name: [...new Set(wishes.flatMap(wish => wish.name ?? []))] }
}

/**
 * What is left of a rehearsal once packages came and went that other rehearsals name. Undefined when one of its packages is to be in
 * another version by then: that has to be asked anew.
 */
export function left<R extends Rehearsed>(would: R, edits: readonly Edit[]): R | undefined {
  const made = new Map(edits.map(({ what, to }) => [what, to]))
  const shared = would.steps.filter(({ name }) => made.has(name))
  if (shared.some(({ name, to }) => made.get(name) !== to)) return undefined
  return { ...would, steps: would.steps.filter(step => !shared.includes(step)) }
}

/** The same of the answers of a module that asks for a rehearsal only. */
export const afterwards = <R extends Rehearsed>(
  _: unknown,
  { would }: { readonly would: R },
  edits: readonly Edit[],
): { would: R } | undefined => {
  const rest = left(would, edits)
  return rest && { would: rest }
}
