import { nearest } from '../../base/nearest.ts'
import type { Value } from '../../base/value.ts'
import { failure, TemplateError } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { type Given, own, type Runtime } from '../python/callable.ts'
import { toText, truthy } from '../python/text.ts'
import { LOOKUPS } from './all.ts'

/** Options that belong to `lookup()` itself. */
const OWN_OPTIONS: ReadonlySet<string> = new Set(['wantlist', 'errors'])

function found(run: Runtime, name: string): Lookup {
  const extra = run.options.lookups
  const lookup = (extra && own(extra, name)) ?? own(LOOKUPS, name)
  if (lookup) return lookup
  const guess = nearest(name, [...Object.keys(LOOKUPS), ...Object.keys(extra ?? {})])
  throw failure(`no lookup named '${name}'${guess === undefined ? '' : `; did you mean '${guess}'?`}`, 'unknown-lookup')
}

/** What a lookup gives: a list for `query` and `wantlist=true`; else its one value, texts joined with commas,
 * or the list as it is, also when it is empty. */
export function callLookup(run: Runtime, name: string, given: Given, asList: boolean): Value {
  const lookup = found(run, name)
  if (!lookup.pure) run.impure(`the lookup '${name}'`)
  const wantList = asList || truthy(given.named.get('wantlist') ?? false)
  const errors = toText(given.named.get('errors') ?? 'strict')
  if (!['strict', 'warn', 'ignore'].includes(errors))
    throw failure(`errors must be strict, warn or ignore, not '${errors}'`)
  const options = new Map([...given.named].filter(([key]) => !OWN_OPTIONS.has(key)))
  run.charge(1 + given.positional.length)
  let values: Value[]
  try {
    values = lookup.run(given.positional, options, run)
  } catch (error) {
    if (!(error instanceof TemplateError) || error.code === 'template-limit' || errors === 'strict') throw error
    if (errors === 'warn') run.options.warn?.(error.fault)
    return wantList ? [] : null
  }
  if (wantList) return values
  const [only] = values
  if (values.length === 1 && only !== undefined) return only
  return values.length === 0 || values.some(value => typeof value !== 'string') ? values : values.join(',')
}
