import { Unsafe, type Value, Vaulted } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { floatText, isFloat, numberText, numeric, toDouble } from '../python/numbers.ts'
import { DictView, Tuple, Undefined } from '../python/objects.ts'
import { toText } from '../python/text.ts'
import type { ScalarStyle } from './yaml-style.ts'

export interface YamlStyle {
  readonly indent: number
  readonly width: number
  /** True writes all in brackets, false nothing; null what holds scalars only. */
  readonly flow: boolean | null
  readonly sortKeys: boolean
  readonly unicode: boolean
  /** Vaulted values are written as they stand in files, with their tag; otherwise they are refused. */
  readonly vaults?: boolean
  /** The style of every scalar, where it can have it. */
  readonly scalars?: ScalarStyle | undefined
  /** Everything with its tag, in brackets and double quotes. */
  readonly canonical?: boolean
  /** Whether `---` stands before the document, and `...` after it. */
  readonly start?: boolean
  readonly end?: boolean
}

/** A scalar as text, whether it is a str (whose style is to be chosen), and YAML's name of its type. */
export interface ScalarText {
  readonly text: string
  readonly str: boolean
  readonly type: 'str' | 'int' | 'float' | 'bool' | 'null'
}

export function scalar(value: Value): ScalarText | undefined {
  if (value === null) return { text: 'null', str: false, type: 'null' }
  if (typeof value === 'boolean') return { text: String(value), str: false, type: 'bool' }
  if (isFloat(value)) {
    const double = toDouble(value)
    if (!Number.isFinite(double))
      return { text: Number.isNaN(double) ? '.nan' : double > 0 ? '.inf' : '-.inf', str: false, type: 'float' }
    const text = floatText(double)
    return { text: text.includes('.') ? text : text.replace('e', '.0e'), str: false, type: 'float' }
  }
  const number = numeric(value)
  if (number !== undefined) return { text: numberText(number), str: false, type: 'int' }
  if (typeof value === 'string' || value instanceof Unsafe) return { text: toText(value), str: true, type: 'str' }
  if (value instanceof Undefined) throw value.error()
  if (value instanceof Vaulted) throw failure('a vaulted value cannot be written as YAML')
  return undefined
}

/** What PyYAML calls a leaf when it chooses brackets. */
export const isScalar = (value: Value): boolean => scalar(value) !== undefined

export const listOf = (value: Value): readonly Value[] | undefined => {
  if (Array.isArray(value)) return value
  return value instanceof Tuple || value instanceof DictView ? value.items : undefined
}
