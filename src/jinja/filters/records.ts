import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { flagArgument, mapping, textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { compare, lookUp, put } from '../python/compare.ts'
import { items } from '../python/iterate.ts'
import { numeric } from '../python/numbers.ts'
import { Tuple } from '../python/objects.ts'
import { repr, toText, truthy, typeName } from '../python/text.ts'
import { compilePattern } from '../regex/pattern.ts'
import { compareVersions } from '../versions.ts'
import { merged } from './dicts.ts'
import { distinct, Members } from './sets.ts'

type Dict = Map<Value, Value>

/** `[[key, value], ...]` as a dict. */
function fromPairs(value: Value, _args: Bound, run: Runtime): Value {
  const out: Dict = new Map()
  for (const pair of items(value, run)) {
    const [key, item, ...more] = items(pair, run)
    if (key === undefined || item === undefined || more.length > 0) throw failure('dict wants pairs of key and value')
    put(out, key, item)
  }
  return out
}

/** How often each item is there. */
function counter(value: Value, _args: Bound, run: Runtime): Value {
  if (value instanceof Map || numeric(value) !== undefined || value === null)
    throw failure(
      `Argument for community.general.counter must be a sequence (string or list), not '${typeName(value)}'`,
    )
  const out: Dict = new Map()
  for (const item of items(value, run)) {
    if (Array.isArray(item) || item instanceof Map)
      throw failure(`community.general.counter needs a sequence with hashable elements, not '${typeName(item)}'`)
    put(out, item, Number(lookUp(out, item) ?? 0) + 1)
  }
  return out
}

function byAttribute(value: Value, args: Bound, run: Runtime): Value {
  const attribute = args.value('attribute')
  const out: Dict = new Map()
  if (!Array.isArray(value) && !(value instanceof Tuple))
    throw failure(`groupby_as_dict: Input is not a sequence, but '${typeName(value)}'`)
  for (const [index, item] of items(value, run).entries()) {
    if (!(item instanceof Map)) throw failure(`groupby_as_dict: Sequence element #${index} is not a mapping`)
    const key = lookUp(item, attribute)
    if (key === undefined)
      throw failure(`groupby_as_dict: Attribute not contained in element #${index} of sequence: '${toText(attribute)}'`)
    if (lookUp(out, key) !== undefined)
      throw failure(`groupby_as_dict: Multiple sequence entries have attribute value ${repr(key)}`)
    put(out, key, item)
  }
  return out
}

type SetOf = (left: readonly Value[], right: readonly Value[], run: Runtime) => Value[]

const common = (left: readonly Value[], right: readonly Value[], run: Runtime, wanted: boolean): Value[] => {
  const members = new Members(run, right)
  return left.filter(item => members.has(item) === wanted)
}
const UNION: SetOf = (left, right) => [...left, ...right]
const INTERSECTION: SetOf = (left, right, run) => common(left, right, run, true)
const DIFFERENCE: SetOf = (left, right, run) => common(left, right, run, false)
const SYMMETRIC: SetOf = (left, right, run) => [...common(left, right, run, false), ...common(right, left, run, false)]

/** A set operation over any number of lists, or over the lists in one list. */
const overLists = (combine: SetOf) =>
  native('*lists, **options', (value: Value, args: Bound, run: Runtime): Value => {
    const given =
      truthy(args.named.get('flatten') ?? false) && args.rest.length === 0 ? items(value, run) : [value, ...args.rest]
    const [first = [], ...others] = given.map(list => distinct(items(list, run), run))
    return others.reduce((left, right) => distinct(combine(left, right, run), run), [...first])
  })

/** Lists of dicts as one: those with the same value under `index` are laid over each other. */
function mergedBy(value: Value, args: Bound, run: Runtime): Value {
  const rest = [...args.rest]
  const index = args.named.get('index') ?? rest.pop() ?? null
  if (typeof index !== 'string') throw failure('lists_mergeby wants the name of a key as its last argument')
  const lists = rest.length > 0 ? [value, ...rest] : items(value, run)
  const recursive = truthy(args.named.get('recursive') ?? false)
  const how = toText(args.named.get('list_merge') ?? 'replace')
  const out: Dict = new Map()
  for (const item of lists.flatMap(list => [...items(list, run)])) {
    const entry = mapping(item, 'lists_mergeby')
    const key = entry.get(index)
    if (key === undefined) continue
    const known = lookUp(out, key)
    put(out, key, known instanceof Map ? merged(known, entry, recursive, how, run) : entry)
  }
  return [...out].sort(([left], [right]) => compare(left, right)).map(([, entry]) => entry)
}

type Matches = (name: string) => boolean

/** Which names a target means, by `matching_parameter`. */
function matcher(target: string, how: string): Matches {
  if (how === 'equal' || how === 'equality') return name => name === target
  if (how === 'starts_with') return name => name.startsWith(target)
  if (how === 'ends_with') return name => name.endsWith(target)
  if (how !== 'regex') throw failure(`matching_parameter must be equal, starts_with, ends_with or regex, not '${how}'`)
  const pattern = compilePattern(target)
  return name => pattern.find(name) !== null
}

const targets = (args: Bound, run: Runtime): Matches => {
  const target = args.value('target')
  const all = (typeof target === 'string' ? [target] : items(target, run)).map(each =>
    matcher(toText(each), textArgument(args, 'matching_parameter')),
  )
  return name => all.some(matches => matches(name))
}

/** Does something to the entries of a dict, or of every dict in a list. */
function rekeyed(value: Value, change: (entries: [Value, Value][]) => [Value, Value][], run: Runtime): Value {
  if (value instanceof Map) return new Map(change([...value.entries()]))
  if (typeof value === 'string') throw failure('a list of dicts is wanted, got str')
  return items(value, run).map(item => {
    if (!(item instanceof Map)) throw failure(`a list of dicts is wanted, got ${typeName(item)} in it`)
    return new Map(change([...item.entries()]))
  })
}

const chosenKeys =
  (wanted: boolean) =>
  (value: Value, args: Bound, run: Runtime): Value => {
    const matches = targets(args, run)
    return rekeyed(value, entries => entries.filter(([key]) => matches(toText(key)) === wanted), run)
  }

function replacedKeys(value: Value, args: Bound, run: Runtime): Value {
  const how = textArgument(args, 'matching_parameter')
  const pairs = args.value('target') instanceof Map ? [args.value('target')] : items(args.value('target'), run)
  const rules = pairs.map(pair => {
    const rule = mapping(pair, 'replace_keys')
    return { matches: matcher(toText(rule.get('before') ?? ''), how), after: toText(rule.get('after') ?? '') }
  })
  const renamed = (key: Value): Value => rules.find(({ matches }) => matches(toText(key)))?.after ?? key
  return rekeyed(value, entries => entries.map(([key, item]) => [renamed(key), item]), run)
}

function versionSort(value: Value, args: Bound, run: Runtime): Value {
  const list = [...items(value, run)].sort((left, right) => compareVersions(toText(left), toText(right), 'loose'))
  return flagArgument(args, 'reverse') ? list.reverse() : list
}

const KEYS = "target, matching_parameter='equal'"

/** Lists of dicts and their keys, as community.general has them. */
export const RECORD_FILTERS: Filters = {
  dict: native('', fromPairs),
  dict_kv: native('key', (value, args) => new Map([[args.value('key'), value]])),
  counter: native('', counter),
  groupby_as_dict: native('attribute', byAttribute),
  lists_union: overLists(UNION),
  lists_intersect: overLists(INTERSECTION),
  lists_difference: overLists(DIFFERENCE),
  lists_symmetric_difference: overLists(SYMMETRIC),
  lists_mergeby: native('*lists, **options', mergedBy),
  keep_keys: native(KEYS, chosenKeys(true)),
  remove_keys: native(KEYS, chosenKeys(false)),
  replace_keys: native(KEYS, replacedKeys),
  version_sort: native('reverse=False', versionSort),
}
