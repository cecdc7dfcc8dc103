import { nearest } from '../../base/nearest.ts'
import type { Value } from '../../base/value.ts'
import { failure, TemplateError } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { Tuple, Undefined } from '../python/objects.ts'
import { toText, truthy, typeName } from '../python/text.ts'
import { compilePattern } from '../regex/pattern.ts'
import { listOf, opened } from './shared.ts'

const lookup = (run: Lookup['run']): Lookup => ({ pure: true, run })

const vars = lookup((terms, options, { scope }) =>
  opened(terms).map(term => {
    const name = toText(term)
    const own = scope.get(name)
    const value = own === undefined ? options.get('default') : own
    if (value !== undefined && !(value instanceof Undefined)) return value
    const guess = nearest(name, scope.names())
    const hint = guess === undefined ? '' : `; did you mean '${guess}'?`
    throw new TemplateError('undefined-variable', `no variable named '${name}' was found${hint}`, { variable: name })
  }),
)

const varnames = lookup((terms, _options, { scope }) => {
  const patterns = opened(terms).map(term => compilePattern(toText(term)))
  return [...scope.names()].filter(name => patterns.some(pattern => pattern.find(name) !== null)).sort()
})

const dict = lookup(terms =>
  terms.flatMap(term => {
    if (!(term instanceof Map)) throw failure(`the lookup 'dict' expects a dict, got '${typeName(term)}'`)
    return Array.from(
      term.entries(),
      ([key, value]) =>
        new Map<Value, Value>([
          ['key', key],
          ['value', value],
        ]),
    )
  }),
)

const together = lookup(terms => {
  const lists = terms.map(term => listOf(term) ?? [term])
  const longest = Math.max(0, ...lists.map(list => list.length))
  return Array.from({ length: longest }, (_item, index) => new Tuple(lists.map(list => list[index] ?? null)))
})

const nested = lookup(terms => {
  const lists = terms.map(term => listOf(term) ?? [term])
  const total = lists.reduce((product, list) => product * list.length, 1)
  if (total > 1_000_000) throw failure(`the lookup 'nested' would give ${total} items`, 'template-limit')
  return lists.reduce<Value[][]>((rows, list) => rows.flatMap(row => list.map(item => [...row, item])), [[]])
})

const flattened = lookup(terms => {
  const flat = (list: readonly Value[]): Value[] =>
    list.flatMap(item => (listOf(item) ? flat(listOf(item) ?? []) : [item]))
  return flat(terms)
})

/** Every item of a list with every element of a list in it: `subelements, list, 'path', {'skip_missing': true}`. */
const subelements = lookup(([over = null, path = null, flags = null]) => {
  const skip = flags instanceof Map && truthy(flags.get('skip_missing') ?? false)
  return (over instanceof Map ? [...over.values()] : (listOf(over) ?? [])).flatMap((item): Value[] => {
    if (item instanceof Map && truthy(item.get('skipped') ?? false)) return []
    let found: Value | undefined = item
    for (const key of toText(path).split('.')) found = found instanceof Map ? found.get(key) : undefined
    const list = found === undefined ? undefined : listOf(found)
    if (list) return list.map(element => new Tuple([item, element]))
    if (found === undefined && skip) return []
    throw failure(`the lookup 'subelements' found no list '${toText(path)}' in an item`)
  })
})

/** Lookups that only look at their terms and at variables. */
export const DATA_LOOKUPS: Readonly<Record<string, Lookup>> = {
  vars,
  varnames,
  dict,
  together,
  nested,
  cartesian: nested,
  subelements,
  flattened,
  items: lookup(opened),
  list: lookup(terms => [...terms]),
  indexed_items: lookup(terms => opened(terms).map((item, index) => new Tuple([index, item]))),
}
