import { SyntaxFault } from './errors.ts'
import type { Token, TokenKind } from './lexer.ts'

/** How deep brackets and blocks may stand in each other. */
const DEEPEST = 200

const NAMES: Readonly<Partial<Record<TokenKind, string>>> = {
  variable_end: 'end of print statement',
  block_end: 'end of statement block',
  variable_begin: 'begin of print statement',
  block_begin: 'begin of statement block',
  data: 'template data / text',
  eof: 'end of template',
}

/** A token as a message names it. */
export const tokenName = (token: Token): string =>
  NAMES[token.kind] ?? (token.kind === 'string' ? 'string' : token.text)

/** The parser's window on the tokens, and its depth counter. */
export class Tokens {
  readonly #tokens: readonly Token[]
  #index = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** The token `ahead` of the current one; the last token repeats for ever. */
  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)]
    if (!token) throw new SyntaxFault('there are no tokens', 0)
    return token
  }

  next(): Token {
    const token = this.peek()
    this.#index += 1
    return token
  }

  is(kind: TokenKind, text?: string): boolean {
    const token = this.peek()
    return token.kind === kind && (text === undefined || token.text === text)
  }

  isOperator(text: string): boolean {
    return this.is('operator', text)
  }

  isName(text: string): boolean {
    return this.is('name', text)
  }

  /** Takes the token when it is this one. */
  skip(kind: TokenKind, text?: string): boolean {
    if (!this.is(kind, text)) return false
    this.#index += 1
    return true
  }

  expect(kind: TokenKind, text?: string): Token {
    if (this.is(kind, text)) return this.next()
    throw this.unexpected(text ?? NAMES[kind] ?? kind)
  }

  unexpected(expected?: string): SyntaxFault {
    const token = this.peek()
    const wanted = expected === undefined ? '' : `, expected '${expected}'`
    return new SyntaxFault(`unexpected '${tokenName(token)}'${wanted}`, token.at)
  }

  /** Runs `parse` one level deeper; too deep is a fault, not a stack overflow. */
  deeper<T>(parse: () => T): T {
    if (this.#depth >= DEEPEST) {
      throw new SyntaxFault(`nested more than ${DEEPEST} levels deep`, this.peek().at, 'template-limit')
    }
    this.#depth += 1
    const result = parse()
    this.#depth -= 1
    return result
  }
}
