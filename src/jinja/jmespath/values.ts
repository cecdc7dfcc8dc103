import type { Value } from '../../base/value.ts'
import { numeric } from '../python/numbers.ts'
import { DictView, Tuple } from '../python/objects.ts'

/** A list, also where Python has a tuple or a view. */
export const listOf = (value: Value): readonly Value[] | undefined => {
  if (Array.isArray(value)) return value
  return value instanceof Tuple || value instanceof DictView ? value.items : undefined
}

/** JMESPath's truth: false are null, false, and what is empty; zero is true. */
export const isTrue = (value: Value): boolean =>
  !(
    value === null ||
    value === false ||
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    (value instanceof Map && value.size === 0)
  )

/** The types of JMESPath, by the names that its function `type` gives them. */
export type Kind = 'number' | 'string' | 'boolean' | 'array' | 'object' | 'null'

export function kindOf(value: Value): Kind {
  if (value === null) return 'null'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  if (value instanceof Map) return 'object'
  if (listOf(value)) return 'array'
  return numeric(value) === undefined ? 'string' : 'number'
}
