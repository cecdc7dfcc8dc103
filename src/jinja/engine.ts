import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import type { Value } from '../base/value.ts'
import { check } from './check.ts'
import { evaluate as evaluateNode } from './evaluate.ts'
import { runTemplate, topFrame } from './execute.ts'
import { boundNames, namesIn } from './names.ts'
import type { RenderOptions, Scope } from './options.ts'
import { Output, settled } from './output.ts'
import { parsedExpression, parsedTemplate, withEmbedded, withHeader } from './parse.ts'
import type { Origin } from './place.ts'
import { type Nested, Rendering } from './rendering.ts'

const OPENING = /\{[{%#]/

/** True when the text holds what Jinja would read: an expression, a statement or a comment. */
export const isTemplate = (text: string): boolean => OPENING.test(text)

const begin = (scope: Scope, options: RenderOptions, origin: Origin): Rendering =>
  new Rendering(scope, scope.options ? { ...scope.options, ...options } : options, origin, NESTED)

/** Renders another text within a rendering (the lookup `template`), with a budget of its own. */
function renderNested(
  outer: Rendering,
  text: string,
  file: string,
  variables?: ReadonlyMap<string, Value>,
  more: RenderOptions = {},
): Value {
  const { scope } = outer
  const inner: Scope = variables
    ? {
        get: name => (variables.has(name) ? variables.get(name) : scope.get(name)),
        names: () => new Set([...variables.keys(), ...scope.names()]),
        ...(scope.options && { options: scope.options }),
      }
    : scope
  outer.enter()
  const options = { ...outer.options, marks: undefined, ...more, span: { file, line: 1, col: 1 } }
  const result = renderTo(text, inner, options, 'file', true)
  outer.leave()
  return result
}

/** Renders a template that stands in a string, as the value that it is. */
function renderEmbedded(outer: Rendering, text: string): Value {
  outer.enter()
  const value = render(text, outer.scope, { ...outer.options, embedded: false })
  outer.leave()
  return value
}

const NESTED: Nested = { file: renderNested, value: renderEmbedded }

/** The value of a bare expression as Python has it: tuples, views and ranges as such, and what is undefined as `Undefined`. */
export function compute(expression: string, scope: Scope, options: RenderOptions = {}): Value {
  const origin: Origin = { source: expression, span: options.span }
  const rendering = begin(scope, options, origin)
  const node = parsedExpression(origin)
  return rendering.within(origin, () => evaluateNode(node, topFrame(rendering, origin)))
}

/**
 * The value of a bare expression, as `when` and `changed_when` have it: native, tuples and views as lists.
 * Throws TemplateError when it is wrong, fails or is undefined; NotNow when it must wait.
 */
export function evaluate(expression: string, scope: Scope, options: RenderOptions = {}): Value {
  const origin: Origin = { source: expression, span: options.span }
  const rendering = begin(scope, options, origin)
  const node = parsedExpression(origin)
  return rendering.within(origin, () => {
    const value = evaluateNode(node, topFrame(rendering, origin))
    rendering.at = node.at
    return settled(value)
  })
}

/**
 * Renders a whole template.
 * @param place where it stands: in a value of a playbook strings of `{{ }}` keep their backslashes
 * @param typed one printed value and nothing else keeps its type
 */
function renderTo(text: string, scope: Scope, given: RenderOptions, place: 'value' | 'file', typed: boolean): Value {
  const origin: Origin = { source: text, span: given.span }
  const options = withHeader(origin, given)
  const rendering = begin(scope, options, origin)
  const template = parsedTemplate(origin, options, place === 'value', true)
  const out = new Output(typed, options.noneText ?? '')
  rendering.typed = typed
  return rendering.within(origin, () => {
    runTemplate(template, topFrame(rendering, origin), out)
    const result = typed ? out.result() : out.asText()
    const padded = typeof result === 'string' && options.keepTrailingNewline === undefined
    return padded ? withNewlinesOf(text, result, options.newline ?? '\n') : result
  })
}

/** The result with no fewer newlines at its end than the text has. */
function withNewlinesOf(text: string, result: string, newline: string): string {
  const missing = newlinesAtEnd(text) - newlinesAtEnd(result)
  return missing > 0 ? result + newline.repeat(missing) : result
}

function newlinesAtEnd(text: string): number {
  let count = 0
  for (let i = text.length - 1; text[i] === '\n' || (text[i] === '\r' && text[i + 1] === '\n'); i--)
    if (text[i] === '\n') count += 1
  return count
}

/**
 * A string value as Ansible renders it: the text itself when nothing in it is a template; the native value when one
 * expression is all that is printed; text otherwise. Text that comes out is never read as a template again. A string within
 * `{{ }}` keeps its backslashes: `'\n'` are two characters there, as in Ansible, and one in statements and files.
 */
export function render(text: string, scope: Scope, options: RenderOptions = {}): Value {
  return isTemplate(text) ? renderTo(text, scope, options, 'value', true) : text
}

/** A template file: always text. */
export function renderText(text: string, scope: Scope, options: RenderOptions = {}): string {
  return renderTo(text, scope, options, 'file', false) as string
}

/** The names that an expression (or, when it holds tags, a template) takes from its scope. Throws for wrong syntax. */
export function referencedNames(expression: string): ReadonlySet<string> {
  const origin: Origin = { source: expression, span: undefined }
  const parts = withEmbedded(
    isTemplate(expression) ? parsedTemplate(origin, {}, true).body : [parsedExpression(origin)],
  )
  const names = namesIn(parts)
  for (const name of boundNames(parts)) names.delete(name)
  return names
}

/** The faults that can be seen without values: wrong syntax, filters, tests and lookups that nobody knows. */
export function checkSyntax(text: string, kind: 'expression' | 'template', span?: Span): Diagnostic[] {
  return check({ source: text, span }, kind)
}
