import { fixed, scientific } from './numbers.ts'

/** `d.ddde+XX` with at least two digits of exponent. */
function exponential(value: number, digits: number): string {
  const { mantissa, exponent } = scientific(value, digits)
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** The shorter of fixed and exponential, without trailing zeros unless `keepZeros`. */
function general(value: number, precision: number, keepZeros: boolean): string {
  const digits = precision === 0 ? 1 : precision
  const exponent = scientific(value, digits - 1).exponent
  const strip = (text: string): string => (keepZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, ''))
  if (exponent >= -4 && exponent < digits) return strip(fixed(value, digits - 1 - exponent))
  const [mantissa = '', power = ''] = exponential(value, digits - 1).split('e')
  return `${strip(mantissa)}e${power}`
}

/** A non-negative double as `%e`, `%f` or `%g` prints it; upper-case letters print upper case. */
export function formatDouble(value: number, letter: string, precision: number, alternate = false): string {
  const upper = letter !== letter.toLowerCase()
  const kind = letter.toLowerCase()
  let text: string
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? 'nan' : 'inf'
  else if (kind === 'f') text = fixed(value, precision)
  else text = kind === 'e' ? exponential(value, precision) : general(value, precision, alternate)
  return upper ? text.toUpperCase() : text
}
