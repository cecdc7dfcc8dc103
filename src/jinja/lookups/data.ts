import type { Value } from '../../base/value.ts'
import { failure, TemplateError } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { Tuple, Undefined } from '../python/objects.ts'
import { typeName } from '../python/text.ts'
import { compilePattern } from '../regex/pattern.ts'
import { listOf, nameOf, opened } from './shared.ts'
import { subelements } from './subelements.ts'

const lookup = (run: Lookup['run']): Lookup => ({ pure: true, run })

const vars = lookup((terms, options, { scope }) =>
  opened(terms).map(term => {
    const name = nameOf(term)
    const own = scope.get(name)
    const value = own === undefined ? options.get('default') : own
    if (value !== undefined && !(value instanceof Undefined)) return value
    throw new TemplateError('undefined-variable', `No variable found with this name: ${name}`, { variable: name })
  }),
)

function searchPattern(text: string): ReturnType<typeof compilePattern> {
  try {
    return compilePattern(text)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw failure(`Unable to use "${text}" as a search parameter: ${error.fault}`)
  }
}

/** The names that each pattern finds, pattern by pattern. */
const varnames = lookup((terms, _options, { scope }) => {
  const names = [...scope.names()]
  return opened(terms).flatMap(term => {
    const text = nameOf(term)
    const pattern = searchPattern(text)
    return names.filter(name => pattern.find(name) !== null)
  })
})

const dict = lookup(terms =>
  terms.flatMap(term => {
    if (!(term instanceof Map)) throw failure(`the 'dict' lookup plugin expects a dictionary, got '${typeName(term)}'`)
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
  if (terms.length === 0) throw failure('with_together requires at least one element in each list')
  const lists = terms.map(term => listOf(term) ?? [term])
  const longest = Math.max(0, ...lists.map(list => list.length))
  return Array.from({ length: longest }, (_item, index) => lists.map(list => list[index] ?? null))
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

/** Lookups that only look at their terms and at variables. */
export const DATA_LOOKUPS: Readonly<Record<string, Lookup>> = {
  vars,
  varnames,
  dict,
  together,
  nested,
  cartesian: nested,
  subelements: lookup(terms => subelements(terms)),
  flattened,
  items: lookup(opened),
  list: lookup(terms => [...terms]),
  indexed_items: lookup(terms => {
    if (terms.some(term => term instanceof Map)) throw failure('with_indexed_items expects a list')
    return opened(terms).map((item, index) => new Tuple([index, item]))
  }),
}
