import { randomUUID } from 'node:crypto'

/**
 * The values of the language: what YAML yields, what Jinja computes with, what modules return. They are Python's, held
 * in JavaScript's: int is an integral `number` (or a `bigint` past 2^53), float is a non-integral `number` or a `Float`
 * (so that 1.0 stays 1.0), str is `string`, list is an array, dict is a `Map` in insertion order, None is `null`.
 */
export type Value = null | boolean | number | bigint | string | Float | Unsafe | Vaulted | Value[] | Dict | Opaque

/** A dict. Keys are scalars; an own class would gain nothing over Map. */
export type Dict = Map<Value, Value>

/** A float whose value is integral, infinite or NaN: JavaScript would print `1.0` as `1`. */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** Text marked `!unsafe`: it is data, and is never rendered as a template. */
export class Unsafe {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A `!vault` string as it stands in the file; opened only when it is used. */
export class Vaulted {
  readonly armour: string
  constructor(armour: string) {
    this.armour = armour
  }
}

/** Anything the language carries without looking inside (tuples, undefined, macros, secrets): defined by `jinja/`. */
export abstract class Opaque {
  /** The Python type name, for messages. */
  abstract readonly type: string
}

/** A float as the language wants it: boxed when JavaScript could not tell it from an int. */
export const float = (value: number): number | Float =>
  Number.isInteger(value) || !Number.isFinite(value) ? new Float(value) : value

/** A dict from an object, shallow. */
export const dict = (entries: Record<string, Value | undefined>): Dict => {
  const out: Dict = new Map()
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) out.set(key, value)
  return out
}

/** JSON data (a host's answer, a parsed file) as language values. Numbers written without a point are ints. */
export function fromJson(data: unknown): Value {
  if (data === undefined || data === null) return null
  if (Array.isArray(data)) return data.map(fromJson)
  if (typeof data === 'object') return new Map(Object.entries(data).map(([key, value]) => [key, fromJson(value)]))
  if (typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean' || typeof data === 'bigint')
    return data
  throw new TypeError(`${typeof data} is not JSON data`)
}

/**
 * Language values as plain JSON data: dict keys become strings, boxed values are opened, integers past 2^53 stay `bigint`s, which `jsonLine` writes.
 * Objects have no prototype tricks.
 */
export function toJson(value: Value): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [keyText(key), toJson(item)]))
  if (Array.isArray(value)) return value.map(toJson)
  if (value instanceof Float) return value.value
  if (value instanceof Unsafe) return value.text
  if (value instanceof Vaulted) return value.armour
  if (value instanceof Opaque)
    return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : String(value)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  return value
}

/** Stands before the digits of an integer that JavaScript's JSON cannot write; no other text begins with it. */
const DIGITS = `integer ${randomUUID()} `

/** JSON of what `toJson` gives, on one line unless it is indented; integers of any length are written by their digits. */
export function jsonLine(data: unknown, indent = 0): string {
  let long = false
  const text = JSON.stringify(
    data,
    (_, value: unknown) => {
      if (typeof value !== 'bigint') return value
      long = true
      return DIGITS + value
    },
    indent,
  )
  return long ? text.replaceAll(new RegExp(`"${DIGITS}(-?\\d+)"`, 'g'), '$1') : text
}

/** How JSON in Python writes a dict key that is no string. */
function keyText(key: Value): string {
  if (key === null) return 'null'
  if (key instanceof Unsafe) return key.text
  if (key instanceof Float) return Number.isInteger(key.value) ? key.value.toFixed(1) : String(key.value)
  return String(key)
}
