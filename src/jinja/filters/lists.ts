import type { Value } from '../../base/value.ts'
import { failure, TemplateError } from '../errors.ts'
import { flagArgument, integerArgument, optionalText, soft, text } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { compare, hashable } from '../python/compare.ts'
import { items, length } from '../python/iterate.ts'
import { foundOr, Range, Tuple, Undefined } from '../python/objects.ts'
import { binary, sized } from '../python/operators.ts'
import { sorted } from '../python/sort.ts'
import { splitText } from '../python/split.ts'
import { toText, typeName } from '../python/text.ts'
import { attributeGetter, folded, foldedUnlessSensitive } from './attribute-getter.ts'
import { distinct } from './sets.ts'

const count = native('', value => length(value))

function join(value: Value, args: Bound, run: Runtime): string {
  const getter = attributeGetter(args.value('attribute'))
  const list = items(value, run)
  run.charge(list.length)
  return sized(list.map(item => toText(getter(item))).join(soft(args.value('d'))))
}

function extreme(value: Value, args: Bound, run: Runtime, sign: 1 | -1): Value {
  const getter = attributeGetter(args.value('attribute'))
  const fold = foldedUnlessSensitive(args)
  const list = items(value, run)
  const [first] = list
  if (first === undefined) return new Undefined('No aggregated item, sequence was empty.')
  let best = first
  let bestKey = fold(getter(first))
  for (const item of list.slice(1)) {
    const key = fold(getter(item))
    if (compare(key, bestKey) * sign > 0) [best, bestKey] = [item, key]
  }
  return best
}

function sort(value: Value, args: Bound, run: Runtime): Value {
  const fold = foldedUnlessSensitive(args)
  const wanted = args.value('attribute')
  const getters = (typeof wanted === 'string' ? wanted.split(',') : [wanted]).map(name => attributeGetter(name))
  const [only] = getters
  const key = (item: Value): Value =>
    getters.length === 1 && only ? fold(only(item)) : new Tuple(getters.map(getter => fold(getter(item))))
  const list = items(value, run)
  run.charge(list.length)
  return sorted(list, flagArgument(args, 'reverse'), key)
}

function sum(value: Value, args: Bound, run: Runtime): Value {
  const getter = attributeGetter(args.value('attribute'))
  const list = items(value, run)
  run.charge(list.length)
  const start = args.value('start')
  if (typeof start === 'string') throw failure("sum() can't sum strings [use the filter join instead]")
  if (!Array.isArray(start)) return list.reduce<Value>((total, item) => binary('+', total, getter(item), run), start)
  const parts = list.map(getter)
  if (!parts.every(part => Array.isArray(part)))
    return parts.reduce<Value>((total, item) => binary('+', total, item, run), start)
  return [...start, ...parts.flat()]
}

function reverse(value: Value, _args: Bound, run: Runtime): Value {
  if (typeof value === 'string') return Array.from(value).reverse().join('')
  return [...items(value, run)].reverse()
}

function batch(value: Value, args: Bound, run: Runtime): Value {
  const size = integerArgument(args, 'linecount')
  if (size < 1) throw failure('batch() wants a size of at least 1')
  const fill = args.value('fill_with')
  const list = items(value, run)
  const out: Value[][] = []
  for (let index = 0; index < list.length; index += size) out.push(list.slice(index, index + size))
  const last = out.at(-1)
  if (last && fill !== null) {
    run.charge(size)
    while (last.length < size) last.push(fill)
  }
  return out
}

function slice(value: Value, args: Bound, run: Runtime): Value {
  const slices = integerArgument(args, 'slices')
  if (slices < 1) throw failure('slice() wants at least 1 slice')
  run.charge(slices)
  const fill = args.value('fill_with')
  const list = items(value, run)
  const per = Math.floor(list.length / slices)
  const longer = list.length % slices
  let offset = 0
  return Array.from({ length: slices }, (_item, index) => {
    const start = offset + index * per
    if (index < longer) offset += 1
    const part = list.slice(start, offset + (index + 1) * per)
    return fill !== null && index >= longer ? [...part, fill] : part
  })
}

