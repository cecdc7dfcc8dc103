import { nearest } from '../../base/nearest.ts'
import type { Value } from '../../base/value.ts'
import { failure, TemplateError } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { DictView, Tuple, Undefined } from '../python/objects.ts'
import { toText, typeName } from '../python/text.ts'

/** The items of a list-like term; undefined for anything else. */
const listOf = (term: Value): readonly Value[] | undefined => {
  if (Array.isArray(term)) return term
  return term instanceof Tuple || term instanceof DictView ? term.items : undefined
}

/** The terms with lists among them opened, one level. */
export const opened = (terms: readonly Value[]): Value[] => terms.flatMap(term => [...(listOf(term) ?? [term])])

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
  const patterns = terms.map(term => searchRegExp(toText(term)))
  return [...scope.names()].filter(name => patterns.some(pattern => pattern.test(name))).sort()
})

/** Patterns of names are simple; Python's syntax is not asked for here. */
function searchRegExp(pattern: string): RegExp {
  try {
    return new RegExp(pattern)
  } catch (error) {
    throw new TemplateError('template-runtime', `'${pattern}' is no regular expression`, { cause: error })
  }
}

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

const nested = lookup((terms, _options, run) => {
  const lists = terms.map(term => listOf(term) ?? [term])
  const total = lists.reduce((product, list) => product * list.length, 1)
  if (total > 1_000_000) throw failure(`the lookup 'nested' would give ${total} items`, 'template-limit')
  void run
  return lists.reduce<Value[][]>((rows, list) => rows.flatMap(row => list.map(item => [...row, item])), [[]])
})

const flattened = lookup(terms => {
  const flat = (list: readonly Value[]): Value[] =>
    list.flatMap(item => (listOf(item) ? flat(listOf(item) ?? []) : [item]))
  return flat(terms)
})

/** Lookups that only look at their terms and at variables. */
export const DATA_LOOKUPS: Readonly<Record<string, Lookup>> = {
  vars,
  varnames,
  dict,
  together,
  nested,
  flattened,
  items: lookup(opened),
  list: lookup(terms => [...terms]),
  indexed_items: lookup(terms => opened(terms).map((item, index) => new Tuple([index, item]))),
}
