import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { text } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { items } from '../python/iterate.ts'
import { truthy } from '../python/text.ts'
import { attributeGetter } from './attribute-getter.ts'

/** `map('filter', ...)` or `map(attribute='a.b', default=x)`. */
function map(value: Value, args: Bound, run: Runtime): Value {
  const list = offered(value, run)
  const [name, ...positional] = args.rest
  if (name === undefined) {
    const attribute = args.named.get('attribute')
    if (attribute === undefined) throw failure('map requires a filter argument')
    for (const key of args.named.keys()) {
      if (key !== 'attribute' && key !== 'default') throw failure(`Unexpected keyword argument '${key}'`)
    }
    run.charge(list.length)
    return list.map(attributeGetter(attribute, args.named.get('default') ?? undefined))
  }
  const filter = text(name, 'the name of a filter')
  const given = { positional, named: args.named }
  return list.map(item => run.filter(filter, item, given))
}

/** Keeps the items for which a test (or their truth) is `wanted`. */
function choose(
  list: readonly Value[],
  args: Bound,
  run: Runtime,
  wanted: boolean,
  getter: (item: Value) => Value,
): Value {
  const [name, ...positional] = args.rest
  run.charge(list.length)
  if (name === undefined) return list.filter(item => truthy(getter(item)) === wanted)
  const test = text(name, 'the name of a test')
  const given = { positional, named: args.named }
  return list.filter(item => run.test(test, getter(item), given) === wanted)
}

/** The items to choose from; anything that is false (None, 0) has none, as in Jinja2. */
const offered = (value: Value, run: Runtime): readonly Value[] => (truthy(value) ? items(value, run) : [])

const byItem = (wanted: boolean) =>
  native('*args, **kwargs', (value: Value, args: Bound, run: Runtime) =>
    choose(offered(value, run), args, run, wanted, item => item),
  )

const byAttribute = (wanted: boolean) =>
  native('attribute, *args, **kwargs', (value: Value, args: Bound, run: Runtime) =>
    choose(offered(value, run), args, run, wanted, attributeGetter(args.value('attribute'))),
  )

/** Filters that apply another filter or a test to every item. */
export const CHOICE_FILTERS: Filters = {
  map: native('*args, **kwargs', map),
  select: byItem(true),
  reject: byItem(false),
  selectattr: byAttribute(true),
  rejectattr: byAttribute(false),
}