/** One group: a pair whose parts have names. */
class Group extends Tuple {
  override readonly type: string = '_GroupTuple'
  override attribute(name: string): Value | undefined {
    if (name === 'grouper') return this.items[0]
    return name === 'list' ? this.items[1] : undefined
  }
}

function groupBy(value: Value, args: Bound, run: Runtime): Value {
  const getter = attributeGetter(args.value('attribute'), args.optional('default'))
  const fold = foldedUnlessSensitive(args)
  const list = items(value, run)
  run.charge(list.length)
  const groups: { key: Value; name: Value; members: Value[] }[] = []
  for (const item of sorted(list, false, each => fold(getter(each)))) {
    const key = fold(getter(item))
    const last = groups.at(-1)
    if (last && compare(last.key, key) === 0) last.members.push(item)
    else groups.push({ key, name: getter(item), members: [item] })
  }
  return groups.map(group => new Group([group.name, group.members]))
}

/** Whether a value can be a key, as Jinja2's own `unique` needs it. */
function isKey(value: Value): boolean {
  try {
    hashable(value)
    return true
  } catch (error) {
    if (!(error instanceof TemplateError) || value instanceof Undefined) throw error
    return false
  }
}

function unique(value: Value, args: Bound, run: Runtime): Value {
  const getter = attributeGetter(args.value('attribute'))
  // What can be no key is compared one by one, whole and as it is: the options have no meaning there.
  if (args.value('case_sensitive') === false || args.value('attribute') !== null)
    for (const item of items(value, run))
      if (!isKey(getter(item)))
        throw failure(
          `unique with case_sensitive or attribute cannot fall back to comparing each '${typeName(getter(item))}'`,
        )
  const fold = flagArgument(args, 'case_sensitive') ? (key: Value): Value => key : folded
  return distinct(items(value, run), run, item => fold(getter(item)))
}

function flatten(value: Value, args: Bound, run: Runtime): Value {
  const levels = args.value('levels')
  const skip = flagArgument(args, 'skip_nulls')
  const out: Value[] = []
  const add = (list: readonly Value[], depth: number): void => {
    run.enter()
    for (const item of list) {
      run.charge(1)
      if (skip && (item === null || item === 'None' || item === 'null')) continue
      const inner = Array.isArray(item) || item instanceof Tuple || item instanceof Range ? items(item, run) : undefined
      if (inner && depth !== 0) add(inner, depth - 1)
      else out.push(item)
    }
    run.leave()
  }
  add(items(value, run), levels === null ? -1 : integerArgument(args, 'levels'))
  return out
}

/** Lists: order, parts, groups. */
export const LIST_FILTERS: Filters = {
  length: count,
  count,
  list: native('', (value, _args, run) => [...items(value, run)]),
  first: native('', (value, _args, run) => foundOr(items(value, run)[0], 'No first item, sequence was empty.')),
  last: native('', (value, _args, run) => foundOr(items(value, run).at(-1), 'No last item, sequence was empty.')),
  join: native("d='', attribute=None", join),
  min: native('case_sensitive=False, attribute=None', (value, args, run) => extreme(value, args, run, -1)),
  max: native('case_sensitive=False, attribute=None', (value, args, run) => extreme(value, args, run, 1)),
  sort: native('reverse=False, case_sensitive=False, attribute=None', sort),
  sum: native('attribute=None, start=0', sum),
  reverse: native('', reverse),
  batch: native('linecount, fill_with=None', batch),
  slice: native('slices, fill_with=None', slice),
  groupby: native('attribute, default=?, case_sensitive=False', groupBy),
  unique: native('case_sensitive=None, attribute=None', unique),
  flatten: native('levels=None, skip_nulls=True', flatten),
  split: native('sep=None, maxsplit=-1', (value, args) =>
    splitText(text(value, 'what is split'), optionalText(args, 'sep'), integerArgument(args, 'maxsplit'), false),
  ),
}
