import { at, type Span } from '../base/span.ts'

/** What kind of fault a template has; the words are stable and listed in docs/errors.md. */
export type TemplateFault =
  | 'undefined-variable'
  | 'template-syntax'
  | 'template-runtime'
  | 'template-limit'
  | 'template-unsafe'
  | 'template-not-found'
  | 'unknown-filter'
  | 'unknown-test'
  | 'unknown-lookup'

export interface TemplateErrorDetails {
  readonly span?: Span | undefined
  /** The name that is undefined, where one is. */
  readonly variable?: string | undefined
  /** The source of the expression or tag in which it happened. */
  readonly expression?: string | undefined
  readonly cause?: unknown
}

/** An expression or template that cannot be read or that failed; `span` is the place inside the text. */
export class TemplateError extends Error {
  readonly code: TemplateFault
  /** The message without the place. */
  readonly fault: string
  readonly span?: Span
  readonly variable?: string
  readonly expression?: string

  constructor(code: TemplateFault, fault: string, details: TemplateErrorDetails = {}) {
    const { span, variable, expression, cause } = details
    super(span ? `${at(span)}: ${fault}` : fault, cause === undefined ? undefined : { cause })
    this.name = 'TemplateError'
    this.code = code
    this.fault = fault
    if (span) this.span = span
    if (variable !== undefined) this.variable = variable
    if (expression !== undefined) this.expression = expression
  }
}

/** Something impure (a lookup, a clock, chance) was met while `pure` was asked for: ask again when the time has come. */
export class NotNow extends Error {
  constructor(what: string) {
    super(`${what} can be known only while running`)
    this.name = 'NotNow'
  }
}

/** A fault found while evaluating; the place is added where it is known. */
export const failure = (fault: string, code: TemplateFault = 'template-runtime'): TemplateError =>
  new TemplateError(code, fault)

/** A fault of the text itself, `offset` UTF-16 units into it: thrown by lexer and parser, given its place by the engine. */
export class SyntaxFault extends Error {
  readonly offset: number
  readonly code: TemplateFault

  constructor(message: string, offset: number, code: TemplateFault = 'template-syntax') {
    super(message)
    this.name = 'SyntaxFault'
    this.offset = offset
    this.code = code
  }
}
