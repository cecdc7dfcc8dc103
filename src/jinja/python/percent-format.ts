import { Unsafe, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { LONGEST_TEXT } from '../limits.ts'
import { lookUp } from './compare.ts'
import { formatDouble } from './double-format.ts'
import { isFloat, isInt, numeric, toDouble } from './numbers.ts'
import { Range, Tuple, Undefined } from './objects.ts'
import { ascii, quoted, repr, toText, typeName } from './text.ts'

const DIRECTIVE = /%(?:\(([^)]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?(.)?/sy

interface Directive {
  readonly flags: string
  readonly width: number
  /** undefined when there is no point in the directive. */
  readonly precision: number | undefined
  readonly letter: string
}

/** Hands out the arguments of `text % arguments`. */
class Given {
  readonly #list: readonly Value[]
  readonly #map: Map<Value, Value> | undefined
  /** Python takes whatever has items for a dict, and does not mind what is left of it. */
  readonly #strict: boolean
  #next = 0
  constructor(value: Value) {
    this.#list = value instanceof Tuple ? value.items : [value]
    this.#map = value instanceof Map ? value : undefined
    this.#strict = !(
      value instanceof Map ||
      Array.isArray(value) ||
      value instanceof Range ||
      value instanceof Undefined
    )
  }
  next(): Value {
    const value = this.#list[this.#next++]
    if (value === undefined) throw failure('not enough arguments for format string')
    return value
  }
  named(name: string): Value {
    if (!this.#map) throw failure('format requires a mapping')
    const value = lookUp(this.#map, name)
    if (value === undefined) throw failure(`the mapping to format has no key '${name}'`)
    return value
  }
  /** All must be used, unless they come in a dict. */
  finish(): void {
    if (this.#strict && this.#next < this.#list.length)
      throw failure('not all arguments converted during string formatting')
  }
}

function whole(value: Value, letter: string): bigint {
  const number = numeric(value)
  if (value instanceof Undefined) throw value.error()
  if (number === undefined || (isFloat(number) && 'xXo'.includes(letter))) {
    throw failure(
      `%${letter} format: a${'xXo'.includes(letter) ? 'n integer' : ' real number'} is required, not ${typeName(value)}`,
    )
  }
  if (typeof number === 'bigint') return number
  const double = toDouble(number)
  if (!Number.isFinite(double)) throw failure(`cannot convert float ${double} to integer`)
  return BigInt(Math.trunc(double))
}

function integer(value: Value, { flags, precision, letter }: Directive): string {
  const number = whole(value, letter)
  const radix = letter === 'o' ? 8 : letter.toLowerCase() === 'x' ? 16 : 10
  let digits = (number < 0n ? -number : number).toString(radix).padStart(precision ?? 0, '0')
  if (letter === 'X') digits = digits.toUpperCase()
  const prefix = !flags.includes('#') || radix === 10 ? '' : `0${letter}`
  return sign(number < 0n, flags) + prefix + digits
}

const sign = (negative: boolean, flags: string): string =>
  negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''

function real(value: Value, { flags, precision, letter }: Directive): string {
  const number = numeric(value)
  if (value instanceof Undefined) throw value.error()
  if (number === undefined) throw failure(`must be real number, not ${typeName(value)}`)
  const double = toDouble(number)
  const negative = double < 0 || Object.is(double, -0)
  return (
    sign(negative, flags) +
    formatDouble(Math.abs(double), letter, { precision: precision ?? 6, alternate: flags.includes('#') })
  )
}

function character(value: Value): string {
  const number = numeric(value)
  if (typeof value === 'string' && Array.from(value).length === 1) return value
  if (number === undefined || isFloat(number)) throw failure('%c requires int or char')
  const code = toDouble(number)
  if (!(code >= 0 && code <= 0x10ffff)) throw failure('%c arg not in range(0x110000)')
  return String.fromCodePoint(code)
}

function converted(value: Value, directive: Directive): string {
  const { letter, precision } = directive
  const text = (full: string): string =>
    precision === undefined ? full : Array.from(full).slice(0, precision).join('')
  if ('di'.includes(letter) || letter === 'u' || 'xXo'.includes(letter)) return integer(value, directive)
  if ('eEfFgG'.includes(letter)) return real(value, directive)
  if (letter === 's') return text(toText(value instanceof Unsafe ? value.text : value))
  if (letter === 'r') return text(repr(value))
  if (letter === 'a') return text(ascii(value))
  if (letter === 'c') return character(value)
  throw failure(`unsupported format character ${quoted(letter)}`)
}

function padded(text: string, { flags, width, letter }: Directive): string {
  if (width > LONGEST_TEXT) throw failure('the width of the format is too large', 'template-limit')
  const missing = width - Array.from(text).length
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  if (!flags.includes('0') || 'srac'.includes(letter)) return ' '.repeat(missing) + text
  const [head = ''] = /^[-+ ]?(?:0[xXo])?/.exec(text) ?? []
  return head + '0'.repeat(missing) + text.slice(head.length)
}

function star(value: Value): number {
  if (!isInt(value) && typeof value !== 'boolean') throw failure('* wants int')
  return Number(value)
}

/** What stands for one directive: whole, name, flags, width, precision and letter. */
function directiveText([whole, name, flags = '', width, precision, letter]: RegExpExecArray, given: Given): string {
  if (letter === undefined) throw failure('incomplete format')
  if (letter === '%') return '%'
  const starred = (part: string | undefined): number => (part === '*' ? star(given.next()) : Number(part ?? 0))
  const columns = starred(width)
  const digits = whole.slice((name?.length ?? 0) + 1).includes('.') ? Math.max(0, starred(precision)) : undefined
  if (digits !== undefined && digits > 10_000)
    throw failure('the precision of the format is too large', 'template-limit')
  const directive: Directive = {
    flags: columns < 0 ? `${flags}-` : flags,
    width: Math.abs(columns),
    precision: digits,
    letter,
  }
  return padded(converted(name === undefined ? given.next() : given.named(name), directive), directive)
}

/** Python's `text % arguments`. */
export function percentFormat(text: string, value: Value): string {
  const given = new Given(value)
  let out = ''
  let at = 0
  // One directive after the other, so that the first wrong one ends it
  for (let sign = text.indexOf('%'); sign >= 0; sign = text.indexOf('%', at)) {
    DIRECTIVE.lastIndex = sign
    const found = DIRECTIVE.exec(text)
    if (!found) throw failure('incomplete format')
    out += text.slice(at, sign) + directiveText(found, given)
    if (out.length > LONGEST_TEXT) throw failure('the text grows too long', 'template-limit')
    at = DIRECTIVE.lastIndex
  }
  given.finish()
  return out + text.slice(at)
}
