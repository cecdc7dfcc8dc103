import { Unsafe, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { type Filters, NativeFunction, own } from './callable.ts'
import { lookUp } from './compare.ts'
import { DICT_METHODS } from './dict-methods.ts'
import { characters, position, type Slice, sliceBounds, sliceIndices } from './iterate.ts'
import { LIST_METHODS, TUPLE_METHODS } from './list-methods.ts'
import { FLOAT_METHODS, INT_METHODS } from './number-methods.ts'
import { isFloat, isInt } from './numbers.ts'
import { DictView, lookedAt, Namespace, PyObject, Range, Tuple, Undefined } from './objects.ts'
import { STR_METHODS } from './str-methods.ts'
import { quoted, repr, typeName } from './text.ts'

function methods(object: Value): Filters | undefined {
  if (typeof object === 'string') return STR_METHODS
  if (Array.isArray(object) || object instanceof DictView) return LIST_METHODS
  if (object instanceof Map) return DICT_METHODS
  if (object instanceof Tuple || object instanceof Range) return TUPLE_METHODS
  if (isInt(object) || typeof object === 'boolean') return INT_METHODS
  return isFloat(object) ? FLOAT_METHODS : undefined
}

/** A dict that says in its own words that it has no such key. */
export interface Explaining {
  lacks(key: string): string
}

const explains = (object: Map<Value, Value>): object is Map<Value, Value> & Explaining => 'lacks' in object

/** A part that is not there; usable until it is used. */
function missing(object: Value, key: Value): Undefined {
  if (object instanceof Map && typeof key === 'string' && explains(object)) return new Undefined(object.lacks(key))
  const what = object === null ? 'None' : `${typeName(object)} object`
  if (typeof key === 'string')
    return new Undefined(`${quoted(what)} has no attribute ${quoted(key)}`, undefined, { part: key })
  // What can be no key may be as long as it likes
  if (Array.isArray(key) || key instanceof Map) return new Undefined(`${what} has no element by a ${typeName(key)}`)
  return new Undefined(`${what} has no element ${repr(key)}`)
}

/** Parts of what is undefined are so too; the inline if without an else has none. */
function absent(object: Undefined): Undefined {
  if (object.lenient) throw object.error()
  return object
}

/**
 * `object.name`: an attribute or method, then an item. Names that begin with two underscores lead into Python's
 * internals and are refused, unless they are keys of a dict, which is data.
 */
export function getAttribute(value: Value, name: string): Value {
  const object = value instanceof Unsafe ? value.text : value
  if (object instanceof Undefined) return absent(object)
  if (name.startsWith('__')) {
    const item = object instanceof Map ? object.get(name) : undefined
    if (item !== undefined) return item
    throw failure(`access to attribute '${name}' of '${typeName(object)}' object is not allowed`, 'template-unsafe')
  }
  const attribute = object instanceof PyObject ? object.attribute(name) : undefined
  if (attribute !== undefined) return attribute
  const table = methods(object)
  const method = table && own(table, name)
  if (method) return new NativeFunction(name, method, object)
  const item = object instanceof Map ? lookedAt(() => object.get(name)) : undefined
  return item === undefined ? missing(object, name) : item
}

/** `object[key]`: an item, then (for a str key) an attribute. */
export function getItem(value: Value, key: Value): Value {
  const object = value instanceof Unsafe ? value.text : value
  if (object instanceof Undefined) return absent(object)
  if (key instanceof Undefined) throw key.error()
  if (object instanceof Map) {
    const item = Array.isArray(key) || key instanceof Map ? undefined : lookedAt(() => lookUp(object, key))
    if (item !== undefined) return item
  } else if (isInt(key) || typeof key === 'boolean') {
    const item = elementAt(object, key)
    if (item !== undefined) return item
  }
  const name = key instanceof Unsafe ? key.text : key
  if (typeof name === 'string' && !name.startsWith('__')) return getAttribute(object, name)
  return missing(object, name)
}

function elementAt(object: Value, key: Value): Value | undefined {
  if (Array.isArray(object)) return object[position(key, object.length) ?? -1]
  if (object instanceof Tuple || object instanceof DictView)
    return object.items[position(key, object.items.length) ?? -1]
  if (typeof object === 'string') {
    const letters = characters(object)
    return letters[position(key, letters.length) ?? -1]
  }
  if (object instanceof Range) {
    const at = position(key, object.length)
    return at === undefined ? undefined : object.at(at)
  }
  return undefined
}

/** `object[start:stop:step]`. */
export function getSlice(value: Value, slice: Slice): Value {
  const object = value instanceof Unsafe ? value.text : value
  if (object instanceof Undefined) return object
  const take = (items: readonly Value[]): Value[] =>
    sliceIndices(slice, items.length).map(index => items[index] ?? null)
  if (Array.isArray(object)) return take(object)
  if (object instanceof Tuple) return new Tuple(take(object.items))
  if (object instanceof DictView) return take(object.items)
  if (typeof object === 'string') {
    const letters = characters(object)
    return sliceIndices(slice, letters.length)
      .map(index => letters[index])
      .join('')
  }
  if (object instanceof Range) {
    return object.slice(sliceBounds(slice, object.length))
  }
  throw failure(`'${typeName(object)}' object is not subscriptable`)
}

/** `{% set namespace.name = value %}`. */
export function setAttribute(object: Value, name: string, value: Value): void {
  if (!(object instanceof Namespace)) throw failure('cannot assign attribute on non-namespace object')
  object.entries.set(name, value)
}
