import { Unsafe, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import type { Bound } from './callable.ts'
import { numeric, toDouble } from './numbers.ts'
import { Undefined } from './objects.ts'
import { toText, truthy, typeName } from './text.ts'

/** A str, or Python's complaint. */
export function text(value: Value, what = 'argument'): string {
  if (typeof value === 'string') return value
  if (value instanceof Unsafe) return value.text
  if (value instanceof Undefined && !value.lenient) throw value.error()
  throw failure(`${what} must be str, not ${typeName(value)}`)
}

/** Anything as text, as filters that call `str()` on their input do. */
export const soft = (value: Value): string => toText(value)

/** An int as a JavaScript number. */
export function integer(value: Value, what = 'argument'): number {
  const number = numeric(value)
  if (value instanceof Undefined) throw value.error()
  const double = number === undefined ? Number.NaN : toDouble(number)
  if (number === undefined || !Number.isInteger(double) || typeof number === 'object') {
    throw failure(`${what} must be an integer, not ${typeName(value)}`)
  }
  return double
}

/** The named argument as a str. */
export const textArgument = (args: Bound, name: string): string => text(args.value(name), `argument '${name}'`)

/** The named argument as an int. */
export const integerArgument = (args: Bound, name: string): number => integer(args.value(name), `argument '${name}'`)

/** The named argument's truth. */
export const flagArgument = (args: Bound, name: string): boolean => truthy(args.value(name))

/** The named argument as a str, or undefined when it is None or was not given. */
export function optionalText(args: Bound, name: string): string | undefined {
  const value = args.optional(name)
  return value === undefined || value === null ? undefined : text(value, `argument '${name}'`)
}

/** A dict, or Python's complaint. */
export function mapping(value: Value, what: string): Map<Value, Value> {
  if (value instanceof Map) return value
  if (value instanceof Undefined) throw value.error()
  throw failure(`${what} requires a dictionary, got '${typeName(value)}'`)
}
