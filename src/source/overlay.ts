import type { Entry, Node, Scalar } from './node.ts'

/** A mapping over another, key by key, however deep; anything else takes the place of what is below. Keys that are below come first. */
export function overlay(below: Node, above: Node): Node {
  if (below.kind !== 'mapping' || above.kind !== 'mapping') return above
  const laid = new Map<Scalar['value'], Entry>(below.entries.map(entry => [entry.key.value, entry]))
  for (const entry of above.entries) {
    const under = laid.get(entry.key.value)
    laid.set(entry.key.value, under ? { ...entry, value: overlay(under.value, entry.value) } : entry)
  }
  return { ...above, entries: [...laid.values()] }
}
