import { Unsafe, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { integer } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { items } from '../python/iterate.ts'
import { isInt, numeric } from '../python/numbers.ts'
import { Range } from '../python/objects.ts'
import { type Chance, seeded, shuffled, TRUE_CHANCE } from '../python/random.ts'
import { toText, typeName } from '../python/text.ts'

/** The chance that a seed gives; without one it is true chance, which only a run may ask for. */
function chanceOf(args: Bound, run: Runtime, what: string): Chance {
  const seed = args.value('seed')
  if (seed !== null) return seeded(isInt(seed) ? seed : toText(seed))
  run.impure(`the filter '${what}' without a seed`)
  return TRUE_CHANCE
}

function random(value: Value, args: Bound, run: Runtime): Value {
  const chance = chanceOf(args, run, 'random')
  const [start, step] = [args.value('start'), args.value('step')]
  if (isInt(value) || typeof value === 'boolean') {
    const range = new Range(start === null ? 0 : integer(start), integer(value), step === null ? 1 : integer(step))
    if (range.length <= 0) throw failure('empty range for randrange()')
    return range.at(chance.below(range.length))
  }
  if (start !== null || step !== null) throw failure('start and step can only be used with integer values')
  if (value instanceof Range && value.length > 0) return value.at(chance.below(value.length))
  if (value instanceof Map) throw failure('random: a dict has no order to choose by; use its keys')
  if (value === null || typeof value !== 'object') {
    if (typeof value !== 'string') throw failure('random can only be used on sequences and integers')
  }
  const list = items(value, run)
  if (list.length === 0) throw failure('random: the sequence is empty')
  return list[chance.below(list.length)] ?? null
}

/** Bytes of a MAC address that may be given, and the smallest number with ten hex digits. */
const [MOST_GIVEN, LEAST] = [5, 2 ** 36]

/** A MAC address with the given beginning and a chosen end. */
function macAddress(value: Value, args: Bound, run: Runtime): string {
  if (typeof value !== 'string' && !(value instanceof Unsafe))
    throw failure(`Invalid value type (${typeName(value)}) for random_mac (${toText(value)})`)
  const prefix = toText(value).toLowerCase()
  const given = prefix.split(':')
  if (given.length > MOST_GIVEN)
    throw failure(`Invalid value (${prefix}) for random_mac: 5 colon(:) separated items max`)
  const wrong = given.filter(part => !/^[\da-f]{2}$/.test(part)).map(part => `${part || 'empty item'} not hexa byte`)
  if (wrong.length > 0) throw failure(`Invalid value (${prefix}) for random_mac: ${wrong.join(',')}`)
  // Ten digits as Ansible draws them, so that a seed gives the same address
  const digits = (LEAST + chanceOf(args, run, 'random_mac').below(2 ** 40 - LEAST)).toString(16)
  return [...given, ...(digits.match(/../g) ?? []).slice(0, 6 - given.length)].join(':')
}

/** Chance; repeatable with a seed, refused in pure mode without one. */
export const CHANCE_FILTERS: Filters = {
  random: native('start=None, step=None, seed=None', random),
  random_mac: native('seed=None', macAddress),
  // What has no items is left as it is, as Ansible leaves it
  shuffle: native('seed=None', (value, args, run) =>
    numeric(value) === undefined && value !== null
      ? shuffled(items(value, run), chanceOf(args, run, 'shuffle'))
      : value,
  ),
}
