/** Doubles rounded as the C library of Python rounds them: the nearest one, where JavaScript may be off by one bit. */

const MANTISSA = 53
/** Bits after the point: enough that the 53 that remain are right. */
const BITS = 160n
const ONE = 1n << BITS

const bitLength = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length)

const shifted = (value: bigint, by: number): bigint => (by >= 0 ? value << BigInt(by) : value >> BigInt(-by))

/** The double nearest to numerator / denominator, half to even. The denominator is not zero. */
export function ratio(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return denominator < 0n ? -0 : 0
  const negative = numerator < 0n !== denominator < 0n
  const top = numerator < 0n ? -numerator : numerator
  const bottom = denominator < 0n ? -denominator : denominator
  const exponent = bitLength(top) - bitLength(bottom)
  if (exponent > 1100) return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  // Two bits more than a double holds, and a last one that says whether anything follows; fewer bits below the normal numbers
  const shift = Math.min(MANTISSA + 2 - exponent, 1074 + 2)
  const [scaled, by] = shift >= 0 ? [top << BigInt(shift), bottom] : [top, bottom << BigInt(-shift)]
  const quotient = scaled / by
  const sticky = scaled % by === 0n ? 0n : 1n
  const value = nearest((quotient << 1n) | sticky, shift + 1)
  return negative ? -value : value
}

/** bits / 2**shift as a double; the lowest bit is sticky. */
function nearest(bits: bigint, shift: number): number {
  const length = bitLength(bits)
  const drop = Math.max(length - MANTISSA, shift - 1074)
  if (drop <= 0) return scaledBy(Number(bits), -shift)
  const half = 1n << BigInt(drop - 1)
  const rest = bits & ((1n << BigInt(drop)) - 1n)
  let kept = bits >> BigInt(drop)
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n
  return scaledBy(Number(kept), drop - shift)
}

/** value * 2**exponent, exactly where it fits: in two steps, for a power of two alone may be too large or too small. */
function scaledBy(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2)
  return value * 2 ** half * 2 ** (exponent - half)
}

/** A double other than zero, infinity and NaN as an integer times a power of two. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  let exponent = 0
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    exponent -= 1
  }
  return { mantissa: BigInt(scaled), exponent }
}

/** The product of two numbers with BITS after the point. */
const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS

/** The natural logarithm of top / bottom, near 1, with BITS after the point: twice the inverse hyperbolic tangent. */
function logarithm(top: bigint, bottom: bigint): bigint {
  const t = ((top - bottom) << BITS) / (top + bottom)
  const square = times(t, t)
  let [term, sum, divisor] = [t, 0n, 1n]
  while (term !== 0n && term !== -1n) {
    sum += term / divisor
    term = times(term, square)
    divisor += 2n
  }
  return sum * 2n
}

const LN2 = logarithm(2n, 1n)

/** e to the power of a number with BITS after the point, small, as such a number. */
function exponential(power: bigint): bigint {
  let [term, sum, divisor] = [ONE, 0n, 1n]
  while (term !== 0n && term !== -1n) {
    sum += term
    term = times(term, power) / divisor
    divisor += 1n
  }
  return sum
}

/** base ** exponent for doubles: the nearest double, which the C library's `pow` misses once in a thousand times. */
export function doublePower(base: number, exponent: number): number {
  const rough = base ** exponent
  if (!Number.isFinite(rough) || rough === 0 || base === 1 || exponent === 0) return rough
  const [whole, power] = [parts(Math.abs(base)), parts(exponent)]
  // The base as a fraction between 3/4 and 3/2, and a power of two
  let scale = bitLength(whole.mantissa)
  if (whole.mantissa * 4n < 3n * (1n << BigInt(scale))) scale -= 1
  const log = logarithm(whole.mantissa, 1n << BigInt(scale)) + BigInt(scale + whole.exponent) * LN2
  const product = shifted(log * power.mantissa, power.exponent)
  const twos = product / LN2
  const bits = exponential(product - twos * LN2)
  const exact = nearest((bits << 1n) | 1n, Number(BITS) + 1 - Number(twos))
  return rough < 0 ? -exact : exact
}
