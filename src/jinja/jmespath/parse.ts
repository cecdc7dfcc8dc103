import { failure } from '../errors.ts'
import type { Comparator, Node } from './ast.ts'
import { type Token, tokensOf } from './lexer.ts'

/** How strongly a sign binds what stands before it. */
const BINDING: Readonly<Record<string, number>> = {
  '|': 1,
  '||': 2,
  '&&': 3,
  '==': 5,
  '!=': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '[]': 9,
  '*': 20,
  '[?': 21,
  '.': 40,
  '!': 45,
  '{': 50,
  '[': 55,
  '(': 60,
}
/** Signs that bind weaker than this end a projection. */
const PROJECTION_STOP = 10
const DEEPEST = 200
const CURRENT: Node = { kind: 'current' }

class Parser {
  readonly #source: string
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(source: string) {
    this.#source = source
    this.#tokens = tokensOf(source)
  }

  whole(): Node {
    const node = this.#expression(0)
    if (this.#peek().kind !== 'end') throw this.#unexpected()
    return node
  }

  #peek(ahead = 0): Token {
    const token = this.#tokens[this.#at + ahead] ?? this.#tokens.at(-1)
    if (!token) throw this.#unexpected()
    return token
  }

  #next(): Token {
    const token = this.#peek()
    this.#at += 1
    return token
  }

  #unexpected(): Error {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1)
    return failure(
      `json_query: unexpected '${token?.text ?? ''}' at column ${(token?.at ?? 0) + 1} of '${this.#source}'`,
    )
  }

  #isSign(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead)
    return token.kind === 'sign' && token.text === text
  }

  #skip(text: string): boolean {
    if (!this.#isSign(text)) return false
    this.#at += 1
    return true
  }

  #expect(text: string): void {
    if (!this.#skip(text)) throw this.#unexpected()
  }

  #binding(): number {
    const token = this.#peek()
    return token.kind === 'sign' ? (BINDING[token.text] ?? 0) : 0
  }

  #expression(least: number): Node {
    this.#depth += 1
    if (this.#depth > DEEPEST) throw failure('json_query: the expression is nested too deeply', 'template-limit')
    let left = this.#first()
    while (least < this.#binding()) left = this.#after(left)
    this.#depth -= 1
    return left
  }

  /** What an expression may begin with. */
  #first(): Node {
    const token = this.#next()
    if (token.kind === 'literal') return { kind: 'literal', value: token.value }
    if (token.kind === 'quoted') {
      if (this.#isSign('(')) throw this.#unexpected()
      return { kind: 'field', name: String(token.value) }
    }
    if (token.kind === 'name') return this.#isSign('(') ? this.#call(token.text) : { kind: 'field', name: token.text }
    if (token.kind === 'sign') return this.#prefix(token.text)
    this.#at -= 1
    throw this.#unexpected()
  }

  #prefix(sign: string): Node {
    switch (sign) {
      case '@':
        return CURRENT
      case '!':
        return { kind: 'not', operand: this.#expression(45) }
      case '&':
        return { kind: 'reference', expression: this.#expression(0) }
      case '*':
        return { kind: 'projection', over: 'values', left: CURRENT, right: this.#projected(20) }
      case '[]':
        return { kind: 'projection', over: 'list', left: { kind: 'flatten', left: CURRENT }, right: this.#projected(9) }
      case '[?':
        return this.#filter(CURRENT)
      case '[':
        return this.#bracket(CURRENT, true)
      case '{':
        return this.#hash()
      case '(': {
        const inner = this.#expression(0)
        this.#expect(')')
        return inner
      }
      default:
        this.#at -= 1
        throw this.#unexpected()
    }
  }

  /** What may follow an expression. */
  #after(left: Node): Node {
    const { text } = this.#next()
    switch (text) {
      case '.':
        if (this.#skip('*')) return { kind: 'projection', over: 'values', left, right: this.#projected(20) }
        return { kind: 'sub', left, right: this.#afterDot(40) }
      case '|':
        return { kind: 'sub', left, right: this.#expression(1) }
      case '||':
        return { kind: 'or', left, right: this.#expression(2) }
      case '&&':
        return { kind: 'and', left, right: this.#expression(3) }
      case '[]':
        return { kind: 'projection', over: 'list', left: { kind: 'flatten', left }, right: this.#projected(9) }
      case '[?':
        return this.#filter(left)
      case '[':
        return this.#bracket(left, false)
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return { kind: 'compare', operator: text as Comparator, left, right: this.#expression(5) }
      default:
        this.#at -= 1
        throw this.#unexpected()
    }
  }

  /** What is done to every item of a projection. */
  #projected(binding: number): Node {
    if (this.#binding() < PROJECTION_STOP) return CURRENT
    if (this.#isSign('[') || this.#isSign('[?')) return this.#expression(binding)
    if (this.#skip('.')) return this.#afterDot(binding)
    throw this.#unexpected()
  }

  #afterDot(binding: number): Node {
    const token = this.#peek()
    if (token.kind === 'name' || token.kind === 'quoted' || this.#isSign('*')) return this.#expression(binding)
    if (this.#skip('[')) return this.#multiList()
    if (this.#skip('{')) return this.#hash()
    throw this.#unexpected()
  }

  #filter(left: Node): Node {
    const test = this.#expression(0)
    this.#expect(']')
    const right = this.#isSign('[]') ? CURRENT : this.#projected(21)
    return { kind: 'filter', left, right, test }
  }

  /** After an opening bracket: an index, a slice, `*`, or (at the beginning only) a list of expressions. */
  #bracket(left: Node, begins: boolean): Node {
    if (this.#peek().kind === 'number' || this.#isSign(':')) return this.#indexed(left)
    if (this.#isSign('*') && this.#isSign(']', 1)) {
      this.#at += 2
      return { kind: 'projection', over: 'list', left, right: this.#projected(20) }
    }
    if (!begins) throw this.#unexpected()
    return this.#multiList()
  }

  #indexed(left: Node): Node {
    const parts: (number | null)[] = [null]
    for (;;) {
      if (this.#peek().kind === 'number') parts[parts.length - 1] = Number(this.#next().text)
      else if (this.#skip(':') && parts.length < 3) parts.push(null)
      else break
      if (this.#isSign(']')) break
      if (this.#peek().kind === 'number' && parts.at(-1) !== null) throw this.#unexpected()
    }
    this.#expect(']')
    if (parts.length === 1) return { kind: 'sub', left, right: { kind: 'index', index: parts[0] ?? 0 } }
    const slice: Node = { kind: 'sub', left, right: { kind: 'slice', parts } }
    return { kind: 'projection', over: 'list', left: slice, right: this.#projected(20) }
  }

  #multiList(): Node {
    const items: Node[] = []
    do items.push(this.#expression(0))
    while (this.#skip(','))
    this.#expect(']')
    return { kind: 'list', items }
  }

  #hash(): Node {
    const entries: [string, Node][] = []
    do {
      const key = this.#next()
      if (key.kind !== 'name' && key.kind !== 'quoted') {
        this.#at -= 1
        throw this.#unexpected()
      }
      this.#expect(':')
      entries.push([String(key.value), this.#expression(0)])
    } while (this.#skip(','))
    this.#expect('}')
    return { kind: 'hash', entries }
  }

  #call(name: string): Node {
    this.#expect('(')
    const args: Node[] = []
    if (!this.#isSign(')'))
      do args.push(this.#expression(0))
      while (this.#skip(','))
    this.#expect(')')
    return { kind: 'call', name, args }
  }
}

/** Reads a JMESPath expression. Throws TemplateError with the column for wrong syntax. */
export const parseJmespath = (source: string): Node => new Parser(source).whole()
