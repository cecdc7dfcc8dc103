import type { Span } from '../base/span.ts'
import { type Dict, type Float, Unsafe, type Value, type Vaulted } from '../base/value.ts'

/** A YAML value with its place in the file: what every reader of playbooks and inventories works on. */
export type Node = Scalar | Sequence | Mapping

export interface Scalar {
  readonly kind: 'scalar'
  readonly value: null | boolean | number | bigint | string | Float | Unsafe | Vaulted
  /** The text as it stands, without quotes and folding. */
  readonly text: string
  /** Written without quotes and without block style: `yes` may then be a boolean. */
  readonly plain: boolean
  readonly span: Span
  /** Of a keyword: what holds around it, and so here where this value is omitted. */
  readonly around?: Node
}

export interface Sequence {
  readonly kind: 'sequence'
  readonly items: readonly Node[]
  readonly span: Span
}

export interface Mapping {
  readonly kind: 'mapping'
  readonly entries: readonly Entry[]
  readonly span: Span
}

export interface Entry {
  readonly key: Scalar
  readonly value: Node
}

/** The value of a key, by the key's text. Merge keys are already merged. */
export const field = (node: Node, name: string): Node | undefined =>
  node.kind === 'mapping' ? node.entries.find(entry => entry.key.text === name)?.value : undefined

/** The node as a language value, positions forgotten. Later entries of equal keys win. */
export function toValue(node: Node): Value {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'sequence') return node.items.map(toValue)
  const out: Dict = new Map()
  for (const entry of node.entries) out.set(entry.key.value, toValue(entry.value))
  return out
}

/** All scalars below a node, keys left out. */
export function* scalarsIn(node: Node): Iterable<Scalar> {
  if (node.kind === 'scalar') yield node
  else if (node.kind === 'sequence') for (const item of node.items) yield* scalarsIn(item)
  else for (const { value } of node.entries) yield* scalarsIn(value)
}

/** A scalar that nobody wrote: a default, a free-form word. Its place is the place of what it came from. */
export const scalar = (value: Scalar['value'], span: Span): Scalar => ({
  kind: 'scalar',
  value,
  text: value === null ? '' : String(value),
  plain: false,
  span,
})

/** A value as a node that is never rendered: it was, or came from a host. */
export function finalNode(value: Value, span: Span): Node {
  if (Array.isArray(value)) return { kind: 'sequence', items: value.map(item => finalNode(item, span)), span }
  if (value instanceof Map)
    return {
      kind: 'mapping',
      entries: [...value].map(([key, item]) => ({ key: finalScalar(key, span), value: finalNode(item, span) })),
      span,
    }
  if (typeof value === 'string' && value.includes('{')) return { ...scalar(value, span), value: new Unsafe(value) }
  return finalScalar(value, span)
}

const finalScalar = (value: Value, span: Span): Scalar => scalar(value as Scalar['value'], span)
