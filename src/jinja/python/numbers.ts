import { Float, float, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { doublePower, ratio } from './exact.ts'

/** A number as the language holds it; booleans become 0 and 1. */
export type Num = number | bigint | Float

/** More bits than anyone computes with in a playbook. */
const MOST_BITS = 200_000

/** The value as a number, or undefined when it is none. */
export function numeric(value: Value): Num | undefined {
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float) return value
  return typeof value === 'boolean' ? Number(value) : undefined
}

/** True for a float, boxed or not. */
export const isFloat = (value: Value): value is number | Float =>
  value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))

/** True for an int, not for a boolean. */
export const isInt = (value: Value): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))

/** The number in JavaScript's terms; big ints lose precision. */
export const toDouble = (value: Num): number => (value instanceof Float ? value.value : Number(value))

/** The number as a double, as Python makes one of it: an int that none can hold is an error. */
export function finiteDouble(value: Num): number {
  const double = toDouble(value)
  if (typeof value === 'bigint' && !Number.isFinite(double)) throw failure('int too large to convert to float')
  return double
}

/** A bigint as small as it can be. */
export function int(value: bigint): number | bigint {
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

/** An integral JavaScript number as an int, exact. */
export const intOf = (value: number): number | bigint => (Number.isSafeInteger(value) ? value + 0 : BigInt(value))

/** Computes with ints exactly: in doubles while these are exact, in bigints beyond. */
function exact(
  left: number | bigint,
  right: number | bigint,
  small: (a: number, b: number) => number,
  big: (a: bigint, b: bigint) => bigint,
): number | bigint {
  if (typeof left === 'number' && typeof right === 'number') {
    const result = small(left, right)
    if (Number.isSafeInteger(result) && Number.isSafeInteger(left) && Number.isSafeInteger(right)) return result + 0
  }
  return int(big(BigInt(left), BigInt(right)))
}

type Operation = (left: Num, right: Num) => Value

const arithmetic =
  (small: (a: number, b: number) => number, big: (a: bigint, b: bigint) => bigint): Operation =>
  (left, right) =>
    isFloat(left) || isFloat(right)
      ? float(small(finiteDouble(left), finiteDouble(right)))
      : exact(left, right, small, big)

export const add = arithmetic(
  (a, b) => a + b,
  (a, b) => a + b,
)
export const subtract = arithmetic(
  (a, b) => a - b,
  (a, b) => a - b,
)
const product = arithmetic(
  (a, b) => a * b,
  (a, b) => a * b,
)

const bits = (value: Num): number => (typeof value === 'bigint' ? value.toString(16).length * 4 : 53)

export function multiply(left: Num, right: Num): Value {
  if (bits(left) + bits(right) > MOST_BITS) throw failure('the number grows too large', 'template-limit')
  return product(left, right)
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw failure('integer division result too large for a float')
  return value
}

/** `/` always gives a float. */
export function divide(left: Num, right: Num): Value {
  if (toDouble(right) === 0)
    throw failure(isFloat(left) || isFloat(right) ? 'float division by zero' : 'division by zero')
  if (typeof left === 'bigint' || typeof right === 'bigint')
    if (!isFloat(left) && !isFloat(right)) return float(finite(ratio(BigInt(left as bigint), BigInt(right as bigint))))
  return float(finiteDouble(left) / finiteDouble(right))
}

/** The remainder has the sign of the divisor. */
const floorMod = (a: number, b: number): number => {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}
const floorModBig = (a: bigint, b: bigint): bigint => {
  const rest = a % b
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest
}

/** As Python divides doubles: by their remainder, which is exact. */
function floorQuotient(a: number, b: number): number {
  const rest = a % b
  const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0)
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0
  const floor = Math.floor(quotient)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

const floorDivision = arithmetic(floorQuotient, (a, b) => (a - floorModBig(a, b)) / b)
const remainder = arithmetic(floorMod, floorModBig)

export function floorDivide(left: Num, right: Num): Value {
  if (toDouble(right) === 0) throw failure('integer division or modulo by zero')
  return floorDivision(left, right)
}

export function modulo(left: Num, right: Num): Value {
  if (toDouble(right) === 0) throw failure('integer modulo by zero')
  return remainder(left, right)
}

/** `**`: exact for ints with a non-negative exponent, a float otherwise. */
export function power(left: Num, right: Num): Value {
  if (isFloat(left) || isFloat(right) || toDouble(right) < 0) {
    const [base, exponent] = [finiteDouble(left), finiteDouble(right)]
    if (base === 0 && exponent < 0) throw failure('0.0 cannot be raised to a negative power')
    const result = doublePower(base, exponent)
    if (Number.isNaN(result) && !Number.isNaN(base) && !Number.isNaN(exponent))
      throw failure('the result is a complex number')
    if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent))
      throw failure('the result is too large')
    return float(result)
  }
  const [base, exponent] = [BigInt(left), BigInt(right)]
  const large = base > 1n || base < -1n
  if (large && (exponent > BigInt(MOST_BITS) || Number(exponent) * base.toString(2).length > MOST_BITS)) {
    throw failure('the number grows too large', 'template-limit')
  }
  return int(large ? base ** exponent : base ** (exponent % 2n === 0n && exponent > 0n ? 2n : exponent % 2n))
}

export function negate(value: Num): Value {
  if (value instanceof Float) return float(-value.value)
  if (typeof value === 'bigint') return int(-value)
  return Number.isInteger(value) ? 0 - value : -value
}

