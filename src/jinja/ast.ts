import type { Value } from '../base/value.ts'

/** Arguments as written. */
export interface Arguments {
  readonly positional: readonly Expr[]
  readonly named: readonly { readonly name: string; readonly value: Expr }[]
  /** `*expression` and `**expression`. */
  readonly rest: Expr | null
  readonly namedRest: Expr | null
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

/** An expression; `at` is the UTF-16 offset of the place that an error in it should point to. */
export type Expr =
  | { readonly kind: 'constant'; readonly at: number; readonly value: Value }
  /** A template written as a string among the terms of a lookup. */
  | { readonly kind: 'embedded'; readonly at: number; readonly source: string }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'list' | 'tuple'; readonly at: number; readonly items: readonly Expr[] }
  | {
      readonly kind: 'dict'
      readonly at: number
      readonly pairs: readonly { readonly key: Expr; readonly value: Expr }[]
    }
  | { readonly kind: 'attribute'; readonly at: number; readonly object: Expr; readonly name: string }
  | { readonly kind: 'item'; readonly at: number; readonly object: Expr; readonly key: Expr }
  | SliceExpr
  | { readonly kind: 'call'; readonly at: number; readonly callee: Expr; readonly args: Arguments }
  | FilterExpr
  | {
      readonly kind: 'test'
      readonly at: number
      readonly input: Expr
      readonly name: string
      readonly args: Arguments
      readonly negated: boolean
    }
  | { readonly kind: 'not' | 'negative' | 'positive'; readonly at: number; readonly operand: Expr }
  | {
      readonly kind: 'binary'
      readonly at: number
      readonly operator: BinaryOperator
      readonly left: Expr
      readonly right: Expr
    }
  | { readonly kind: 'and' | 'or'; readonly at: number; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'concat'; readonly at: number; readonly parts: readonly Expr[] }
  | {
      readonly kind: 'compare'
      readonly at: number
      readonly first: Expr
      readonly rest: readonly { readonly operator: Comparison; readonly value: Expr }[]
    }
  | {
      readonly kind: 'conditional'
      readonly at: number
      readonly test: Expr
      readonly then: Expr
      readonly otherwise: Expr | null
    }

export interface SliceExpr {
  readonly kind: 'slice'
  readonly at: number
  readonly start: Expr | null
  readonly stop: Expr | null
  readonly step: Expr | null
}

/** `input | name(args)`; without input it stands for what a filter block or a block set captured. */
export interface FilterExpr {
  readonly kind: 'filter'
  readonly at: number
  readonly input: Expr | null
  readonly name: string
  readonly args: Arguments
}

/** What `set`, `for` and `with` assign to. */
export type Target =
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'tuple'; readonly at: number; readonly items: readonly Target[] }
  | { readonly kind: 'member'; readonly at: number; readonly name: string; readonly member: string }

export interface Parameters {
  readonly names: readonly { readonly name: string; readonly fallback: Expr | null }[]
  /** True when the body uses `varargs`, `kwargs`, `caller`: only then does a macro take them. */
  readonly varargs: boolean
  readonly kwargs: boolean
  readonly caller: boolean
}

export type Body = readonly Stmt[]

export type Stmt =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'print'; readonly at: number; readonly value: Expr }
  | {
      readonly kind: 'for'
      readonly at: number
      readonly target: Target
      readonly over: Expr
      readonly filter: Expr | null
      readonly body: Body
      readonly otherwise: Body
      readonly recursive: boolean
    }
  | {
      readonly kind: 'if'
      readonly at: number
      readonly branches: readonly { readonly test: Expr; readonly body: Body }[]
      readonly otherwise: Body
    }
  | { readonly kind: 'set'; readonly at: number; readonly target: Target; readonly value: Expr }
  | {
      readonly kind: 'capture'
      readonly at: number
      readonly target: Target
      readonly filter: FilterExpr | null
      readonly body: Body
    }
  | {
      readonly kind: 'with'
      readonly at: number
      readonly bindings: readonly { readonly target: Target; readonly value: Expr }[]
      readonly body: Body
    }
  | {
      readonly kind: 'macro'
      readonly at: number
      readonly name: string
      readonly parameters: Parameters
      readonly body: Body
    }
  | {
      readonly kind: 'callblock'
      readonly at: number
      readonly parameters: Parameters
      readonly call: Expr
      readonly body: Body
    }
  | { readonly kind: 'filterblock'; readonly at: number; readonly filter: FilterExpr; readonly body: Body }
  | BlockStmt
  | { readonly kind: 'extends'; readonly at: number; readonly template: Expr }
  | {
      readonly kind: 'include'
      readonly at: number
      readonly template: Expr
      readonly ignoreMissing: boolean
      readonly context: boolean
    }
  | {
      readonly kind: 'import'
      readonly at: number
      readonly template: Expr
      readonly as: string
      readonly context: boolean
    }
  | {
      readonly kind: 'from'
      readonly at: number
      readonly template: Expr
      readonly names: readonly { readonly name: string; readonly as: string }[]
      readonly context: boolean
    }
  | { readonly kind: 'do'; readonly at: number; readonly value: Expr }
  | { readonly kind: 'break' | 'continue'; readonly at: number }
  | { readonly kind: 'autoescape'; readonly at: number; readonly enabled: Expr; readonly body: Body }

export interface BlockStmt {
  readonly kind: 'block'
  readonly at: number
  readonly name: string
  readonly scoped: boolean
  readonly required: boolean
  readonly body: Body
}

/** A template as parsed. */
export interface Template {
  readonly source: string
  readonly body: Body
  /** Every block in it by name, also the nested ones. */
  readonly blocks: ReadonlyMap<string, BlockStmt>
}
