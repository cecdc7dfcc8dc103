import type { Body, Expr, Stmt, Template } from './ast.ts'
import { Cache } from './cache.ts'
import { SyntaxFault, TemplateError } from './errors.ts'
import { headerLength, headerOptions } from './header.ts'
import { type LexerOptions, lexExpression, normalised } from './lexer.ts'
import { walk } from './names.ts'
import type { RenderOptions } from './options.ts'
import { parseExpression } from './parse-expression.ts'
import { parseTemplate } from './parse-template.ts'
import { excerpt, type Origin, placeIn } from './place.ts'
import { Tokens } from './tokens.ts'

const templates = new Cache<Template>(4_096, 8 * 1024 * 1024)
const expressions = new Cache<Expr>(4_096, 2 * 1024 * 1024)

export const lexerOptions = (options: RenderOptions): LexerOptions => ({
  trimBlocks: options.trimBlocks ?? true,
  lstripBlocks: options.lstripBlocks ?? false,
  keepTrailingNewline: options.keepTrailingNewline ?? false,
  newline: options.newline ?? '\n',
  ...(options.marks ? { marks: options.marks } : {}),
})

/** Does it; a fault of the text gets its place in the origin. */
function placed<T>(origin: Origin, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
    const { code, message, offset } = error
    const { source } = origin
    throw new TemplateError(code, message, {
      span: placeIn(origin, offset),
      expression: excerpt(source, offset),
      cause: error,
    })
  }
}

/** The options with those that the text's first line asks for. Throws TemplateError. */
export const withHeader = (origin: Origin, options: RenderOptions): RenderOptions =>
  headerLength(origin.source) === 0
    ? options
    : placed(origin, () => ({ ...options, ...headerOptions(normalised(origin.source)) }))

/**
 * The parsed template, from memory when the same text was parsed before with the same options.
 * @param whole the text may begin with a line of options, which is not printed
 * @param value true for a value of a playbook, whose printed strings keep their backslashes
 */
export function parsedTemplate(origin: Origin, options: RenderOptions, value = false, whole = false): Template {
  const start = whole ? headerLength(normalised(origin.source)) : 0
  const lexer = { ...lexerOptions(options), keepBackslashes: value, start }
  const flags = `${value ? 'v' : ''}${start}${options.marks ? JSON.stringify(options.marks) : ''}${lexer.trimBlocks ? 't' : ''}${lexer.lstripBlocks ? 'l' : ''}${lexer.keepTrailingNewline ? 'k' : ''}${lexer.newline}`
  return placed(origin, () =>
    templates.get(`${flags}\0${origin.source}`, () => parseTemplate(normalised(origin.source), lexer)),
  )
}

/** These parts, and those of the templates that stand among the terms of their lookups. Throws TemplateError. */
export function withEmbedded(parts: Body | readonly Expr[]): (Expr | Stmt)[] {
  const out: (Expr | Stmt)[] = [...parts]
  for (const part of walk(parts)) {
    if (part.kind === 'embedded')
      out.push(...withEmbedded(parsedTemplate({ source: part.source, span: undefined }, {}, true).body))
  }
  return out
}

/** The parsed expression, from memory when it was parsed before. */
export function parsedExpression(origin: Origin): Expr {
  const parse = (): Expr => {
    const tokens = new Tokens(lexExpression(normalised(origin.source)))
    const expression = parseExpression(tokens)
    if (!tokens.is('eof')) throw tokens.unexpected('end of expression')
    return expression
  }
  return placed(origin, () => expressions.get(origin.source, parse))
}
