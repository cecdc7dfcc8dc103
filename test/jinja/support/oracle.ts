import type { Value } from '../../../src/base/value.ts'
import { evaluate, renderText } from '../../../src/jinja/engine.ts'
import { TemplateError } from '../../../src/jinja/errors.ts'
import { decodeTyped } from '../../../src/jinja/formats/typed-json.ts'
import type { Scope } from '../../../src/jinja/options.ts'
import { equals } from '../../../src/jinja/python/compare.ts'
import { isFloat } from '../../../src/jinja/python/numbers.ts'
import { repr, typeName } from '../../../src/jinja/python/text.ts'

/** A case with Python's answer: E is an expression and its value, T a template and its text. */
export interface OracleCase {
  readonly kind: 'E' | 'T'
  readonly source: string
  readonly v?: unknown
  readonly err?: string
}

export interface Oracle {
  readonly context: Readonly<Record<string, unknown>>
  readonly templates: Readonly<Record<string, string>>
  readonly cases: readonly OracleCase[]
}

/** The oracle's context is plain JSON in which numbers with a point are floats. */
export function context(data: unknown): Value {
  if (Array.isArray(data)) return data.map(context)
  if (typeof data === 'object' && data !== null)
    return new Map(Object.entries(data).map(([key, value]) => [key, context(value)]))
  return data as Value
}

export const scopeOf = (data: Readonly<Record<string, unknown>>): Scope => {
  const values = new Map(Object.entries(data).map(([key, value]) => [key, context(value)]))
  return { get: name => values.get(name), names: () => values.keys() }
}

/** Equal in value and in type: 1, 1.0 and True are three things here. */
function identical(left: Value, right: Value): boolean {
  if (typeName(left) !== typeName(right)) return false
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => identical(item, right[index] ?? null))
  }
  if (left instanceof Map && right instanceof Map) {
    const [a, b] = [[...left], [...right]]
    return (
      a.length === b.length &&
      a.every(([key, value], index) => identical(key, b[index]?.[0] ?? null) && identical(value, b[index]?.[1] ?? null))
    )
  }
  if (isFloat(left) && isFloat(right)) return repr(left) === repr(right)
  return equals(left, right)
}

/** What is wrong with our answer to a case; undefined when it is Python's. */
export function disagreement(
  each: OracleCase,
  oracle: Oracle,
  extra: Parameters<typeof evaluate>[2] = {},
): string | undefined {
  const scope = scopeOf(oracle.context)
  const loader = (name: string) => {
    const text = Object.hasOwn(oracle.templates, name) ? oracle.templates[name] : undefined
    return text === undefined ? null : { text, file: name }
  }
  const options = { loader, noneText: 'None', keepTrailingNewline: true, ...extra }
  let answer: Value
  try {
    answer = each.kind === 'E' ? evaluate(each.source, scope, options) : renderText(each.source, scope, options)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return each.err === undefined ? `threw ${error.message}; Python has ${JSON.stringify(each.v)}` : undefined
  }
  if (each.err !== undefined) return `gave ${repr(answer)}; Python raised ${each.err}`
  const wanted = decodeTyped(each.v)
  return identical(answer, wanted) ? undefined : `gave ${repr(answer)}; Python has ${repr(wanted)}`
}
