import { type Value, Vaulted } from '../base/value.ts'
import type { Node } from '../source/node.ts'
import type { Expr } from './ast.ts'
import type { Frame } from './frame.ts'

/** Filters and tests whose business a vaulted value is as it stands in its file, not what is in it. */
const OF_VAULTS: ReadonlySet<string> = new Set(['vault_encrypted', 'unvault'])

/** What a name, or an attribute or item of one, was written as; undefined for everything that is computed. */
function written(node: Expr, frame: Frame): Node | undefined {
  if (node.kind === 'name') return frame.written(node.name)
  const key =
    node.kind === 'attribute'
      ? node.name
      : node.kind === 'item' && node.key.kind === 'constant'
        ? node.key.value
        : undefined
  if (key === undefined || (node.kind !== 'attribute' && node.kind !== 'item')) return undefined
  const object = written(node.object, frame)
  if (object?.kind === 'mapping') return object.entries.findLast(entry => entry.key.value === key)?.value
  return object?.kind === 'sequence' && typeof key === 'number' ? object.items.at(key) : undefined
}

/**
 * The value under a filter or test when it is a `!vault` one that this filter or test wants unopened; undefined when it is to be
 * evaluated as ever.
 * @param name the filter's or test's, with its collection or without
 */
export function sealed(name: string, input: Expr, frame: Frame): Value | undefined {
  if (!OF_VAULTS.has(name.slice(name.lastIndexOf('.') + 1))) return undefined
  const node = written(input, frame)
  return node?.kind === 'scalar' && node.value instanceof Vaulted ? node.value : undefined
}
