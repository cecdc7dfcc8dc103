import { nearest } from '../../base/nearest.ts'
import { float, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { writeJson } from '../formats/json-write.ts'
import type { Nesting } from '../python/callable.ts'
import { compare, equals } from '../python/compare.ts'
import { length } from '../python/iterate.ts'
import {
  add,
  divide,
  intOf,
  type Num,
  negate,
  numeric,
  parseFloatText,
  parseInteger,
  toDouble,
} from '../python/numbers.ts'
import { sorted } from '../python/sort.ts'
import { type Kind, kindOf, listOf } from './values.ts'

type Wanted = Kind | 'any' | 'expression'

/** A value, or (`apply`) an expression to be applied to values. */
export interface Argument {
  readonly value: Value
  readonly apply?: (item: Value) => Value
}

type Body = (args: readonly Argument[], run: Nesting) => Value

interface Function {
  readonly wants: readonly (readonly Wanted[])[]
  /** The last kind may be repeated. */
  readonly variadic: boolean
  readonly body: Body
}

const define = (wants: readonly (readonly Wanted[])[], body: Body, variadic = false): Function => ({
  wants,
  variadic,
  body,
})

const at = (args: readonly Argument[], index = 0): Value => args[index]?.value ?? null
const text = (args: readonly Argument[], index = 0): string => String(at(args, index))
const list = (args: readonly Argument[], index = 0): readonly Value[] => listOf(at(args, index)) ?? []
const map = (args: readonly Argument[], index = 0): Map<Value, Value> => {
  const value = at(args, index)
  return value instanceof Map ? value : new Map()
}
const number = (value: Value): Num => numeric(value) ?? 0

/** The items, if they can be put in order: numbers only, or texts only. */
function ordered(items: readonly Value[], name: string): readonly Value[] {
  const kinds = new Set(items.map(kindOf))
  if (kinds.size > 1 || (kinds.size === 1 && !kinds.has('number') && !kinds.has('string')))
    throw failure(`json_query: ${name}() wants numbers only, or texts only`)
  return items
}

function extreme(items: readonly Value[], keys: readonly Value[], sign: 1 | -1): Value {
  let best = 0
  for (const [index, key] of keys.entries()) if (compare(key, keys[best] ?? null) * sign > 0) best = index
  return items[best] ?? null
}

/** The values of an expression for the items, which must have an order. */
function keysBy(args: readonly Argument[], name: string): readonly Value[] {
  const apply = args[1]?.apply
  const keys = list(args).map(item => (apply ? apply(item) : null))
  return ordered(keys, name)
}

const rounded =
  (round: (value: number) => number): Body =>
  args => {
    const value = numeric(at(args))
    return typeof value === 'bigint' ? value : intOf(round(toDouble(value ?? 0)))
  }

function toNumber(value: Value): Value {
  if (typeof value !== 'string') return kindOf(value) === 'number' ? value : null
  const real = parseFloatText(value)
  return parseInteger(value) ?? (real === undefined ? null : float(real))
}

const jsonText = (value: Value, run: Nesting): string =>
  typeof value === 'string'
    ? value
    : writeJson(value, { indent: null, sortKeys: false, ascii: true, separators: [',', ':'] }, run)

const NUMBER: readonly Wanted[] = ['number']
const STRING: readonly Wanted[] = ['string']
const ARRAY: readonly Wanted[] = ['array']
const OBJECT: readonly Wanted[] = ['object']
const ANY: readonly Wanted[] = ['any']
const EXPRESSION: readonly Wanted[] = ['expression']

const FUNCTIONS: Readonly<Record<string, Function>> = {
  abs: define([NUMBER], args => (toDouble(number(at(args))) < 0 ? negate(number(at(args))) : at(args))),
  avg: define([ARRAY], args => {
    const items = list(args)
    return items.length === 0
      ? null
      : divide(
          items.map(number).reduce((a, b) => number(add(a, b))),
          items.length,
        )
  }),
  ceil: define([NUMBER], rounded(Math.ceil)),
  contains: define([['array', 'string'], ANY], args => {
    const whole = at(args)
    if (typeof whole === 'string') return typeof at(args, 1) === 'string' && whole.includes(text(args, 1))
    return list(args).some(item => equals(item, at(args, 1)))
  }),
  ends_with: define([STRING, STRING], args => text(args).endsWith(text(args, 1))),
  floor: define([NUMBER], rounded(Math.floor)),
  join: define([STRING, ARRAY], args => list(args, 1).map(String).join(text(args))),
  keys: define([OBJECT], args => [...map(args).keys()]),
  length: define([['string', 'array', 'object']], args => length(at(args))),
  map: define([EXPRESSION, ARRAY], args => {
    const apply = args[0]?.apply
    return list(args, 1).map(item => (apply ? apply(item) : null))
  }),
  max: define([ARRAY], args => extreme(list(args), ordered(list(args), 'max'), 1)),
  max_by: define([ARRAY, EXPRESSION], args => extreme(list(args), keysBy(args, 'max_by'), 1)),
  merge: define([OBJECT], args => new Map(args.flatMap((_arg, index) => [...map(args, index).entries()])), true),
  min: define([ARRAY], args => extreme(list(args), ordered(list(args), 'min'), -1)),
  min_by: define([ARRAY, EXPRESSION], args => extreme(list(args), keysBy(args, 'min_by'), -1)),
  not_null: define([ANY], args => args.find(({ value }) => value !== null)?.value ?? null, true),
  reverse: define([['array', 'string']], args => {
    const value = at(args)
    return typeof value === 'string' ? Array.from(value).reverse().join('') : [...list(args)].reverse()
  }),
  sort: define([ARRAY], args => sorted(ordered(list(args), 'sort'), false)),
  sort_by: define([ARRAY, EXPRESSION], args => {
    const keys = keysBy(args, 'sort_by')
    const entries = list(args).map((item, index) => ({ item, key: keys[index] ?? null }))
    return sorted(entries, false, entry => entry.key).map(entry => entry.item)
  }),
  starts_with: define([STRING, STRING], args => text(args).startsWith(text(args, 1))),
  sum: define([ARRAY], args => list(args).reduce<Value>((total, item) => add(number(total), number(item)), 0)),
  to_array: define([ANY], args => (listOf(at(args)) ? [...list(args)] : [at(args)])),
  to_number: define([ANY], args => toNumber(at(args))),
  to_string: define([ANY], (args, run) => jsonText(at(args), run)),
  type: define([ANY], args => kindOf(at(args))),
  values: define([OBJECT], args => [...map(args).values()]),
}

/** Lists of which every item must be of one kind. */
const ITEMS: Readonly<Record<string, Kind>> = { avg: 'number', sum: 'number', join: 'string' }

function mind(name: string, { wants, variadic }: Function, args: readonly Argument[]): void {
  if (variadic ? args.length < wants.length : args.length !== wants.length)
    throw failure(`json_query: ${name}() takes ${wants.length} argument(s), ${args.length} were given`)
  for (const [index, argument] of args.entries()) {
    const kinds = wants[Math.min(index, wants.length - 1)] ?? ANY
    const kind = argument.apply ? 'expression' : kindOf(argument.value)
    if (!kinds.includes(kind) && !(kinds.includes('any') && kind !== 'expression'))
      throw failure(`json_query: ${name}() wants ${kinds.join(' or ')} as argument ${index + 1}, not ${kind}`)
    const item = ITEMS[name]
    const wrong = item && listOf(argument.value)?.find(each => kindOf(each) !== item)
    if (wrong !== undefined) throw failure(`json_query: ${name}() wants a list of ${item}s`)
  }
}

/** Calls a function of JMESPath by its name. */
export function callFunction(name: string, args: readonly Argument[], run: Nesting): Value {
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  if (!called) {
    const guess = nearest(name, Object.keys(FUNCTIONS))
    throw failure(
      `json_query: there is no function ${name}()${guess === undefined ? '' : `; did you mean '${guess}'?`}`,
    )
  }
  mind(name, called, args)
  return called.body(args, run)
}
