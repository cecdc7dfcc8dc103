import { Unsafe, type Value, Vaulted } from '../../base/value.ts'
import { Members } from '../filters/sets.ts'
import { toBool } from '../filters/values.ts'
import { integer, soft } from '../python/arguments.ts'
import { type Bound, Callable, native, type Runtime, type Tests } from '../python/callable.ts'
import { compare, equals, hashable } from '../python/compare.ts'
import { contains, items } from '../python/iterate.ts'
import { isFloat, isInt, numeric, toDouble } from '../python/numbers.ts'
import { DictView, Range, Tuple, Undefined } from '../python/objects.ts'
import { binary } from '../python/operators.ts'
import { truthy } from '../python/text.ts'

const is = (test: (value: Value) => boolean) => native('', test)
/** A test of the type alone, which an undefined value may take: it is of none of them. */
const isType = (test: (value: Value) => boolean) => native('', test, { lenient: true })
const order = (test: (sign: number) => boolean, operator: string) =>
  native('other', (value: Value, args: Bound) => test(compare(value, args.value('other'), operator)))

const isText = (value: Value): boolean => typeof value === 'string' || value instanceof Unsafe
const isSequence = (value: Value): boolean =>
  Array.isArray(value) ||
  isText(value) ||
  value instanceof Map ||
  value instanceof Tuple ||
  value instanceof Range ||
  value instanceof DictView

const remainder = (value: Value, by: number, run: Runtime): Value => binary('%', value, by, run)

const equal = native('other', (value: Value, args: Bound) => equals(value, args.value('other')))
const unequal = native('other', (value: Value, args: Bound) => !equals(value, args.value('other')))
const greater = order(sign => sign > 0, '>')
const atLeast = order(sign => sign >= 0, '>=')
const less = order(sign => sign < 0, '<')
const atMost = order(sign => sign <= 0, '<=')

const nan = is(value => Number.isNaN(toDouble(numeric(value) ?? 0)))

/** Python's `is`: the same object; small values are one object each. */
function same(left: Value, right: Value): boolean {
  if (left === right) return true
  return isFloat(left) && isFloat(right) && equals(left, right)
}

function truthful(value: Value, args: Bound): boolean {
  if (!truthy(args.value('convert_bool'))) return truthy(value)
  const converted = toBool(value)
  return truthy(
    typeof converted === 'boolean' && isText(value) && !CONVERTIBLE.has(soft(value).toLowerCase()) ? value : converted,
  )
}

const CONVERTIBLE: ReadonlySet<string> = new Set([
  'yes',
  'no',
  'on',
  'off',
  'true',
  'false',
  '1',
  '0',
  't',
  'f',
  'y',
  'n',
])

function within(left: Value, right: Value, run: Runtime): boolean {
  const [inner, outer] = [items(left, run), items(right, run)]
  for (const item of [...inner, ...outer]) hashable(item)
  run.charge(inner.length)
  const members = new Members(run, outer)
  return inner.every(item => members.has(item))
}

/** True for what can be a name; what can be no key is refused. */
function named(value: Value): boolean {
  hashable(value)
  return isText(value)
}

/** What a value is. */
export const VALUE_TESTS: Tests = {
  defined: native('', value => !(value instanceof Undefined), { lenient: true }),
  undefined: native('', value => value instanceof Undefined, { lenient: true }),
  none: isType(value => value === null),
  boolean: isType(value => typeof value === 'boolean'),
  true: isType(value => value === true),
  false: isType(value => value === false),
  integer: isType(value => isInt(value)),
  float: isType(value => isFloat(value)),
  number: isType(value => numeric(value) !== undefined),
  string: isType(isText),
  mapping: isType(value => value instanceof Map),
  sequence: isType(isSequence),
  iterable: is(isSequence),
  callable: isType(value => value instanceof Callable),
  escaped: is(() => false),
  sameas: native('other', (value, args) => same(value, args.value('other')), { lenient: true }),
  odd: native('', (value, _args, run) => equals(remainder(value, 2, run), 1)),
  even: native('', (value, _args, run) => equals(remainder(value, 2, run), 0)),
  divisibleby: native('num', (value, args, run) => equals(remainder(value, integer(args.value('num')), run), 0)),
  lower: is(value => soft(value) === soft(value).toLowerCase() && soft(value) !== soft(value).toUpperCase()),
  upper: is(value => soft(value) === soft(value).toUpperCase() && soft(value) !== soft(value).toLowerCase()),
  in: native('seq', (value, args) => contains(args.value('seq'), value)),
  contains: native('item', (value, args) => contains(value, args.value('item'))),
  subset: native('other', (value, args, run) => within(value, args.value('other'), run)),
  issubset: native('other', (value, args, run) => within(value, args.value('other'), run)),
  superset: native('other', (value, args, run) => within(args.value('other'), value, run)),
  issuperset: native('other', (value, args, run) => within(args.value('other'), value, run)),
  all: native('', (value, _args, run) => items(value, run).every(truthy)),
  any: native('', (value, _args, run) => items(value, run).some(truthy)),
  truthy: native('convert_bool=False', truthful),
  falsy: native('convert_bool=False', (value, args) => !truthful(value, args)),
  eq: equal,
  equalto: equal,
  '==': equal,
  ne: unequal,
  '!=': unequal,
  gt: greater,
  greaterthan: greater,
  '>': greater,
  ge: atLeast,
  '>=': atLeast,
  lt: less,
  lessthan: less,
  '<': less,
  le: atMost,
  '<=': atMost,
  isnan: nan,
  nan,
  vault_encrypted: is(value => value instanceof Vaulted || soft(value).startsWith('$ANSIBLE_VAULT;')),
  filter: native('', (value, _args, run) => named(value) && run.knows('filter', soft(value))),
  test: native('', (value, _args, run) => named(value) && run.knows('test', soft(value))),
}
