import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { toText } from '../python/text.ts'
import { opened } from './shared.ts'

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
      const value = options.setting?.(toText(term))
      if (value !== undefined) return [value]
      if (toText(given.get('on_missing') ?? 'error') !== 'error') return []
      throw failure(`the lookup 'config' knows no setting '${toText(term)}'`)
    }),
}

/** Lookups that ask the host program: its inventory, its settings. */
export const HOST_LOOKUPS: Readonly<Record<string, Lookup>> = { inventory_hostnames: inventoryHostnames, config }
