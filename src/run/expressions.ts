import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { toJson, type Value } from '../base/value.ts'
import { isTemplate } from '../jinja/engine.ts'
import { TemplateError } from '../jinja/errors.ts'
import { OMIT } from '../jinja/python/objects.ts'
import { toText, truthy } from '../jinja/python/text.ts'
import type { Expression } from '../kit/schema.ts'
import { type Node, type Scalar, scalar } from '../source/node.ts'
import { renderNode } from '../vars/render.ts'
import { ArgumentError } from './faults.ts'
import { conditionOf, madeOf, type Speech, truthOf } from './language.ts'

/** Values that are expressions: evaluated, with their text, so that a message can show both. */
export function expressions(node: Node, speech: Speech, whenUndefined?: string): Value {
  if (node.kind === 'sequence') return node.items.map(item => expressions(item, speech, whenUndefined))
  if (node.kind !== 'scalar') throw new ArgumentError([noExpression(node.span)])
  return whenUndefined === undefined ? conditions(node, speech) : shown(node, speech, whenUndefined)
}

const noExpression = (span: Span): Diagnostic => ({
  code: 'argument-value',
  severity: 'error',
  message: 'a mapping is not a string and conversion is not allowed: an expression is expected here',
  span,
  remedy: 'write the name of a variable, or an expression, without braces',
})

/** A condition as it is written; those of a list that a template names are made of data. */
function conditions(node: Scalar, speech: Speech): Value {
  const written = typeof node.value === 'string' ? node.value : node.text
  const value = typeof node.value === 'string' ? conditionOf(node.value, node.span, speech) : node.value
  if (!Array.isArray(value) || !isTemplate(written)) return expression(written, value, truthOf(value, node, speech))
  return value.map(item => {
    const part = { ...node, value: item, text: toText(item) } as Scalar
    const said = typeof item === 'string' ? madeOf(item, node.span, speech) : item
    return expression(part.text, said, truthOf(said, part, speech))
  })
}

/** Expressions that a template made along with all arguments: of data, as those of a list that one names. */
export function madeExpressions(value: Value, span: Span, speech: Speech, whenUndefined?: string): Value {
  if (Array.isArray(value)) return value.map(item => madeExpressions(item, span, speech, whenUndefined))
  if (value === OMIT) return value
  const text = toText(value)
  const said = (): Value => (typeof value === 'string' ? madeOf(value, span, speech) : value)
  if (whenUndefined === undefined) return expression(text, said(), truthOf(said(), scalar(text, span), speech))
  return shownAs(text, said, whenUndefined)
}

/** What `debug` shows: it may be named by a template, and may be undefined. */
function shown(node: Scalar, speech: Speech, whenUndefined: string): Value {
  const written = typeof node.value === 'string' ? node.value : node.text
  const named = isTemplate(written)
  const made = named ? renderNode(node, speech.scope, { ...speech.options, args: true }) : node.value
  if (made === OMIT) return OMIT
  if (typeof made !== 'string') return expression(written, made, truthy(made))
  return shownAs(named ? made : written, () => (named ? madeOf : conditionOf)(made, node.span, speech), whenUndefined)
}

const expression = (source: string, value: Value, truth: boolean, warning?: string): Value =>
  ({
    source,
    value: toJson(value),
    truthy: truth,
    ...(warning === undefined ? {} : { warning }),
  }) satisfies Expression as unknown as Value

/** What an expression evaluates to, or what it counts as where it is undefined or omitted: a value that is shown cannot be left out. */
function shownAs(source: string, evaluated: () => Value, whenUndefined: string): Value {
  try {
    const value = evaluated()
    if (value === OMIT) return expression(source, '<<Omit>>', true, `the value of '${source}' could not be omitted`)
    return expression(source, value, truthy(value))
  } catch (error) {
    if (!(error instanceof TemplateError) || error.code !== 'undefined-variable') throw error
    const text = whenUndefined.replace('{why}', () => error.fault)
    return expression(source, text, truthy(text), `'${source}' has no value: ${error.fault}`)
  }
}
