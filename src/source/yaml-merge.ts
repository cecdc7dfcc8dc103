import type { Diagnostic } from '../base/diagnostic.ts'
import type { Entry, Node } from './node.ts'

/**
 * The entries that the `<<` keys of one mapping bring, in PyYAML's order: of a list of mappings the first wins, so it comes
 * last; the caller puts the mapping's own entries behind these.
 */
export function mergeEntries(merges: readonly { node: Node; span: Node['span'] }[], faults: Diagnostic[]): Entry[] {
  return merges.flatMap(({ node, span }) => {
    if (node.kind === 'mapping') return [...node.entries]
    if (node.kind === 'sequence' && node.items.every(item => item.kind === 'mapping'))
      return node.items.toReversed().flatMap(item => (item.kind === 'mapping' ? [...item.entries] : []))
    faults.push({
      code: 'yaml-merge',
      severity: 'error',
      message: 'the merge key << takes a mapping or a list of mappings',
      span,
      remedy: 'write <<: *anchor, or quote the key "<<" if it is meant as text',
    })
    return []
  })
}
