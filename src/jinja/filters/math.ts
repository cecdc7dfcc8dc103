import { float, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { lookUp, put } from '../python/compare.ts'
import { items } from '../python/iterate.ts'
import { numeric, toDouble } from '../python/numbers.ts'
import { toText } from '../python/text.ts'

/** A number as a double; anything else is an error in the name of the filter. */
function double(value: Value, filter: string): number {
  const number = numeric(value)
  if (number !== undefined) return toDouble(number)
  throw failure(`${filter}() can only be used on numbers: must be real number, not '${toText(value)}'`)
}

function finite(result: number, filter: string): Value {
  if (Number.isNaN(result)) throw failure(`${filter}(): math domain error`)
  return float(result)
}

/** The logarithm, natural unless a base is asked for. */
function log(value: Value, args: Bound): Value {
  const number = double(value, 'log')
  if (number <= 0) throw failure('log(): math domain error')
  const base = args.value('base') === null ? Math.E : double(args.value('base'), 'log')
  if (base === 10) return float(Math.log10(number))
  return base === Math.E ? float(Math.log(number)) : finite(Math.log(number) / Math.log(base), 'log')
}

const power = (value: Value, args: Bound): Value =>
  finite(double(value, 'pow') ** double(args.value('y'), 'pow'), 'pow')

function root(value: Value, args: Bound): Value {
  const [number, base] = [double(value, 'root'), double(args.value('base'), 'root')]
  return finite(base === 2 ? Math.sqrt(number) : number ** (1 / base), 'root')
}

/** Dicts by the value of one of their keys. */
function rekeyOnMember(value: Value, args: Bound, run: Runtime): Value {
  const [key, duplicates] = [args.value('key'), textArgument(args, 'duplicates')]
  if (duplicates !== 'error' && duplicates !== 'overwrite')
    throw failure(`duplicates parameter to rekey_on_member has unknown value: ${duplicates}`)
  if (!(value instanceof Map) && (typeof value !== 'object' || value === null))
    throw failure('Type is not a valid list, set, or dict')
  const out = new Map<Value, Value>()
  for (const item of value instanceof Map ? value.values() : items(value, run)) {
    if (!(item instanceof Map)) throw failure('List item is not a valid dict')
    const member = item.get(key)
    if (member === undefined) throw failure(`Key ${toText(key)} was not found`)
    if (duplicates === 'error' && lookUp(out, member) !== undefined)
      throw failure(`Key ${toText(member)} is not unique, cannot convert to dict`)
    put(out, member, item)
  }
  return out
}

/** Logarithms, powers and roots, always as floats, and dicts by a member. */
export const MATH_FILTERS: Filters = {
  log: native('base=None', log),
  pow: native('y', power),
  root: native('base=2', root),
  rekey_on_member: native("key, duplicates='error'", rekeyOnMember),
}
