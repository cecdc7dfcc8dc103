import type { Value } from '../base/value.ts'
import { finalNode, type Node } from '../source/node.ts'
import { overlay } from '../source/overlay.ts'
import { allIn, type Found, type Layer, ValueLayer } from './layer.ts'
import type { Level } from './precedence.ts'
import { HostScope } from './scope.ts'

/** Nobody's dicts are laid below these: they are what they are. */
const ALONE: ReadonlySet<Level> = new Set(['local', 'magic'])

/** Levels of which the strongest definition counts alone, as blocks, tasks and includes inherit from each other without merging. */
const TOGETHER: ReadonlyMap<Level, string> = new Map([
  ['block vars', 'task'],
  ['task vars', 'task'],
  ['include params', 'include'],
])

/**
 * The scope under `hash_behaviour = merge`: where the strongest definition of a name is a dict, it is laid over the dicts of weaker
 * definitions, as they are written, down to the first that is none.
 */
export class MergingScope extends HostScope {
  override find(name: string): Found | undefined {
    const winner = super.find(name)
    return winner && this.laid(winner, name, this.layers)
  }

  override findAll(name: string): readonly Found[] {
    return marked(super.findAll(name))
  }

  override laid(winner: Found, name: string, layers: readonly Layer[]): Found {
    if (!takesPart(winner)) return winner
    const parts = marked(layers.flatMap(layer => allIn(layer, name))).filter(found => found.merged)
    if (parts.length === 0) return winner
    const node = [winner, ...parts].map(asNode).reduceRight((below, above) => overlay(below, above))
    const { level, origin, span = node.span } = winner
    return { level, origin, node, span }
  }

  override with(values: ReadonlyMap<string, Value>): MergingScope {
    return new MergingScope(this.host, [new ValueLayer('local', values), ...this.layers], this.trail, this.options)
  }
}

const isDict = ({ node, value }: Found): boolean => (node ? node.kind === 'mapping' : value instanceof Map)

const takesPart = (winner: Found): boolean => isDict(winner) && !ALONE.has(winner.level)

/** Definitions of a name, the winner first; those that it is laid over are marked. */
function marked(all: readonly Found[]): readonly Found[] {
  const [winner] = all
  if (!winner || !takesPart(winner)) return all
  let above = winner
  let open = true
  return all.map(found => {
    const group = TOGETHER.get(found.level)
    if (found === winner || (group !== undefined && group === TOGETHER.get(above.level))) return found
    open &&= isDict(found)
    if (!open) return found
    above = found
    return { ...found, merged: true }
  })
}

/** A definition as somebody wrote it, or as what is never rendered: values that came from a host are final. */
const asNode = ({ node, value, origin, span = { file: origin, line: 1, col: 1 } }: Found): Node =>
  node ?? finalNode(value ?? null, span)
