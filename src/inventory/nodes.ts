import type { Span } from '../base/span.ts'
import { Opaque, type Value } from '../base/value.ts'
import { type Node, type Scalar, scalar } from '../source/node.ts'

/** A value as a node, every part of it at the same place: for values that no YAML file holds (INI, scripts, arguments). */
export function toNode(value: Value, span: Span): Node {
  if (Array.isArray(value)) return { kind: 'sequence', items: value.map(item => toNode(item, span)), span }
  if (value instanceof Map)
    return {
      kind: 'mapping',
      entries: [...value].map(([key, item]) => ({ key: toScalar(key, span), value: toNode(item, span) })),
      span,
    }
  return toScalar(value, span)
}

function toScalar(value: Value, span: Span): Scalar {
  if (Array.isArray(value) || value instanceof Map || value instanceof Opaque)
    throw new TypeError('only scalars can be keys')
  return scalar(value, span)
}
