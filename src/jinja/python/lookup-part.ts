import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { lookUp } from './compare.ts'
import { characters, position } from './iterate.ts'
import { foundOr, PyObject, Tuple } from './objects.ts'
import { typeName } from './text.ts'

/** `value.name` in a format field: data has no attributes there, as in Python; names with an underscore are refused. */
export function getAttribute(value: Value, name: string): Value {
  if (name.startsWith('_')) throw failure(`access to attribute '${name}' is not allowed`, 'template-unsafe')
  const found = value instanceof PyObject ? value.attribute(name) : undefined
  return foundOr(found, `'${typeName(value)}' object has no attribute '${name}'`)
}

/** `value[key]` in a format field. */
export function getItem(value: Value, key: Value): Value {
  const list = Array.isArray(value)
    ? value
    : value instanceof Tuple
      ? value.items
      : typeof value === 'string'
        ? characters(value)
        : undefined
  const found = list && typeof key === 'number' ? list[position(key, list.length) ?? -1] : undefined
  const item = value instanceof Map ? lookUp(value, key) : found
  return foundOr(item, `'${typeName(value)}' object has no element '${String(key)}'`)
}
