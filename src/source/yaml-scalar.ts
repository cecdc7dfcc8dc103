import { type Float, float } from '../base/value.ts'

/**
 * Plain scalars as YAML 1.1 and PyYAML read them, which is how Ansible reads them: `yes` and `off` are booleans but `y`
 * is not, `0644` is octal, `0o644` a string, `1:30` sexagesimal, `1e3` a string for want of a point. Dates stay strings.
 */
export type PlainValue = null | boolean | number | bigint | string | Float

/** Python refuses to convert longer decimal integers; so do we, since the time grows with the square. */
const LONGEST_INTEGER = 4300

const NULL = /^(?:~|null|Null|NULL|)$/
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/

/** The first characters that a plain scalar must have to be anything but a string. */
const TELLING = /^[-+.0-9~nNyYtTfFoO]/

/** What a plain scalar means. Text that looks like a number but is none that Python could read stays text. */
export function resolvePlain(text: string): PlainValue {
  if (text !== '' && !TELLING.test(text)) return text
  if (NULL.test(text)) return null
  if (TRUE.test(text)) return true
  if (FALSE.test(text)) return false
  if (INT.test(text)) return integer(text) ?? text
  if (FLOAT.test(text)) return floating(text) ?? text
  return text
}

/** What `!!bool text` means; undefined when it is no boolean. */
export const boolean = (text: string): boolean | undefined =>
  TRUE.test(text) ? true : FALSE.test(text) ? false : undefined

/** What `!!int text` means: decimal, octal with a leading 0, 0x, 0b, sexagesimal; undefined when it is no integer. */
export function integer(text: string): number | bigint | undefined {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(text.replaceAll('_', '')) ?? []
  if (body.length > LONGEST_INTEGER) return undefined
  const value = magnitude(body)
  if (value === undefined) return undefined
  const signed = sign === '-' ? -value : value
  const small = Number(signed)
  return Number.isSafeInteger(small) ? small + 0 : signed
}

function magnitude(body: string): bigint | undefined {
  if (/^0b[01]+$/.test(body) || /^0x[0-9a-fA-F]+$/.test(body)) return BigInt(body)
  if (/^0[0-7]*$/.test(body)) return BigInt(body === '0' ? 0 : `0o${body}`)
  if (/^[0-9]+$/.test(body)) return body.startsWith('0') ? undefined : BigInt(body)
  if (/^[0-9]+(?::[0-9]+)+$/.test(body)) return body.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n)
  return undefined
}

/** What `!!float text` means; undefined when it is no number. */
export function floating(text: string): number | Float | undefined {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(text.replaceAll('_', '').toLowerCase()) ?? []
  const value = floatMagnitude(body)
  return value === undefined ? undefined : float(sign === '-' ? -value : value)
}

function floatMagnitude(body: string): number | undefined {
  if (body === '.inf') return Number.POSITIVE_INFINITY
  if (body === '.nan') return Number.NaN
  const parts = body.split(':')
  if (!parts.every(part => /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(part))) return undefined
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0)
}
