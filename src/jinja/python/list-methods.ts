import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { flagArgument, integer } from './arguments.ts'
import { type Body, type Filters, native, type Runtime } from './callable.ts'
import { equals } from './compare.ts'
import { items, position } from './iterate.ts'
import { DictView, Range, Tuple } from './objects.ts'
import { sorted } from './sort.ts'

const list = (self: Value): Value[] => (self instanceof DictView ? self.items : Array.isArray(self) ? self : [])
const sequence = (self: Value, run: Runtime): readonly Value[] =>
  self instanceof Tuple || self instanceof Range ? items(self, run) : list(self)

/** What a method that changes its list does; it answers None. */
const changing =
  (change: (self: Value[], ...rest: Parameters<Body<Value>>) => void): Body<Value> =>
  (self, args, run) => {
    run.charge(1)
    change(list(self), self, args, run)
    return null
  }

const count = native(
  'value',
  (self, args, run) => sequence(self, run).filter(item => equals(item, args.value('value'))).length,
)

const index = native('value, start=0, stop=None', (self, args, run) => {
  const all = sequence(self, run)
  const counted = (place: number): number => (place < 0 ? Math.max(0, place + all.length) : place)
  const stop = args.value('stop')
  const [from, end] = [counted(integer(args.value('start'))), stop === null ? all.length : counted(integer(stop))]
  const found = all.findIndex((item, at) => at >= from && at < end && equals(item, args.value('value')))
  if (found < 0) throw failure('the value is not in the list')
  return found
})

/** Methods of list. They change the list in place, as in Python. */
export const LIST_METHODS: Filters = {
  append: native(
    'object',
    changing((self, _value, args) => self.push(args.value('object'))),
  ),
  extend: native(
    'iterable',
    changing((self, _value, args, run) => {
      const more = items(args.value('iterable'), run)
      run.charge(more.length)
      // `more` may be the list itself
      for (let index = 0, count = more.length; index < count; index++) self.push(more[index] ?? null)
    }),
  ),
  insert: native(
    'index, object',
    changing((self, _value, args) => self.splice(integer(args.value('index')), 0, args.value('object'))),
  ),
  remove: native(
    'value',
    changing((self, _value, args) => {
      const at = self.findIndex(item => equals(item, args.value('value')))
      if (at < 0) throw failure('list.remove(x): x not in list')
      self.splice(at, 1)
    }),
  ),
  pop: native('index=-1', (self, args) => {
    const all = list(self)
    if (all.length === 0) throw failure('pop from empty list')
    const at = position(integer(args.value('index')), all.length)
    const [item] = at === undefined ? [] : all.splice(at, 1)
    if (item === undefined) throw failure('pop index out of range')
    return item
  }),
  clear: native(
    '',
    changing(self => self.splice(0)),
  ),
  reverse: native(
    '',
    changing(self => self.reverse()),
  ),
  sort: native(
    'reverse=False',
    changing((self, _value, args) => {
      for (const [index, item] of sorted(self, flagArgument(args, 'reverse')).entries()) self[index] = item
    }),
  ),
  copy: native('', (self, _args, run) => [...items(list(self), run)]),
  count,
  index,
}

/** Methods of tuple. */
export const TUPLE_METHODS: Filters = { count, index }
