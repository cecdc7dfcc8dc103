import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { flagArgument, optionalText, soft } from '../python/arguments.ts'
import { type Bound, type Filters, native } from '../python/callable.ts'
import { fixed, intOf, numeric, toDouble } from '../python/numbers.ts'
import { typeName } from '../python/text.ts'

/** What a letter multiplies with, largest first. */
const SIZES: readonly (readonly [string, number])[] = [
  ['Y', 2 ** 80],
  ['Z', 2 ** 70],
  ['E', 2 ** 60],
  ['P', 2 ** 50],
  ['T', 2 ** 40],
  ['G', 2 ** 30],
  ['M', 2 ** 20],
  ['K', 2 ** 10],
  ['B', 1],
]

function numberOf(value: Value): number {
  const number = numeric(value)
  if (number === undefined)
    throw failure(`human_readable() failed on bad input: a number is wanted, not ${typeName(value)}`)
  return toDouble(number)
}

function humanReadable(value: Value, args: Bound): string {
  const size = numberOf(value)
  const unit = optionalText(args, 'unit')?.toUpperCase()
  const base = flagArgument(args, 'isbits') ? 'bits' : 'Bytes'
  const [letter, limit] = SIZES.find(([name, least]) => (unit === undefined ? size >= least : unit === name)) ?? [
    'B',
    1,
  ]
  const suffix = limit === 1 ? base : `${letter}${flagArgument(args, 'isbits') ? 'b' : 'B'}`
  return `${fixed(size / limit, 2)} ${suffix}`
}

function toBytes(value: Value, args: Bound): Value {
  const found = /^(\d*(?:\.\d*)?)(?:\s+(?=[A-Za-z]))?([A-Za-z]*)$/.exec(soft(value).trim())
  const number = found?.[1] === undefined || found[1] === '' ? undefined : Number(found[1])
  if (!found || number === undefined || Number.isNaN(number))
    throw failure(`human_to_bytes() can't interpret '${soft(value)}'`)
  const unit = (found[2] || optionalText(args, 'default_unit')) ?? 'B'
  const size = SIZES.find(([letter]) => letter === unit[0]?.toUpperCase())
  if (!size)
    throw failure(
      `human_to_bytes() can't interpret '${soft(value)}': the units are ${SIZES.map(([letter]) => letter).join(', ')}`,
    )
  const wanted = flagArgument(args, 'isbits') ? 'b' : 'B'
  const rest = unit.slice(1)
  const word = flagArgument(args, 'isbits') ? /^(?:b|bits?)?$/i : /^(?:B|bytes?|ytes?)?$/
  if (unit.length > 1 && rest.length === 1 && rest !== wanted)
    throw failure(`'${soft(value)}' is not a valid string: expected ${unit[0]}${wanted}`)
  if (unit.length > 2 && !word.test(rest)) throw failure(`human_to_bytes() can't interpret '${soft(value)}'`)
  return intOf(Math.round(number * size[1]))
}

/** Sizes as people write them. */
export const UNIT_FILTERS: Filters = {
  human_readable: native('isbits=False, unit=None', humanReadable),
  human_to_bytes: native('default_unit=None, isbits=False', toBytes),
}
