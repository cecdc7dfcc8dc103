import { fixed, scientific } from './numbers.ts'

export interface DoubleStyle {
  readonly precision: number
  /** `#`: keep the point, and zeros at the end of `g`. */
  readonly alternate?: boolean
  /** As `str` prints floats: never without a point or an exponent. */
  readonly likeStr?: boolean
}

/** `d.ddde+XX` with at least two digits of exponent. */
function exponential(value: number, digits: number, keepPoint: boolean): string {
  const { mantissa, exponent } = scientific(value, digits)
  const point = keepPoint && digits === 0 ? '.' : ''
  return `${mantissa}${point}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** The shorter of fixed and exponential, without trailing zeros unless these are to be kept. */
function general(value: number, { precision, alternate = false, likeStr = false }: DoubleStyle): string {
  const digits = precision === 0 ? 1 : precision
  const { exponent } = scientific(value, digits - 1)
  const strip = (text: string): string => (alternate || !text.includes('.') ? text : text.replace(/\.?0+$/, ''))
  if (exponent >= -4 && exponent < digits - (likeStr ? 1 : 0)) {
    const text = strip(withPoint(fixed(value, digits - 1 - exponent), alternate))
    return likeStr && !text.includes('.') ? `${text}.0` : text
  }
  const [mantissa = '', power = ''] = exponential(value, digits - 1, alternate).split('e')
  return `${strip(mantissa)}e${power}`
}

const withPoint = (text: string, keepPoint: boolean): string => (keepPoint && !text.includes('.') ? `${text}.` : text)

/** A non-negative double as `%e`, `%f` or `%g` prints it; upper-case letters print upper case. */
export function formatDouble(value: number, letter: string, style: DoubleStyle): string {
  const upper = letter !== letter.toLowerCase()
  const kind = letter.toLowerCase()
  const alternate = style.alternate === true
  let text: string
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? 'nan' : 'inf'
  else if (kind === 'f') text = withPoint(fixed(value, style.precision), alternate)
  else text = kind === 'e' ? exponential(value, style.precision, alternate) : general(value, style)
  return upper ? text.toUpperCase() : text
}
