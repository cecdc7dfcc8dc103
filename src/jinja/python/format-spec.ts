import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { LONGEST_TEXT } from '../limits.ts'
import { formatDouble } from './double-format.ts'
import { textLength } from './iterate.ts'
import { floatText, isFloat, type Num, numeric, toDouble } from './numbers.ts'
import { PyObject, Undefined } from './objects.ts'
import { toText, typeName } from './text.ts'

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?([a-zA-Z%])?$/su

interface Spec {
  readonly fill: string
  readonly align: string | undefined
  /** Empty when none was written. */
  readonly sign: string
  /** A negative number that is rounded to zero loses its sign. */
  readonly noNegativeZero: boolean
  readonly alternate: boolean
  readonly width: number
  readonly grouping: string | undefined
  readonly precision: number | undefined
  readonly type: string | undefined
}

function parse(text: string): Spec {
  const found = SPEC.exec(text)
  if (!found) throw failure('Invalid format specifier')
  const [, fill, align, sign = '', coerced, alternate, zero, width = '0', grouping, precision, type] = found
  const columns = Number(width)
  if (columns > LONGEST_TEXT || Number(precision ?? 0) > 10_000)
    throw failure('the width of the format is too large', 'template-limit')
  return {
    fill: fill ?? (zero ? '0' : ' '),
    align: align ?? (zero ? 'zero' : undefined),
    sign,
    noNegativeZero: coerced !== undefined,
    alternate: alternate !== undefined,
    width: columns,
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  }
}

/** Groups the digits before the point. */
function grouped(text: string, separator: string | undefined, size: number): string {
  if (separator === undefined) return text
  const [, whole = '', rest = ''] = (size === 4 ? /^([\da-f]*)([\s\S]*)$/ : /^(\d*)([\s\S]*)$/).exec(text) ?? []
  return whole.replace(new RegExp(`\\B(?=(?:[\\da-fA-F]{${size}})+$)`, 'g'), separator) + rest
}

function aligned(text: string, head: string, spec: Spec, fallback: string): string {
  const missing = spec.width - textLength(head + text)
  if (missing <= 0) return head + text
  const { fill } = spec
  // A zero before the width fills numbers after their sign, and text at its end
  const align = spec.align === 'zero' ? (fallback === '>' ? '=' : fallback) : (spec.align ?? fallback)
  switch (align) {
    case '<':
      return head + text + fill.repeat(missing)
    case '^':
      return fill.repeat(Math.floor(missing / 2)) + head + text + fill.repeat(Math.ceil(missing / 2))
    case '=':
      return head + fill.repeat(missing) + text
    default:
      return fill.repeat(missing) + head + text
  }
}

const signOf = (negative: boolean, spec: Spec): string => (negative ? '-' : spec.sign === '-' ? '' : spec.sign)

/** Digits with their groups; zeros that fill the width are grouped with them. */
function filled(digits: string, head: string, spec: Spec, size: number): string {
  const zeros = spec.fill === '0' && (spec.align === 'zero' || spec.align === '=')
  let text = grouped(digits, spec.grouping, size)
  if (spec.grouping === undefined || !zeros) return text
  const [whole = ''] = (size === 4 ? /^[\da-f]*/ : /^\d*/).exec(digits) ?? []
  for (let more = 1; textLength(head + text) < spec.width; more++)
    text = grouped('0'.repeat(more) + whole, spec.grouping, size) + digits.slice(whole.length)
  return text
}

const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16, d: 10, n: 10 }

function integerText(value: number | bigint, spec: Spec): string {
  const number = BigInt(value)
  const { type = 'd' } = spec
  if (spec.noNegativeZero) throw failure('Negative zero coercion (z) not allowed in format specifier with integer')
  if (spec.precision !== undefined) throw failure('Precision not allowed in integer format specifier')
  if (type === 'c') return letterText(Number(value), spec)
  const radix = RADIX[type]
  if (radix === undefined) throw failure(`Unknown format code '${type}' for object of type 'int'`)
  const prefix = spec.alternate && radix !== 10 ? `0${type}` : ''
  const head = signOf(number < 0n, spec) + prefix
  const digits = filled((number < 0n ? -number : number).toString(radix), head, spec, radix === 10 ? 3 : 4)
  return aligned(type === 'X' ? digits.toUpperCase() : digits, head, spec, '>')
}

