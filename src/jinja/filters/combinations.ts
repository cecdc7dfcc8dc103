import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { integer, integerArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { items } from '../python/iterate.ts'
import { Tuple } from '../python/objects.ts'

const lists = (value: Value, args: Bound, run: Runtime): (readonly Value[])[] =>
  [value, ...args.rest].map(list => items(list, run))

function zip(value: Value, args: Bound, run: Runtime): Value {
  const all = lists(value, args, run)
  const lengths = all.map(list => list.length)
  const shortest = Math.min(...lengths)
  if (args.named.get('strict') === true && lengths.some(length => length !== shortest))
    throw failure('zip() arguments differ in length')
  run.charge(shortest)
  return Array.from({ length: shortest }, (_item, index) => new Tuple(all.map(list => list[index] ?? null)))
}

function zipLongest(value: Value, args: Bound, run: Runtime): Value {
  const all = lists(value, args, run)
  const fill = args.named.get('fillvalue') ?? null
  const longest = Math.max(...all.map(list => list.length))
  run.charge(longest)
  return Array.from(
    { length: longest },
    (_item, index) => new Tuple(all.map(list => (index < list.length ? (list[index] ?? null) : fill))),
  )
}

function product(value: Value, args: Bound, run: Runtime): Value {
  const once = lists(value, args, run)
  const repeat = integer(args.named.get('repeat') ?? 1, 'repeat')
  if (repeat < 0) throw failure('repeat argument cannot be negative')
  run.charge(repeat)
  let rows: Value[][] = [[]]
  for (const list of Array.from({ length: repeat }, () => once).flat()) {
    run.charge(rows.length * list.length)
    rows = rows.flatMap(row => list.map(item => [...row, item]))
  }
  return rows.map(row => new Tuple(row))
}

/** All ways to take `size` items; in every order, or in theirs. */
function choices(list: readonly Value[], size: number, ordered: boolean, run: Runtime): Tuple[] {
  if (size < 0) throw failure('r must be non-negative')
  const out: Tuple[] = []
  const take = (taken: readonly number[]): void => {
    run.enter()
    if (taken.length === size) out.push(new Tuple(taken.map(index => list[index] ?? null)))
    else {
      const from = ordered ? 0 : (taken.at(-1) ?? -1) + 1
      for (let index = from; index < list.length; index++)
        if (!ordered || !taken.includes(index)) take([...taken, index])
    }
    run.leave()
  }
  take([])
  return out
}

/** Lists put together. */
export const COMBINATION_FILTERS: Filters = {
  zip: native('*lists, **options', zip),
  zip_longest: native('*lists, **options', zipLongest),
  product: native('*lists, **options', product),
  permutations: native('size=None', (value, args, run) => {
    const list = items(value, run)
    return choices(list, args.value('size') === null ? list.length : integerArgument(args, 'size'), true, run)
  }),
  combinations: native('size', (value, args, run) =>
    choices(items(value, run), integerArgument(args, 'size'), false, run),
  ),
}
