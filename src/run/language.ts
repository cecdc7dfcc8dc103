import { at, type Span } from '../base/span.ts'
import type { Value } from '../base/value.ts'
import { checkSyntax, evaluate, isTemplate, render } from '../jinja/engine.ts'
import { NotNow, TemplateError } from '../jinja/errors.ts'
import { OMIT } from '../jinja/python/objects.ts'
import { toText, truthy } from '../jinja/python/text.ts'
import type { Node } from '../source/node.ts'
import { type NodeOptions, renderNode } from '../vars/render.ts'
import type { HostScope } from '../vars/scope.ts'
import { asBool } from '../vars/settings.ts'

/** A host's variables at one moment, with what rendering them needs. */
export interface Speech {
  readonly scope: HostScope
  readonly options: NodeOptions
}

/** What a keyword says, rendered, or what holds around it when it is omitted; undefined when it stands nowhere. */
export const renderedOf = (node: Node | undefined, speech: Speech): Value | undefined => {
  const value = node === undefined ? undefined : renderNode(node, speech.scope, speech.options)
  if (value !== OMIT) return value
  return node?.kind === 'scalar' ? renderedOf(node.around, speech) : undefined
}

/** A keyword that is text. */
export const textOf = (node: Node | undefined, speech: Speech): string | undefined => {
  const value = renderedOf(node, speech)
  return value === undefined || value === null ? undefined : toText(value)
}

/** A keyword that is true or false. */
export function boolOf(node: Node | undefined, speech: Speech): boolean | undefined {
  const value = renderedOf(node, speech)
  if (value === undefined || value === null) return undefined
  const said = asBool(value)
  if (said === undefined)
    throw new TemplateError('template-runtime', `${JSON.stringify(toText(value))} is neither true nor false`, {
      span: node?.span,
    })
  return said
}

/** A keyword that is a whole number. */
export function numberOf(node: Node | undefined, speech: Speech): number | undefined {
  const value = renderedOf(node, speech)
  if (value === undefined || value === null) return undefined
  const number = Number(toText(value))
  if (!Number.isFinite(number))
    throw new TemplateError(
      'template-runtime',
      `invalid literal for int: ${JSON.stringify(toText(value))} is no number`,
      { span: node?.span },
    )
  return number
}

/** An expression as `when`, `until` and the like take it: bare, a boolean, or (against advice) a template. */
function expressionOf(node: Node, { scope, options }: Speech): Value {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return renderNode(node, scope, options)
  if (node.value.trim() === '') return true
  return conditionOf(node.value, node.span, { scope, options })
}

/**
 * The value of an expression that may hold templates: in its strings, or as a whole (`'{{ a }}' == 'b'`, `{{ a }} == 5`).
 */
export function conditionOf(text: string, span: Span, { scope, options }: Speech): Value {
  const placed = { ...options, span }
  if (!isTemplate(text)) return evaluate(text, scope, placed)
  if (checkSyntax(text, 'expression').every(fault => fault.code !== 'template-syntax'))
    return evaluate(text, scope, { ...placed, embedded: true })
  const value = render(text, scope, placed)
  if (typeof value !== 'string') return value
  // Whoever lets anything be a condition means text that is no expression, too
  if (scope.options.anyCondition && checkSyntax(value, 'expression').some(isSyntax)) return value
  return madeOf(value, span, { scope, options })
}

const isSyntax = ({ code }: { readonly code: string }): boolean => code === 'template-syntax'

/** The value of an expression that a template made: of data, perhaps, so it is not rendered, and reaches for nothing. */
export function madeOf(expression: string, span: Span, { scope, options }: Speech): Value {
  try {
    return evaluate(expression, scope, { ...options, span, pure: true })
  } catch (error) {
    if (!(error instanceof NotNow) || options.pure) throw error
    throw new TemplateError('template-runtime', `${error.message}, not by what a template made`, { span })
  }
}

/** The first condition that does not hold, by its text (or false, where that is written); undefined when all hold. */
export function falseCondition(conditions: readonly Node[], speech: Speech): string | false | undefined {
  for (const node of conditions) {
    const parts = node.kind === 'sequence' ? node.items : [node]
    for (const part of parts)
      if (!holds(part, speech)) return part.kind === 'scalar' && part.value === false ? false : sourceOf(part)
  }
  return undefined
}

/**
 * Whether a condition holds. It must be true or false: text such as "false" would count as true, and a list or a number
 * as whatever its writer did not mean.
 */
function holds(node: Node, speech: Speech): boolean {
  return truthOf(expressionOf(node, speech), node, speech)
}

/** What the value of a condition says. Throws `TemplateError` where it is neither true nor false, unless that is allowed. */
export function truthOf(value: Value, node: Node, { scope, options }: Speech): boolean {
  if (typeof value === 'boolean') return value
  if (value === null && node.kind === 'scalar' && node.value === null) return true
  const shown = typeof value === 'string' ? JSON.stringify(value) : `${kindOf(value)} ${toText(value)}`
  if (scope.options.anyCondition) {
    const said = `${at(node.span)}: the condition ${sourceOf(node)} is ${shown}, which counts as ${truthy(value)}`
    if (!options.pure) scope.options.warn?.(`${said}; Ansible takes true and false only since 2.19`)
    return truthy(value)
  }
  const remedy =
    'say what is meant: ... | bool, ... | length > 0, ... is defined; ' +
    'ANSIBLE_ALLOW_BROKEN_CONDITIONALS=true takes it as Ansible did before 2.19'
  throw new TemplateError(
    'template-runtime',
    `the condition ${sourceOf(node)} is ${shown}, which is neither true nor false; ${remedy}`,
    {
      span: node.span,
    },
  )
}

const kindOf = (value: Value): string =>
  Array.isArray(value) ? 'the list' : value instanceof Map ? 'the dict' : value === null ? 'the value' : 'the number'

const sourceOf = (node: Node): string => (node.kind === 'scalar' ? node.text : node.kind)

/** `file:line` for events. */
export const pathOf = (span: Span): string => at(span).replace(/:\d+$/, '')
