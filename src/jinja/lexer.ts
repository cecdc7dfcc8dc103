import { BadEscape, unescapeLiteral } from '../base/python-escape.ts'
import { SyntaxFault } from './errors.ts'
import { type MarkPatterns, type Marks, patternsOf, USUAL_MARKS } from './marks.ts'

export type TokenKind =
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'integer'
  | 'float'
  | 'string'
  | 'operator'
  | 'eof'

export interface Token {
  readonly kind: TokenKind
  /** A string's value, an operator's sign, a name, a number's digits, the data. */
  readonly text: string
  /** UTF-16 offset into the normalised source. */
  readonly at: number
}

export interface LexerOptions {
  readonly trimBlocks: boolean
  readonly lstripBlocks: boolean
  readonly keepTrailingNewline: boolean
  readonly newline: string
  /** Within `{{ }}` a string keeps its backslashes as they are written, as Ansible reads values. Default false. */
  readonly keepBackslashes?: boolean
  /** Default `{{ }}`, `{% %}` and `{# #}`. */
  readonly marks?: Marks
  /** Where the template begins in its text. Default 0. */
  readonly start?: number
}

/** Line ends as the lexer counts them. */
export const normalised = (source: string): string => (source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source)

const WHITE = /\s+/y
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[-+]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy
const NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy
const STRING = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy
const OPERATOR = /\*\*|\/\/|==|!=|>=|<=|[-+*/%~[\](){}<>=.:|,;]/y

const PARTNER: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** One pass over a template or an expression. */
class Lexer {
  readonly tokens: Token[] = []
  readonly #source: string
  readonly #options: LexerOptions
  readonly #marks: Marks
  readonly #patterns: MarkPatterns
  #position: number
  /** True when what stands at the position begins a line. */
  #lineStart = true
  /** True within `{{ }}`. */
  #printing = false

  constructor(source: string, options: LexerOptions) {
    this.#source = source
    this.#options = options
    this.#marks = options.marks ?? USUAL_MARKS
    this.#patterns = patternsOf(this.#marks)
    this.#position = options.start ?? 0
  }

  template(): Token[] {
    while (this.#position < this.#source.length) {
      this.#patterns.opening.lastIndex = this.#position
      const opening = this.#patterns.opening.exec(this.#source)
      if (!opening) {
        this.#data(this.#position, this.#source.length)
        this.#position = this.#source.length
      } else this.#tag(opening.index, opening[0])
    }
    return this.#end()
  }

  expression(): Token[] {
    this.#inside(null, 0)
    return this.#end()
  }

  #end(): Token[] {
    this.tokens.push({ kind: 'eof', text: '', at: this.#source.length })
    return this.tokens
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position
    return pattern.exec(this.#source)?.[0]
  }

  #advance(text: string): void {
    this.#position += text.length
    if (text !== '') this.#lineStart = text.endsWith('\n')
  }

  #data(from: number, to: number): void {
    if (to <= from) return
    const text = this.#source.slice(from, to)
    const { newline } = this.#options
    this.tokens.push({ kind: 'data', text: newline === '\n' ? text : text.replaceAll('\n', newline), at: from })
  }

  /** The data before a tag at `at`, stripped as the tag's sign and `lstripBlocks` demand. */
  #before(at: number, sign: string, variable: boolean): void {
    let end = at
    const text = this.#source.slice(this.#position, at)
    if (sign === '-') end = this.#position + text.trimEnd().length
    else if (sign !== '+' && this.#options.lstripBlocks && !variable) {
      const line = text.lastIndexOf('\n') + 1
      if ((line > 0 || this.#lineStart) && text.slice(line).trim() === '') end = this.#position + line
    }
    this.#data(this.#position, end)
    this.#position = at
  }

  #tag(at: number, opening: string): void {
    const sign = /[-+]/.exec(this.#source[at + opening.length] ?? '')?.[0] ?? ''
    const { variable, comment } = this.#marks
    this.#before(at, sign, opening === variable[0])
    const block = opening !== variable[0] && opening !== comment[0]
    const raw = block ? this.#match(this.#patterns.raw) : undefined
    if (raw !== undefined) this.#raw(raw, at)
    else if (opening === comment[0]) this.#comment(opening, sign, at)
    else {
      this.tokens.push({ kind: block ? 'block_begin' : 'variable_begin', text: opening, at })
      this.#advance(opening + sign)
      this.#printing = !block
      this.#inside(block ? this.#patterns.blockEnd : this.#patterns.variableEnd, at)
    }
  }

  #comment(opening: string, sign: string, at: number): void {
    const { commentEnd } = this.#patterns
    commentEnd.lastIndex = at + opening.length + sign.length
    const end = commentEnd.exec(this.#source)
    if (!end && at + opening.length + sign.length === this.#source.length) {
      // As in Jinja2, a sign at the very end begins nothing
      this.#position = this.#source.length
      return
    }
    if (!end) throw new SyntaxFault('missing end of comment tag (a literal `{#` must stand in {% raw %})', at)
    this.#position = end.index
    this.#advance(this.#closing(end[0]))
  }

  /** The closing tag, without the newline when blocks are not trimmed. */
  #closing(text: string): string {
    return this.#options.trimBlocks || text.startsWith('-') || !text.endsWith('\n') ? text : text.slice(0, -1)
  }

