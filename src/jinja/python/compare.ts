import { Opaque, Unsafe, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { identity } from './identity.ts'
import { type Num, numeric, toDouble } from './numbers.ts'
import { DictView, PyObject, Range, Tuple, Undefined } from './objects.ts'
import { typeName } from './text.ts'

/** An object with an order of its own (versions, times). */
export abstract class Ordered extends PyObject {
  /** Below, at or above zero; undefined when the two cannot be compared. */
  abstract compare(other: Value): number | undefined
}

const sign = (left: Num, right: Num): number => {
  if (typeof left === 'bigint' || typeof right === 'bigint') {
    // JavaScript compares a bigint with a double exactly.
    const [a, b] = [
      typeof left === 'bigint' ? left : toDouble(left),
      typeof right === 'bigint' ? right : toDouble(right),
    ]
    return a < b ? -1 : a > b ? 1 : 0
  }
  const [a, b] = [toDouble(left), toDouble(right)]
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN
}

const SURROGATE = /[\ud800-\udfff]/

/** Strings by code point: JavaScript's own order is by UTF-16 unit. */
export function compareText(left: string, right: string): number {
  if (!SURROGATE.test(left) && !SURROGATE.test(right)) return left < right ? -1 : left > right ? 1 : 0
  const [a, b] = [
    Array.from(left, letter => letter.codePointAt(0) ?? 0),
    Array.from(right, letter => letter.codePointAt(0) ?? 0),
  ]
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

const sequence = (value: Value): readonly Value[] | undefined => {
  if (Array.isArray(value)) return value
  return value instanceof Tuple ? value.items : undefined
}

/** Pairs that one comparison may look at: lists that hold one list many times are larger than they look. */
const MOST_COMPARED = 10_000_000

interface Work {
  left: number
}

function equalItems(left: readonly Value[], right: readonly Value[], work: Work): boolean {
  if (left.length !== right.length) return false
  work.left -= left.length
  if (work.left < 0) throw failure(`more than ${MOST_COMPARED.toLocaleString('en')} parts to compare`, 'template-limit')
  return left.every((item, index) => equals(item, right[index] ?? null, work))
}

/** Python's `==`: 1 == 1.0 == True; a list is no tuple; dicts without regard to order. `work` is for the comparison of parts. */
export function equals(left: Value, right: Value, work: Work = { left: MOST_COMPARED }): boolean {
  if (left instanceof Undefined || right instanceof Undefined) return undefinedEquals(left, right)
  if (left === right) return true
  if (typeof left === 'string' || left instanceof Unsafe) {
    return (typeof right === 'string' || right instanceof Unsafe) && text(left) === text(right)
  }
  if (Array.isArray(left)) return Array.isArray(right) && equalItems(left, right, work)
  if (left instanceof Map) {
    if (!(right instanceof Map) || left.size !== right.size) return false
    return Array.from(left).every(([key, item]) => {
      const other = lookUp(right, key)
      return other !== undefined && equalItems([item], [other], work)
    })
  }
  if (left instanceof Tuple) return right instanceof Tuple && equalItems(left.items, right.items, work)
  if (left instanceof Range) return right instanceof Range && left.identity === right.identity
  if (left instanceof DictView) {
    return (
      right instanceof DictView && left.type !== 'dict_values' && left.type === right.type && sameItems(left, right)
    )
  }
  if (left instanceof Ordered) return left.compare(right) === 0
  if (left instanceof Opaque) return false
  const [a, b] = [numeric(left), numeric(right)]
  return a !== undefined && b !== undefined && sign(a, b) === 0
}

const text = (value: string | Unsafe): string => (typeof value === 'string' ? value : value.text)

const sameItems = (left: DictView, right: DictView): boolean =>
  left.items.length === right.items.length && left.items.every(item => right.items.some(other => equals(item, other)))

function undefinedEquals(left: Value, right: Value): boolean {
  for (const side of [left, right]) if (side instanceof Undefined && !side.lenient) throw side.error()
  return left instanceof Undefined && right instanceof Undefined
}

/** The value under a key, found as Python finds it: 1, 1.0 and True are one key; tuples by their parts. */
export function lookUp(map: Map<Value, Value>, key: Value): Value | undefined {
  if (typeof key === 'string') return map.get(key)
  const found = sameKey(map, key)
  return found === undefined ? undefined : map.get(found)
}

/** Refuses what can be no key and no member of a set: lists and dicts, also within tuples. */
export function hashable(key: Value): void {
  if (Array.isArray(key) || key instanceof Map || key instanceof DictView)
    throw failure(`unhashable type: '${typeName(key)}'`)
  if (key instanceof Tuple) for (const part of key.items) hashable(part)
  if (key instanceof Undefined) throw key.error()
}

/** The key of the map that equals this one. */
export function sameKey(map: Map<Value, Value>, key: Value): Value | undefined {
  if (key instanceof Unsafe) return map.has(key.text) ? key.text : undefined
  hashable(key)
  if (map.has(key)) return key
  if (typeof key === 'string' || key === null) return undefined
  const wanted = identity(key)
  if (wanted !== undefined && map.size >= LARGE && Object.getPrototypeOf(map) === Map.prototype) {
    const found = indexOf(map).keys.get(wanted)
    return found !== undefined && map.has(found) ? found : undefined
  }
  for (const candidate of map.keys()) if (typeof candidate !== 'string' && equals(candidate, key)) return candidate
  return undefined
}

/** The keys of a dict that are no str, by their identities; as it was when the dict had `size` entries. */
interface Index {
  readonly keys: Map<string, Value>
  size: number
}

/** From so many entries on a dict has an index: filling it without one would take the square of the time. */
const LARGE = 16
const indices = new WeakMap<Map<Value, Value>, Index>()

function indexOf(map: Map<Value, Value>): Index {
  const known = indices.get(map)
  if (known?.size === map.size) return known
  const index: Index = { keys: new Map(), size: map.size }
  for (const key of map.keys()) remember(index, key)
  indices.set(map, index)
  return index
}

function remember({ keys }: Index, key: Value): void {
  const name = typeof key === 'string' ? undefined : identity(key)
  if (name !== undefined) keys.set(name, key)
}

/** Empties a dict. */
export function removeAll(map: Map<Value, Value>): void {
  map.clear()
  indices.delete(map)
}

/** Takes a key out of a dict. */
export function removeKey(map: Map<Value, Value>, key: Value): void {
  map.delete(key)
  indices.delete(map)
}

/** Puts a value under a key, keeping an equal key that is there already. */
export function put(map: Map<Value, Value>, key: Value, value: Value): void {
  const found = typeof key === 'string' ? key : sameKey(map, key)
  const name = found ?? (key instanceof Unsafe ? key.text : key)
  map.set(name, value)
  const index = indices.get(map)
  if (!index || index.size !== map.size - 1) return
  index.size = map.size
  remember(index, name)
}

/**
 * The order of two values, as `<` and friends see it: negative, zero, positive, or NaN when neither is smaller.
 * Throws Python's words when the types have no order; `operator` is for these words.
 */
export function compare(left: Value, right: Value, operator = '<'): number {
  for (const side of [left, right]) if (side instanceof Undefined) throw side.error()
  if ((typeof left === 'string' || left instanceof Unsafe) && (typeof right === 'string' || right instanceof Unsafe)) {
    return compareText(text(left), text(right))
  }
  const [a, b] = [numeric(left), numeric(right)]
  if (a !== undefined && b !== undefined) return sign(a, b)
  if (typeName(left) === typeName(right)) {
    const [first, second] = [sequence(left), sequence(right)]
    if (first && second) return compareItems(first, second, operator)
  }
  if (left instanceof Ordered) {
    const order = left.compare(right)
    if (order !== undefined) return order
  }
  throw failure(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`)
}

function compareItems(left: readonly Value[], right: readonly Value[], operator: string): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [a, b] = [left[index] ?? null, right[index] ?? null]
    if (!equals(a, b)) return compare(a, b, operator)
  }
  return left.length - right.length
}
