import { BadEscape, unescapeLiteral } from '../base/python-escape.ts'
import { Float, float, type Value } from '../base/value.ts'

/**
 * A Python literal (`ast.literal_eval`), as Ansible reads the values of INI inventories: numbers, strings, True, False,
 * None, lists, tuples, sets and dicts, with a comment after it or not. Tuples and sets become lists.
 * @returns undefined when the text is no literal (it is then taken as a string)
 */
export function pythonLiteral(text: string): Value | undefined {
  const reader = new Reader(text.replace(/^[ \t]+/, ''))
  try {
    const value = reader.value(0)
    reader.blanks()
    if (!reader.done) {
      // `a, b` without brackets is a tuple
      if (!reader.take(',')) return undefined
      const items = [value, ...reader.items(undefined, 0)]
      reader.blanks()
      return reader.done ? items : undefined
    }
    return value
  } catch (error) {
    if (error instanceof NoLiteral || error instanceof BadEscape) return undefined
    throw error
  }
}

class NoLiteral extends Error {}

/** Deeper nesting than this is no configuration. */
const DEPTH = 100

const NUMBER =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.?)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?)(?![\w.])/y
const PREFIX = /(?:[rR][bB]?|[bB][rR]?|[uU])?(?=['"])/y
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get done(): boolean {
    return this.#at >= this.#text.length
  }

  /** Skips blanks and a comment. */
  blanks(): void {
    while (/[ \t\f\r]/.test(this.#text.charAt(this.#at))) this.#at++
    if (this.#text.charAt(this.#at) === '#') this.#at = this.#text.length
  }

  take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  value(depth: number): Value {
    if (depth > DEPTH) throw new NoLiteral()
    this.blanks()
    const c = this.#text.charAt(this.#at)
    if (this.take('(')) return this.#bracketed(depth)
    if (this.take('[')) return this.items(']', depth)
    if (this.take('{')) return this.#braced(depth)
    // Since 2.19 these are read inside of lists and dicts, too: an empty set, and what stays as it is written
    if (this.take('set()')) return []
    if (this.take('...')) return '...'
    for (const [word, value] of [
      ['True', true],
      ['False', false],
      ['None', null],
    ] as const)
      if (new RegExp(`${word}(?!\\w)`, 'y').test(this.#text.slice(this.#at))) {
        this.#at += word.length
        return value
      }
    PREFIX.lastIndex = this.#at
    if (PREFIX.test(this.#text)) return this.#strings()
    if (c === '+' || c === '-') return this.#signed(depth)
    return this.#number()
  }

  /** Items up to a closing bracket (or the end of the text), commas between them, one comma after the last allowed. */
  items(close: string | undefined, depth: number): Value[] {
    const out: Value[] = []
    for (;;) {
      this.blanks()
      if (close === undefined ? this.done : this.take(close)) return out
      out.push(this.value(depth + 1))
      this.blanks()
      if (close === undefined ? this.done : this.take(close)) return out
      if (!this.take(',')) throw new NoLiteral()
    }
  }

  #bracketed(depth: number): Value {
    this.blanks()
    if (this.take(')')) return []
    const first = this.value(depth + 1)
    this.blanks()
    if (this.take(')')) return first
    if (!this.take(',')) throw new NoLiteral()
    return [first, ...this.items(')', depth)]
  }

  #braced(depth: number): Value {
    const out = new Map<Value, Value>()
    this.blanks()
    if (this.take('}')) return out
    const first = this.value(depth + 1)
    this.blanks()
    if (!this.take(':')) {
      // The items of a set are as its keys; so `{{ 1 }}` is no literal, and stays a template
      if (this.take('}')) return [hashable(first)]
      if (!this.take(',')) throw new NoLiteral()
      return [first, ...this.items('}', depth)].map(hashable)
    }
    out.set(hashable(first), this.value(depth + 1))
    for (;;) {
      this.blanks()
      if (this.take('}')) return out
      if (!this.take(',')) throw new NoLiteral()
      this.blanks()
      if (this.take('}')) return out
      const key = hashable(this.value(depth + 1))
      this.blanks()
      if (!this.take(':')) throw new NoLiteral()
      out.set(key, this.value(depth + 1))
    }
  }

  #signed(depth: number): Value {
    const minus = this.take('-')
    if (!minus) this.take('+')
    this.blanks()
    // One sign and no more: `--1` is an expression, not a literal
    if (/[+-]/.test(this.#text.charAt(this.#at))) throw new NoLiteral()
    const value = this.value(depth + 1)
    if (value instanceof Float) return minus ? new Float(-value.value) : value
    if (typeof value === 'number') return minus ? (value === 0 ? 0 : -value) : value
    if (typeof value === 'bigint') return minus ? -value : value
    throw new NoLiteral()
  }

  #number(): Value {
    NUMBER.lastIndex = this.#at
    const found = NUMBER.exec(this.#text)?.[0]
    if (found === undefined) throw new NoLiteral()
    this.#at += found.length
    if (/[jJ]/.test(found)) return found
    const digits = found.replaceAll('_', '')
    if (/^0[xob]/i.test(digits)) return int(BigInt(digits.toLowerCase()))
    if (/[.eE]/.test(digits)) return float(Number(digits))
    // Python refuses 0644: it once was octal. Such a value stays a string
    if (/^0+[1-9]/.test(digits)) throw new NoLiteral()
    return int(BigInt(digits))
  }

  /** One string, or several that stand side by side. */
  #strings(): string {
    let out = ''
    for (;;) {
      PREFIX.lastIndex = this.#at
      const prefix = PREFIX.exec(this.#text)?.[0]
      if (prefix === undefined) return out
      this.#at += prefix.length
      out += this.#string(/r/i.test(prefix))
      this.blanks()
    }
  }

  #string(raw: boolean): string {
    const one = this.#text.charAt(this.#at)
    const quote = this.#text.startsWith(one.repeat(3), this.#at) ? one.repeat(3) : one
    this.#at += quote.length
    const start = this.#at
    while (!this.#text.startsWith(quote, this.#at)) {
      if (this.done) throw new NoLiteral()
      const c = this.#text.charAt(this.#at++)
      if (c === '\n' && quote.length === 1) throw new NoLiteral()
      if (c === '\\') this.#at++
    }
    const body = this.#text.slice(start, this.#at)
    this.#at += quote.length
    return raw ? body : unescapeLiteral(body)
  }
}

const int = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value)

/** Lists and dicts are no keys. */
function hashable(key: Value): Value {
  if (Array.isArray(key) || key instanceof Map) throw new NoLiteral()
  return key
}
