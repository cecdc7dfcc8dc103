import { Float, float, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { parseInteger } from '../python/numbers.ts'

const DEEPEST = 400
const BLANK = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y
const PLAIN = /[^"\\\x00-\x1f]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
const WORDS: readonly (readonly [string, Value])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', new Float(Number.NaN)],
  ['Infinity', new Float(Number.POSITIVE_INFINITY)],
  ['-Infinity', new Float(Number.NEGATIVE_INFINITY)],
]

/** Reads JSON as Python does: ints of any size stay ints, a number with a point or exponent is a float. */
class Reader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): Value {
    const value = this.#value()
    this.#blank()
    if (this.#at < this.#text.length) throw this.#fault('extra data')
    return value
  }

  #fault(what: string): Error {
    const before = this.#text.slice(0, this.#at)
    const line = before.split('\n').length
    return failure(`the text is not JSON: ${what} at line ${line} column ${this.#at - before.lastIndexOf('\n')}`)
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at += found[0].length
    return found
  }

  #blank(): void {
    this.#match(BLANK)
  }

  #take(sign: string): boolean {
    this.#blank()
    if (!this.#text.startsWith(sign, this.#at)) return false
    this.#at += sign.length
    return true
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw this.#fault(`expected '${sign}'`)
  }

  #value(): Value {
    this.#blank()
    const letter = this.#text[this.#at]
    if (letter === '"') return this.#string()
    if (letter === '{') return this.#deeper(() => this.#object())
    if (letter === '[') return this.#deeper(() => this.#array())
    for (const [word, value] of WORDS) if (this.#take(word)) return value
    const number = this.#match(NUMBER)
    if (!number) throw this.#fault('expecting value')
    const [text, point, exponent] = number
    return point === undefined && exponent === undefined ? (parseInteger(text) ?? 0) : float(Number(text))
  }

  #deeper(read: () => Value): Value {
    this.#depth += 1
    if (this.#depth > DEEPEST) throw this.#fault('nested too deeply')
    this.#at += 1
    const value = read()
    this.#depth -= 1
    return value
  }

  #string(): string {
    const from = this.#at
    if (this.#text[from] !== '"') throw this.#fault('a string is wrong or not closed')
    this.#at += 1
    // Piece by piece: one pattern for all would need the more memory the longer the string is
    do this.#match(PLAIN)
    while (this.#match(ESCAPE))
    if (this.#text[this.#at] !== '"') throw this.#fault('a string is wrong or not closed')
    this.#at += 1
    return JSON.parse(this.#text.slice(from, this.#at)) as string
  }

  #object(): Value {
    const out = new Map<Value, Value>()
    if (this.#take('}')) return out
    do {
      this.#blank()
      const key = this.#string()
      this.#expect(':')
      out.set(key, this.#value())
    } while (this.#take(','))
    this.#expect('}')
    return out
  }

  #array(): Value {
    const out: Value[] = []
    if (this.#take(']')) return out
    do out.push(this.#value())
    while (this.#take(','))
    this.#expect(']')
    return out
  }
}

/** JSON text as a value. */
export const readJson = (text: string): Value => new Reader(text).document()