/** A float as Python's `repr` prints it: the shortest digits that read back, with an exponent below 1e-4 and from 1e16. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  const sign = value < 0 ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

/** An int as Python prints it. */
export const intText = (value: number | bigint): string =>
  typeof value === 'number' && !Number.isSafeInteger(value) ? BigInt(value).toString() : value.toString()

/** Any number as `str()` prints it. */
export const numberText = (value: Num): string => {
  if (value instanceof Float) return floatText(value.value)
  return isFloat(value) ? floatText(value as number) : intText(value)
}

const INT = /^\s*([-+]?)(?:0([xob]))?([0-9a-z]+(?:_[0-9a-z]+)*)\s*$/i
const PREFIX: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2 }

/** Python's `int(text, base)`; undefined where Python raises ValueError. */
export function parseInteger(text: string, base = 10): number | bigint | undefined {
  const found = INT.exec(text)
  if (!found) return undefined
  const [, sign = '', letter, body = ''] = found
  const prefixed = letter === undefined ? undefined : PREFIX[letter.toLowerCase()]
  let radix = base === 0 ? (prefixed ?? 10) : base
  let digits = body.replaceAll('_', '')
  if (letter !== undefined && prefixed !== radix) {
    digits = `0${letter}${digits}`
    radix = base
  }
  if (digits === '') return undefined
  let total = 0n
  if (digits.length > 20_000) throw failure('the number grows too large', 'template-limit')
  if (radix === 10 && /^\d+$/.test(digits)) total = BigInt(digits)
  else {
    for (const character of digits) {
      const digit = Number.parseInt(character, 36)
      if (Number.isNaN(digit) || digit >= radix) return undefined
      total = total * BigInt(radix) + BigInt(digit)
    }
  }
  return int(sign === '-' ? -total : total)
}

const FLOAT = /^\s*[-+]?(?:(?:\d+(?:_\d+)*)(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?\s*$/i
const SPECIAL = /^\s*([-+]?)(inf|infinity|nan)\s*$/i

/** Python's `float(text)`; undefined where Python raises ValueError. */
export function parseFloatText(text: string): number | undefined {
  if (FLOAT.test(text)) return Number(text.trim().replaceAll('_', ''))
  const special = SPECIAL.exec(text)
  if (!special) return undefined
  const size = special[2]?.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY
  return special[1] === '-' ? -size : size
}

/** Rounds a double to `digits` decimals, half to even on the exact value, as Python's `round` does. */
export function roundTo(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value
  if (digits < 0) {
    const [numerator, shift] = fraction(Math.abs(value))
    const unit = (10n ** BigInt(Math.min(-digits, 400))) << BigInt(shift)
    const rest = (numerator % unit) * 2n
    const down = numerator / unit
    const whole = Number(
      ((rest > unit || (rest === unit && down % 2n === 1n) ? down + 1n : down) * unit) >> BigInt(shift),
    )
    return value < 0 || Object.is(value, -0) ? -whole : whole
  }
  return digits > 100 ? value : Number(fixed(value, digits))
}

/** Rounds an int to tens, hundreds and so on, half to even. */
export function roundInt(value: number | bigint, zeros: number): number | bigint {
  const [exactly, unit] = [BigInt(value), 10n ** BigInt(Math.min(zeros, 10_000))]
  const rest = floorModBig(exactly, unit)
  const down = exactly - rest
  const up = rest * 2n > unit || (rest * 2n === unit && (down / unit) % 2n !== 0n)
  return int(up ? down + unit : down)
}

/** `%.{digits}f` of a double: exact decimal expansion, half to even. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return floatText(value)
  const negative = value < 0 || Object.is(value, -0)
  const [numerator, shift] = fraction(Math.abs(value))
  const scaled = numerator * 10n ** BigInt(digits)
  const divisor = 1n << BigInt(shift)
  let whole = scaled / divisor
  const rest = (scaled % divisor) * 2n
  if (rest > divisor || (rest === divisor && whole % 2n === 1n)) whole += 1n
  const text = whole.toString().padStart(digits + 1, '0')
  const point = text.length - digits
  return `${negative ? '-' : ''}${text.slice(0, point)}${digits > 0 ? `.${text.slice(point)}` : ''}`
}

/** `%.{digits}e` of a non-negative finite double, as digits with a point and the power of ten: half to even. */
export function scientific(value: number, digits: number): { mantissa: string; exponent: number } {
  if (value === 0) return { mantissa: fixed(0, digits), exponent: 0 }
  let exponent = Number(value.toExponential().split('e')[1])
  const [numerator, shift] = fraction(value)
  const scaled = (power: number): string => {
    const [top, bottom] =
      power >= 0
        ? [numerator * 10n ** BigInt(power), 1n << BigInt(shift)]
        : [numerator, (1n << BigInt(shift)) * 10n ** BigInt(-power)]
    const rest = (top % bottom) * 2n
    const whole = top / bottom
    return (rest > bottom || (rest === bottom && whole % 2n === 1n) ? whole + 1n : whole).toString()
  }
  let text = scaled(digits - exponent)
  if (text.length > digits + 1) {
    exponent += 1
    text = scaled(digits - exponent)
  }
  return { mantissa: digits > 0 ? `${text.slice(0, 1)}.${text.slice(1)}` : text, exponent }
}

/** A non-negative double as numerator / 2**shift, exactly. */
function fraction(value: number): [numerator: bigint, shift: number] {
  let shift = 0
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    shift += 1
  }
  return [BigInt(scaled), shift]
}
