import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { type Filters, native } from './callable.ts'
import { lookUp, put, sameKey } from './compare.ts'
import { items } from './iterate.ts'
import { DictView, Tuple } from './objects.ts'
import { repr } from './text.ts'

const dict = (self: Value): Map<Value, Value> => (self instanceof Map ? self : new Map())

const pairs = (map: Map<Value, Value>): Value[] => Array.from(map.entries(), ([key, value]) => new Tuple([key, value]))

/** Methods of dict. They change the dict in place, as in Python. */
export const DICT_METHODS: Filters = {
  keys: native('', self => new DictView('dict_keys', [...dict(self).keys()])),
  values: native('', self => new DictView('dict_values', [...dict(self).values()])),
  items: native('', self => new DictView('dict_items', pairs(dict(self)))),
  get: native('key, default=None', (self, args) => lookUp(dict(self), args.value('key')) ?? args.value('default')),
  has_key: native('key', (self, args) => sameKey(dict(self), args.value('key')) !== undefined),
  copy: native('', self => new Map(dict(self).entries())),
  pop: native('key, default=?', (self, args) => {
    const map = dict(self)
    const key = sameKey(map, args.value('key'))
    const value = key === undefined ? args.optional('default') : map.get(key)
    if (value === undefined) throw failure(`the dict has no key ${repr(args.value('key'))}`)
    if (key !== undefined) map.delete(key)
    return value
  }),
  popitem: native('', self => {
    const map = dict(self)
    const last = [...map.keys()].at(-1)
    const value = last === undefined ? undefined : map.get(last)
    if (last === undefined || value === undefined) throw failure('popitem(): dictionary is empty')
    map.delete(last)
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
    dict(self).clear()
    return null
  }),
  fromkeys: native('iterable, value=None', (_self, args, run) => {
    const map = new Map<Value, Value>()
    for (const key of items(args.value('iterable'), run)) put(map, key, args.value('value'))
    return map
  }),
}
