import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { ITEMS_OF_STEP } from '../limits.ts'
import { type Filters, native, type Runtime } from './callable.ts'
import { lookUp, put, removeAll, removeKey, sameKey } from './compare.ts'
import { items } from './iterate.ts'
import { DictView, Tuple } from './objects.ts'
import { repr } from './text.ts'

const dict = (self: Value): Map<Value, Value> => (self instanceof Map ? self : new Map())

/** Counts what a copy of the dict costs, and gives the dict. */
function copied(self: Value, run: Runtime): Map<Value, Value> {
  const map = dict(self)
  run.charge(map.size / ITEMS_OF_STEP)
  return map
}

const pairs = (map: Map<Value, Value>): Value[] => Array.from(map.entries(), ([key, value]) => new Tuple([key, value]))

/** Methods of dict. They change the dict in place, as in Python. */
export const DICT_METHODS: Filters = {
  keys: native('', (self, _args, run) => new DictView('dict_keys', [...copied(self, run).keys()])),
  values: native('', (self, _args, run) => new DictView('dict_values', [...copied(self, run).values()])),
  items: native('', (self, _args, run) => new DictView('dict_items', pairs(copied(self, run)))),
  get: native('key, default=None', (self, args) => lookUp(dict(self), args.value('key')) ?? args.value('default')),
  has_key: native('key', (self, args) => sameKey(dict(self), args.value('key')) !== undefined),
  copy: native('', (self, _args, run) => new Map(copied(self, run).entries())),
  pop: native('key, default=?', (self, args) => {
    const map = dict(self)
    const key = sameKey(map, args.value('key'))
    const value = key === undefined ? args.optional('default') : map.get(key)
    if (value === undefined) throw failure(`the dict has no key ${repr(args.value('key'))}`)
    if (key !== undefined) removeKey(map, key)
    return value
  }),
  popitem: native('', self => {
    const map = dict(self)
    const last = [...map.keys()].at(-1)
    const value = last === undefined ? undefined : map.get(last)
    if (last === undefined || value === undefined) throw failure('popitem(): dictionary is empty')
    removeKey(map, last)
    return new Tuple([last, value])
  }),
  setdefault: native('key, default=None', (self, args, run) => {
    const map = dict(self)
    run.charge(1)
    const known = lookUp(map, args.value('key'))
    if (known !== undefined) return known
    put(map, args.value('key'), args.value('default'))
    return args.value('default')
  }),
  update: native('other=None, **named', (self, args, run) => {
    const map = dict(self)
    const other = args.value('other')
    const given = other instanceof Map ? pairs(other) : other === null ? [] : items(other, run)
    run.charge(given.length)
    for (const pair of given) {
      const [key, value, ...rest] = items(pair, run)
      if (key === undefined || value === undefined || rest.length > 0)
        throw failure('dict.update() wants pairs of key and value')
      put(map, key, value)
    }
    for (const [key, value] of args.named) map.set(key, value)
    return null
  }),
  clear: native('', self => {
    removeAll(dict(self))
    return null
  }),
  fromkeys: native('iterable, value=None', (_self, args, run) => {
    const map = new Map<Value, Value>()
    for (const key of items(args.value('iterable'), run)) put(map, key, args.value('value'))
    return map
  }),
}
