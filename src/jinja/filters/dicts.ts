import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { flagArgument, mapping, soft, textArgument } from '../python/arguments.ts'
import { getItem } from '../python/attributes.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { equals, lookUp, put } from '../python/compare.ts'
import { items } from '../python/iterate.ts'
import { Tuple, Undefined } from '../python/objects.ts'
import { sorted } from '../python/sort.ts'
import { repr, typeName } from '../python/text.ts'
import { folded } from './attribute-getter.ts'

type Map_ = Map<Value, Value>

const LIST_MERGES: ReadonlySet<string> = new Set(['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'])

function mergedLists(left: readonly Value[], right: readonly Value[], how: string, run: Runtime): Value[] {
  const without = (list: readonly Value[], unwanted: readonly Value[]): Value[] => {
    run.charge(list.length * unwanted.length)
    return list.filter(item => !unwanted.some(other => equals(item, other)))
  }
  switch (how) {
    case 'keep':
      return [...left]
    case 'append':
      return [...left, ...right]
    case 'prepend':
      return [...right, ...left]
    case 'append_rp':
      return [...without(left, right), ...right]
    case 'prepend_rp':
      return [...right, ...without(left, right)]
    default:
      return [...right]
  }
}

/** The right dict laid over the left one; neither changes. */
export function merged(left: Map_, right: Map_, recursive: boolean, how: string, run: Runtime): Map_ {
  // Equal ones are not merged: the order of keys is the right one's, as in Ansible
  if (left.size === 0 || (left.size === right.size && equals(left, right))) return new Map(right.entries())
  run.enter()
  const out: Map_ = new Map(left.entries())
  for (const [key, value] of right.entries()) {
    run.charge(1)
    const old = lookUp(out, key)
    if (recursive && old instanceof Map && value instanceof Map) put(out, key, merged(old, value, true, how, run))
    else if (how !== 'replace' && Array.isArray(old) && Array.isArray(value))
      put(out, key, mergedLists(old, value, how, run))
    else put(out, key, value)
  }
  run.leave()
  return out
}

function combine(value: Value, args: Bound, run: Runtime): Value {
  const recursive = args.named.get('recursive') === true
  const how = soft(args.named.get('list_merge') ?? 'replace')
  for (const key of args.named.keys()) {
    if (key !== 'recursive' && key !== 'list_merge')
      throw failure("'recursive' and 'list_merge' are the only valid keyword arguments")
  }
  if (!LIST_MERGES.has(how)) throw failure(`'list_merge' must be one of ${[...LIST_MERGES].join(', ')}`)
  const given = flat([value, ...args.rest])
  const only = given[0]
  if (given.length === 1 && only !== undefined) return only
  const dicts = given.map(each => {
    if (each instanceof Map) return each
    if (each instanceof Undefined) throw each.error()
    const types = given.map(one => `'${typeName(one)}'`).join(' and a ')
    throw failure(`failed to combine variables, expected dicts but got a ${types}`)
  })
  // From the end, as Ansible does; each is laid under what there is
  const last = dicts.pop() ?? new Map<Value, Value>()
  return dicts.reduceRight((right, left) => merged(left, right, recursive, how, run), new Map(last.entries()))
}

/** The dicts among the terms and in lists of them, one level deep; what is None is left out. */
const flat = (list: readonly Value[]): Value[] => list.flat(1).filter(item => !isNothing(item))

const isNothing = (item: Value): boolean => item === null || item === 'None' || item === 'null'

function dictSort(value: Value, args: Bound): Value {
  const by = soft(args.value('by'))
  if (by !== 'key' && by !== 'value') throw failure('You can only sort by either "key" or "value"')
  const position = by === 'key' ? 0 : 1
  const fold = flagArgument(args, 'case_sensitive') ? (key: Value): Value => key : folded
  const pairs = Array.from(mapping(value, 'dictsort').entries())
  return sorted(pairs, flagArgument(args, 'reverse'), pair => fold(pair[position])).map(pair => new Tuple(pair))
}

function itemsOf(value: Value): Value {
  if (value instanceof Undefined) return []
  if (!(value instanceof Map)) throw failure('Can only get item pairs from a mapping.')
  return Array.from(value.entries(), pair => new Tuple(pair))
}

function dictToItems(value: Value, args: Bound): Value {
  const [key, item] = [textArgument(args, 'key_name'), textArgument(args, 'value_name')]
  return Array.from(
    mapping(value, 'dict2items').entries(),
    pair =>
      new Map<Value, Value>([
        [key, pair[0]],
        [item, pair[1]],
      ]),
  )
}

function itemsToDict(value: Value, args: Bound, run: Runtime): Value {
  if (!Array.isArray(value) && !(value instanceof Tuple))
    throw failure(`items2dict requires a list, got '${typeName(value)}'`)
  const out: Map_ = new Map()
  for (const item of items(value, run)) {
    if (!(item instanceof Map)) throw failure(`items2dict requires a list of dictionaries, got ${repr(item)} in it`)
    const [key, content] = [getItem(item, args.value('key_name')), getItem(item, args.value('value_name'))]
    const present = item instanceof Map && item.has(args.value('key_name')) && item.has(args.value('value_name'))
    if (!present) {
      throw failure(
        `items2dict requires each dictionary in the list to contain the keys '${soft(args.value('key_name'))}' and '${soft(args.value('value_name'))}'`,
      )
    }
    put(out, key, content)
  }
  return out
}

/** The list at the end of a path of keys in a dict; null when a key lacks and may. */
function listAt(item: Value, path: readonly string[], skipMissing: boolean): readonly Value[] | null {
  let found: Value = item
  for (const key of path) {
    if (!(found instanceof Map))
      throw failure(`the key '${key}' should point to a dictionary, got '${typeName(found)}'`)
    const inner = found.get(key)
    if (inner === undefined) {
      if (skipMissing) return null
      throw failure(`could not find '${key}' key in iterated item`)
    }
    found = inner
  }
  if (!Array.isArray(found))
    throw failure(`the key '${path.at(-1) ?? ''}' should point to a list, got '${typeName(found)}'`)
  return found
}

/** Every (item, element of a list in the item). */
function subelements(value: Value, args: Bound, run: Runtime): Value {
  const wanted = args.value('subelements')
  if (typeof wanted !== 'string' && !Array.isArray(wanted)) throw failure('subelements must be a list or a string')
  const path = typeof wanted === 'string' ? wanted.split('.') : wanted.map(soft)
  if (path.length === 0) throw failure('subelements is empty: it names no key')
  if (!(value instanceof Map) && !Array.isArray(value) && !(value instanceof Tuple))
    throw failure('obj must be a list of dicts or a nested dict')
  const list = value instanceof Map ? [...value.values()] : items(value, run)
  return list.flatMap(item => {
    const found = listAt(item, path, flagArgument(args, 'skip_missing')) ?? []
    run.charge(found.length)
    return found.map(element => new Tuple([item, element]))
  })
}

/** Dicts: merging, and to and from lists. */
export const DICT_FILTERS: Filters = {
  combine: native('*dicts, **options', combine),
  dictsort: native("case_sensitive=False, by='key', reverse=False", dictSort),
  items: native('', itemsOf, { lenient: true }),
  dict2items: native("key_name='key', value_name='value'", dictToItems),
  items2dict: native("key_name='key', value_name='value'", itemsToDict),
  subelements: native('subelements, skip_missing=False', subelements),
}