function letterText(code: number, spec: Spec): string {
  if (spec.sign !== '') throw failure("Sign not allowed with integer format specifier 'c'")
  if (spec.alternate) throw failure("Alternate form (#) not allowed with integer format specifier 'c'")
  if (!(code >= 0 && code <= 0x10ffff)) throw failure('%c arg not in range(0x110000)')
  return aligned(String.fromCodePoint(code), '', spec, '>')
}

/** A double as `str` prints it; `#` keeps a point before an exponent. */
const strText = (size: number, alternate: boolean): string =>
  alternate ? floatText(size).replace(/^(\d+)e/, '$1.e') : floatText(size)

function floatSpec(value: number, spec: Spec): string {
  const size = Math.abs(value)
  const { type, precision } = spec
  let digits: string
  const style = { precision: precision ?? 6, alternate: spec.alternate }
  if (type === undefined && precision === undefined) digits = strText(size, spec.alternate)
  else if (type === undefined) digits = formatDouble(size, 'g', { ...style, likeStr: true })
  else if (type === '%') digits = `${formatDouble(size * 100, 'f', style)}%`
  else if ('eEfFgGn'.includes(type)) digits = formatDouble(size, type === 'n' ? 'g' : type, style)
  else throw failure(`Unknown format code '${type}' for object of type 'float'`)
  const minus =
    (value < 0 || Object.is(value, -0)) && !(spec.noNegativeZero && !/[1-9]/.test(digits.split(/e/i)[0] ?? ''))
  const head = signOf(minus, spec)
  return aligned(filled(digits, head, spec, 3), head, spec, '>')
}

function numberText(value: Num, spec: Spec): string {
  const real = spec.type !== undefined && 'eEfFgG%'.includes(spec.type)
  if (isFloat(value) || real) return floatSpec(toDouble(value), spec)
  return integerText(value as number | bigint, spec)
}

/** Which types may have groups, by which sign. */
function mindGrouping({ grouping, type }: Spec, text: boolean): void {
  if (grouping === undefined) return
  const kind = type ?? (text ? 's' : 'd')
  const fits = 'deEfFgG%'.includes(kind) || (grouping === '_' && 'boxX'.includes(kind))
  if (!fits) throw failure(`Cannot specify '${grouping}' with '${kind}'.`)
}

/** What only numbers may have. */
function mindText({ sign, noNegativeZero, alternate, align }: Spec): void {
  const what = 'not allowed in string format specifier'
  if (sign !== '') throw failure(`${sign === ' ' ? 'Space' : 'Sign'} ${what}`)
  if (noNegativeZero) throw failure(`Negative zero coercion (z) ${what}`)
  if (alternate) throw failure(`Alternate form (#) ${what}`)
  if (align === '=') throw failure(`'=' alignment ${what}`)
}

/** Python's `format(value, spec)`. */
export function formatValue(value: Value, text: string): string {
  if (value instanceof Undefined) throw value.error()
  if (text === '') return toText(value)
  const spec = parse(text)
  mindGrouping(spec, typeof value === 'string')
  const number = numeric(value)
  if (number !== undefined) return numberText(number, spec)
  if (typeof value !== 'string') {
    throw failure(
      `unsupported format string passed to ${value instanceof PyObject ? value.type : typeName(value)}.__format__`,
    )
  }
  if (spec.type !== undefined && spec.type !== 's')
    throw failure(`Unknown format code '${spec.type}' for object of type 'str'`)
  mindText(spec)
  const cut = spec.precision === undefined ? value : Array.from(value).slice(0, spec.precision).join('')
  return aligned(cut, '', spec, '<')
}
