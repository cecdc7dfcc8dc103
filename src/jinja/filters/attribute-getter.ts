import { Unsafe, type Value } from '../../base/value.ts'
import { flagArgument } from '../python/arguments.ts'
import { getItem } from '../python/attributes.ts'
import type { Bound } from '../python/callable.ts'
import { Undefined } from '../python/objects.ts'

/** Takes `a.b.0` of a value, part by part; the value itself when there is no attribute to take. */
export function attributeGetter(attribute: Value, fallback?: Value): (item: Value) => Value {
  if (attribute === null) return item => item
  const parts: Value[] =
    typeof attribute !== 'string'
      ? [attribute]
      : attribute.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : part))
  return item => {
    let value = item
    for (const part of parts) {
      value = getItem(value, part)
      if (value instanceof Undefined && fallback !== undefined) return fallback
    }
    return value
  }
}

/** Text without regard to case, as Jinja2 compares unless told otherwise. */
export const folded = (value: Value): Value =>
  typeof value === 'string' ? value.toLowerCase() : value instanceof Unsafe ? value.text.toLowerCase() : value

/** Folds case unless `case_sensitive` is given. */
export const foldedUnlessSensitive = (args: Bound): ((value: Value) => Value) =>
  flagArgument(args, 'case_sensitive') ? value => value : folded
