import { Float, float, type Value } from '../../base/value.ts'
import { parseInteger } from '../python/numbers.ts'

const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/
const TRUE = /^(?:yes|true|on)$/i
const NULL = /^(?:~|null|Null|NULL|)$/
const INT = /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][\d_]*|0x[\da-fA-F_]+|[1-9][\d_]*(?::[0-5]?\d)+)$/
const FLOAT =
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/

const sexagesimal = (text: string): number => text.split(':').reduce((total, part) => total * 60 + Number(part), 0)

function integer(text: string): Value {
  const [sign, digits] = /^[-+]/.test(text) ? [text.slice(0, 1), text.slice(1)] : ['', text]
  const body = digits.replaceAll('_', '')
  if (body.includes(':')) return sign === '-' ? -sexagesimal(body) : sexagesimal(body)
  if (/^0[bx]/.test(body)) return parseInteger(sign + body, 0) ?? 0
  return parseInteger(sign + body, body.length > 1 && body.startsWith('0') ? 8 : 10) ?? 0
}

function real(text: string): Value {
  const plain = text.replaceAll('_', '').toLowerCase()
  if (plain.endsWith('.inf'))
    return new Float(plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
  if (plain === '.nan') return new Float(Number.NaN)
  if (!plain.includes(':')) return float(Number(plain))
  return float(plain.startsWith('-') ? -sexagesimal(plain.slice(1)) : sexagesimal(plain.replace('+', '')))
}

/** What YAML 1.1 reads a plain scalar as, when it is no str. Dates stay text. */
export function resolved(text: string): Value | undefined {
  if (NULL.test(text)) return null
  if (BOOL.test(text)) return TRUE.test(text)
  if (INT.test(text)) return integer(text)
  return FLOAT.test(text) ? real(text) : undefined
}

/** True when a plain scalar would be read as something other than a str, so that a str must be quoted. */
export const ambiguous = (text: string): boolean =>
  resolved(text) !== undefined || TIMESTAMP.test(text) || text === '<<' || text === '='
