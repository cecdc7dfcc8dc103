import { Float, Unsafe, type Value } from '../../base/value.ts'
import { Range, Tuple } from './objects.ts'

/** An int or an integral float, by its digits. */
const digits = (value: number | bigint): string => String(typeof value === 'bigint' ? value : BigInt(value))

function numberIdentity(value: number): string | undefined {
  if (Number.isNaN(value)) return undefined
  return Number.isInteger(value) ? `#${digits(value)}` : `#${value}`
}

/**
 * A text that two values share exactly when Python's `==` calls them equal: 1, 1.0 and True have one. With it equal values are found
 * without comparing each with all. Undefined where only comparing tells: lists, dicts, times, NaN.
 */
export function identity(value: Value): string | undefined {
  if (typeof value === 'string') return `'${value}`
  if (value === null) return '-'
  if (typeof value === 'number') return numberIdentity(value)
  if (typeof value === 'boolean') return value ? '#1' : '#0'
  if (typeof value === 'bigint') return `#${digits(value)}`
  if (value instanceof Float) return numberIdentity(value.value)
  if (value instanceof Unsafe) return `'${value.text}`
  if (value instanceof Range) return value.identity
  if (!(value instanceof Tuple)) return undefined
  const parts: string[] = []
  for (const item of value.items) {
    const part = identity(item)
    if (part === undefined) return undefined
    parts.push(`${part.length}:${part}`)
  }
  return `(${parts.join('')}`
}
