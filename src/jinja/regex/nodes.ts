/** A Python regular expression, read. `source` of a set is a JavaScript class that matches one code point. */
export type Node =
  | { readonly kind: 'set'; readonly source: string; readonly ignoreCase: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'group'; readonly index: number; readonly body: Node }
  | { readonly kind: 'atomic'; readonly body: Node }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negated: boolean; readonly body: Node }
  | {
      readonly kind: 'repeat'
      readonly min: number
      readonly max: number
      readonly greedy: boolean
      readonly body: Node
    }
  | { readonly kind: 'assert'; readonly what: Assertion; readonly word: string }
  | { readonly kind: 'back'; readonly index: number; readonly ignoreCase: boolean }
  | { readonly kind: 'conditional'; readonly index: number; readonly yes: Node; readonly no: Node }

/** start and end are of the text; `line*` are what `^` and `$` mean with (?m); `last` is `$` without it. */
export type Assertion = 'start' | 'end' | 'last' | 'lineStart' | 'lineEnd' | 'boundary' | 'notBoundary'

export interface Pattern {
  readonly source: string
  readonly body: Node
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
}

export interface Flags {
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly verbose: boolean
  readonly ascii: boolean
}
