import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { toText } from '../python/text.ts'
import { nameOf, opened } from './shared.ts'

/** The names of the hosts that patterns select from the inventory. */
const inventoryHostnames: Lookup = {
  run: (terms, _options, { options }) => {
    if (!options.hosts) throw failure("the lookup 'inventory_hostnames' has no inventory here")
    return [...options.hosts(opened(terms).map(toText).join(','))]
  },
}

/** Settings by Ansible's names. */
const config: Lookup = {
  run: (terms, given, { options }) =>
    opened(terms).flatMap((term): Value[] => {
      const missing = toText(given.get('on_missing') ?? 'error')
      if (!['error', 'warn', 'skip'].includes(missing))
        throw failure(
          `the lookup 'config' does not know '${missing}' for on_missing; valid values are error, warn, skip`,
        )
      const name = nameOf(term)
      const value = options.setting?.(name)
      if (value !== undefined) return [value]
      if (missing === 'warn') options.warn?.(`Skipping, did not find setting ${name}`)
      if (missing !== 'error') return []
      throw failure(`Unable to find setting '${name}'`)
    }),
}

/** Lookups that ask the host program: its inventory, its settings. */
export const HOST_LOOKUPS: Readonly<Record<string, Lookup>> = { inventory_hostnames: inventoryHostnames, config }
