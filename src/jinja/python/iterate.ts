import { Unsafe, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { ITEMS_OF_STEP } from '../limits.ts'
import type { Runtime } from './callable.ts'
import { equals, sameKey } from './compare.ts'
import { isInt, numeric, toDouble } from './numbers.ts'
import { DictView, Range, Tuple, Undefined } from './objects.ts'
import { typeName } from './text.ts'

const SURROGATE = /[\ud800-\udfff]/

/** A str by code points; characters outside the BMP count once. */
export const characters = (text: string): string[] => (SURROGATE.test(text) ? Array.from(text) : text.split(''))

/** How many code points a str has. */
export const textLength = (text: string): number => (SURROGATE.test(text) ? Array.from(text).length : text.length)

/** The items that a `for` would see; a dict gives its keys, a str its characters. Never changes the value. */
export function items(value: Value, run: Runtime): readonly Value[] {
  if (Array.isArray(value) || value instanceof Tuple || value instanceof DictView) {
    const list = Array.isArray(value) ? value : value.items
    run.charge(list.length / ITEMS_OF_STEP)
    return list
  }
  if (value instanceof Map) {
    run.charge(value.size / ITEMS_OF_STEP)
    return [...value.keys()]
  }
  if (typeof value === 'string' || value instanceof Unsafe) {
    const whole = typeof value === 'string' ? value : value.text
    run.charge(whole.length / ITEMS_OF_STEP)
    return characters(whole)
  }
  if (value instanceof Range) {
    run.charge(value.length)
    return Array.from({ length: value.length }, (_item, index) => value.at(index))
  }
  if (value instanceof Undefined) {
    if (value.lenient) return []
    throw value.error()
  }
  throw failure(`'${typeName(value)}' object is not iterable`)
}

/** `len()`. */
export function length(value: Value): number {
  if (typeof value === 'string') return textLength(value)
  if (value instanceof Unsafe) return textLength(value.text)
  if (Array.isArray(value)) return value.length
  if (value instanceof Map) return value.size
  if (value instanceof Tuple || value instanceof DictView) return value.items.length
  if (value instanceof Range) return value.length
  if (value instanceof Undefined) {
    if (value.lenient) return 0
    throw value.error()
  }
  throw failure(`object of type '${typeName(value)}' has no len()`)
}

/** `item in container`. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string' || container instanceof Unsafe) {
    const whole = typeof container === 'string' ? container : container.text
    if (typeof item === 'string') return whole.includes(item)
    if (item instanceof Unsafe) return whole.includes(item.text)
    if (item instanceof Undefined) throw item.error()
    throw failure(`'in <string>' requires string as left operand, not ${typeName(item)}`)
  }
  if (container instanceof Map) return sameKey(container, item) !== undefined
  if (Array.isArray(container)) return container.some(other => equals(item, other))
  if (container instanceof Tuple || container instanceof DictView)
    return container.items.some(other => equals(item, other))
  if (container instanceof Range) {
    if (item instanceof Undefined && container.length > 0) throw item.error()
    const number = numeric(item)
    if (number === undefined) return false
    const index = (toDouble(number) - container.start) / container.step
    return Number.isInteger(index) && index >= 0 && index < container.length
  }
  if (container instanceof Undefined) {
    if (container.lenient) return false
    throw container.error()
  }
  throw failure(`argument of type '${typeName(container)}' is not iterable`)
}

/** An index as Python counts it; undefined when it is outside. */
export function position(index: Value, size: number): number | undefined {
  const wanted = typeof index === 'boolean' ? Number(index) : Number(index)
  const at = wanted < 0 ? wanted + size : wanted
  return at >= 0 && at < size ? at : undefined
}

export interface Slice {
  readonly start: Value
  readonly stop: Value
  readonly step: Value
}

function bound(value: Value, fallback: number, size: number, backwards: boolean): number {
  if (value === null) return fallback
  if (!isInt(value) && typeof value !== 'boolean') {
    throw failure('slice indices must be integers or None or have an __index__ method')
  }
  const wanted = Number(value)
  const at = wanted < 0 ? wanted + size : wanted
  return Math.max(backwards ? -1 : 0, Math.min(at, backwards ? size - 1 : size))
}

/** From where to where, and by which steps, a slice of a sequence of this size goes. */
export function sliceBounds(slice: Slice, size: number): { start: number; stop: number; step: number } {
  const step = slice.step === null ? 1 : Number(slice.step)
  if (slice.step !== null && !isInt(slice.step))
    throw failure('slice indices must be integers or None or have an __index__ method')
  if (step === 0) throw failure('slice step cannot be zero')
  const start = bound(slice.start, step < 0 ? size - 1 : 0, size, step < 0)
  const stop = bound(slice.stop, step < 0 ? -1 : size, size, step < 0)
  return { start, stop, step }
}

/** The indices that a slice of a sequence of this size takes. */
export function sliceIndices(slice: Slice, size: number): number[] {
  const { start, stop, step } = sliceBounds(slice, size)
  const out: number[] = []
  for (let index = start; step < 0 ? index > stop : index < stop; index += step) out.push(index)
  return out
}
