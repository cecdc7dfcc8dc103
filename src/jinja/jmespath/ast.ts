import type { Value } from '../../base/value.ts'

export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>='

/** A JMESPath expression. */
export type Node =
  | { readonly kind: 'current' }
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly parts: readonly (number | null)[] }
  /** The right side of what the left side gives. */
  | { readonly kind: 'sub'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'projection'; readonly over: 'list' | 'values'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'filter'; readonly left: Node; readonly right: Node; readonly test: Node }
  | { readonly kind: 'flatten'; readonly left: Node }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'hash'; readonly entries: readonly (readonly [key: string, value: Node])[] }
  | { readonly kind: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'not'; readonly operand: Node }
  | { readonly kind: 'compare'; readonly operator: Comparator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  /** `&expression`: an expression as the argument of a function. */
  | { readonly kind: 'reference'; readonly expression: Node }