  #raw(opening: string, at: number): void {
    this.#advance(opening)
    this.#patterns.rawEnd.lastIndex = this.#position
    const end = this.#patterns.rawEnd.exec(this.#source)
    if (!end) throw new SyntaxFault('missing end of raw block', at)
    this.#before(end.index, end[1] ?? '', false)
    const closing = this.#closing(end[2] ?? '')
    this.#position = end.index + end[0].length - (end[2] ?? '').length
    this.#advance(closing)
  }

  /** The tokens of a tag or of a bare expression, up to and with `ending`. */
  #inside(ending: RegExp | null, opened: number): void {
    const brackets: { sign: string; at: number }[] = []
    while (this.#position < this.#source.length) {
      const at = this.#position
      const close = ending && brackets.length === 0 ? this.#match(ending) : undefined
      if (close !== undefined) {
        const block = ending === this.#patterns.blockEnd
        this.tokens.push({ kind: block ? 'block_end' : 'variable_end', text: close, at })
        this.#advance(block ? this.#closing(close) : close)
        return
      }
      const white = this.#match(WHITE)
      if (white !== undefined) this.#advance(white)
      else this.#token(at, brackets)
    }
    const open = brackets.at(-1)
    if (open) throw new SyntaxFault(`'${open.sign}' is never closed, expected '${CLOSING[open.sign]}'`, open.at)
    if (ending === this.#patterns.blockEnd)
      throw new SyntaxFault(`unexpected end of template, expected 'end of statement block' (%})`, opened)
    if (ending) throw new SyntaxFault(`unexpected end of template, expected 'end of print statement' (}})`, opened)
  }

  #token(at: number, brackets: { sign: string; at: number }[]): void {
    if (!this.#literal(at)) this.#operator(at, brackets)
  }

  /** A number, name or string; false when there is none here. */
  #literal(at: number): boolean {
    const number = this.#source[at - 1] === '.' ? undefined : this.#match(FLOAT)
    const integer = number === undefined ? this.#match(INTEGER) : undefined
    if (number !== undefined) this.#push('float', number.replaceAll('_', ''), number, at)
    else if (integer !== undefined) this.#push('integer', integer.replaceAll('_', ''), integer, at)
    else {
      const name = this.#match(NAME)
      const string = name === undefined ? this.#match(STRING) : undefined
      if (name !== undefined) this.#push('name', name, name, at)
      else if (string !== undefined) this.#push('string', this.#string(string, at), string, at)
      else return false
    }
    return true
  }

  /** The value of a string with its quotes, which begins at `at`. */
  #string(string: string, at: number): string {
    if (this.#printing && this.#options.keepBackslashes) return string.slice(1, -1)
    try {
      return unescapeLiteral(string.slice(1, -1))
    } catch (error) {
      if (error instanceof BadEscape) throw new SyntaxFault(error.message, at + 1 + error.at)
      throw error
    }
  }

  #operator(at: number, brackets: { sign: string; at: number }[]): void {
    const operator = this.#match(OPERATOR)
    if (operator === undefined) {
      const found = this.#source[at] ?? ''
      throw new SyntaxFault(
        found === '"' || found === "'" ? `the string is never closed: ${found}` : `unexpected char '${found}'`,
        at,
      )
    }
    if (operator in CLOSING) brackets.push({ sign: operator, at })
    else if (operator in PARTNER) {
      const open = brackets.pop()
      if (!open) throw new SyntaxFault(`unexpected '${operator}'`, at)
      if (open.sign !== PARTNER[operator])
        throw new SyntaxFault(`unexpected '${operator}', expected '${CLOSING[open.sign]}'`, at)
    }
    this.#push('operator', operator, operator, at)
  }

  #push(kind: TokenKind, text: string, consumed: string, at: number): void {
    this.tokens.push({ kind, text, at })
    this.#advance(consumed)
  }
}

/** The tokens of a template: data, and the insides of its tags. Raw blocks become data; comments vanish. */
export function lexTemplate(source: string, options: LexerOptions): Token[] {
  const text = !options.keepTrailingNewline && source.endsWith('\n') ? source.slice(0, -1) : source
  return new Lexer(text, options).template()
}

/** The tokens of a bare expression. */
export const lexExpression = (source: string): Token[] =>
  new Lexer(source, { trimBlocks: true, lstripBlocks: false, keepTrailingNewline: true, newline: '\n' }).expression()
