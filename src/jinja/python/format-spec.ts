import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { LONGEST_TEXT } from '../limits.ts'
import { formatDouble } from './double-format.ts'
import { textLength } from './iterate.ts'
import { floatText, isFloat, type Num, numeric, toDouble } from './numbers.ts'
import { PyObject, Undefined } from './objects.ts'
import { toText, typeName } from './text.ts'

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?([a-zA-Z%])?$/su

interface Spec {
  readonly fill: string
  readonly align: string | undefined
  readonly sign: string
  readonly alternate: boolean
  readonly zero: boolean
  readonly width: number
  readonly grouping: string | undefined
  readonly precision: number | undefined
  readonly type: string | undefined
}

function parse(text: string): Spec {
  const found = SPEC.exec(text)
  if (!found) throw failure('Invalid format specifier')
  const [, fill, align, sign = '-', alternate, zero, width = '0', grouping, precision, type] = found
  const columns = Number(width)
  if (columns > LONGEST_TEXT || Number(precision ?? 0) > 10_000)
    throw failure('the width of the format is too large', 'template-limit')
  return {
    fill: fill ?? (zero && !align ? '0' : ' '),
    align,
    sign,
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: columns,
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  }
}

/** Groups the digits before the point. */
function grouped(text: string, separator: string | undefined, size: number): string {
  if (separator === undefined) return text
  const [, whole = '', rest = ''] = /^([\da-f]*)([\s\S]*)$/i.exec(text) ?? []
  return whole.replace(new RegExp(`\\B(?=(?:[\\da-fA-F]{${size}})+$)`, 'g'), separator) + rest
}

function aligned(text: string, head: string, spec: Spec, fallback: string): string {
  const missing = spec.width - textLength(head + text)
  if (missing <= 0) return head + text
  const { fill } = spec
  switch (spec.align ?? (spec.zero ? '=' : fallback)) {
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

const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16, d: 10, n: 10 }

function integerText(value: number | bigint, spec: Spec): string {
  const number = BigInt(value)
  const { type = 'd' } = spec
  if (type === 'c') return aligned(String.fromCodePoint(Number(value)), '', spec, '<')
  const radix = RADIX[type]
  if (radix === undefined) throw failure(`Unknown format code '${type}' for object of type 'int'`)
  if (spec.precision !== undefined) throw failure('Precision not allowed in integer format specifier')
  let digits = grouped((number < 0n ? -number : number).toString(radix), spec.grouping, radix === 10 ? 3 : 4)
  if (type === 'X') digits = digits.toUpperCase()
  const prefix = spec.alternate && radix !== 10 ? `0${type}` : ''
  return aligned(digits, signOf(number < 0n, spec) + prefix, spec, '>')
}

function floatSpec(value: number, spec: Spec): string {
  const negative = value < 0 || Object.is(value, -0)
  const size = Math.abs(value)
  const { type, precision } = spec
  let digits: string
  if (type === undefined && precision === undefined) digits = floatText(size)
  else if (type === undefined) {
    digits = formatDouble(size, 'g', precision ?? 6)
    if (!/[.en]/.test(digits)) digits += '.0'
  } else if (type === '%') digits = `${formatDouble(size * 100, 'f', precision ?? 6)}%`
  else if ('eEfFgGn'.includes(type))
    digits = formatDouble(size, type === 'n' ? 'g' : type, precision ?? 6, spec.alternate)
  else throw failure(`Unknown format code '${type}' for object of type 'float'`)
  return aligned(grouped(digits, spec.grouping, 3), signOf(negative, spec), spec, '>')
}

function numberText(value: Num, spec: Spec): string {
  const real = spec.type !== undefined && 'eEfFgG%'.includes(spec.type)
  if (isFloat(value) || real) return floatSpec(toDouble(value), spec)
  return integerText(value as number | bigint, spec)
}

/** Python's `format(value, spec)`. */
export function formatValue(value: Value, text: string): string {
  if (value instanceof Undefined) throw value.error()
  if (text === '') return toText(value)
  const spec = parse(text)
  const number = numeric(value)
  if (typeof value === 'boolean' && spec.type === undefined) return aligned(toText(value), '', spec, '<')
  if (number !== undefined) return numberText(number, spec)
  if (typeof value !== 'string') {
    throw failure(
      `unsupported format string passed to ${value instanceof PyObject ? value.type : typeName(value)}.__format__`,
    )
  }
  if (spec.type !== undefined && spec.type !== 's')
    throw failure(`Unknown format code '${spec.type}' for object of type 'str'`)
  if (spec.align === '=') throw failure("'=' alignment not allowed in string format specifier")
  const cut = spec.precision === undefined ? value : Array.from(value).slice(0, spec.precision).join('')
  return aligned(cut, '', { ...spec, zero: false }, '<')
}
