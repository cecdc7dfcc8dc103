import type { Value } from '../../base/value.ts'
import { compare } from './compare.ts'

/** A stable sort by key; reversed, equal items keep their order, as in Python. Keys are made once. */
export function sorted<T>(list: readonly T[], reverse: boolean, key: (item: T) => Value = item => item as Value): T[] {
  const keyed = list.map(item => ({ item, key: key(item) }))
  keyed.sort((left, right) => (reverse ? compare(right.key, left.key) : compare(left.key, right.key)))
  return keyed.map(entry => entry.item)
}
