import type { Dict } from '../base/value.ts'
import { type AdjacentVars, type Group, lay, type VarEntry } from '../inventory/model.ts'
import { toValue } from '../source/node.ts'
import type { Level } from './precedence.ts'
import type { HostScope } from './scope.ts'

const HOST: readonly Level[] = ['inventory host', 'inventory host_vars', 'playbook host_vars']

/** Where a host's variables come from before any play: what `ansible-inventory` shows. */
export const OF_INVENTORY: ReadonlySet<Level> = new Set([
  ...(['inventory all', 'inventory group', 'inventory group_vars/all', 'playbook group_vars/all'] as const),
  ...(['inventory group_vars', 'playbook group_vars', ...HOST, 'facts', 'extra vars'] as const),
])

/** Where a host's own variables come from, without those of its groups. */
export const OF_HOST: ReadonlySet<Level> = new Set(HOST)

/** Names that Ansible keeps for itself: they are shown to nobody, even when somebody sets them. */
const INTERNAL = new Set(
  (
    'ansible_config_file ansible_diff_mode ansible_facts ansible_forks ansible_inventory_sources ansible_limit ' +
    'ansible_playbook_python ansible_run_tags ansible_skip_tags ansible_verbosity ansible_version group_names groups ' +
    'inventory_dir inventory_file inventory_hostname inventory_hostname_short omit playbook_dir'
  ).split(' '),
)

/** The variables of some levels as they were written, not rendered; the strongest of each name, or what it comes to. */
export function written(scope: HostScope, levels: ReadonlySet<Level>): Dict {
  const out: Dict = new Map()
  const layers = scope.layers.filter(({ level }) => levels.has(level))
  for (const layer of layers) {
    for (const name of layer.names()) {
      if (INTERNAL.has(name) || out.has(name)) continue
      const winner = layer.find(name)
      if (!winner) continue
      const { node, value = null } = scope.laid(winner, name, layers)
      out.set(name, node ? toValue(node) : value)
    }
  }
  return out
}

/**
 * The variables that a group was given, in inventories and in these directories.
 * @param merges whether dicts are laid over dicts
 */
export function writtenOfGroup(group: Group, places: readonly AdjacentVars[], merges: boolean): Dict {
  const all = new Map<string, VarEntry>()
  for (const entries of [group.vars, ...places.map(place => place.group(group.name))])
    for (const [name, entry] of entries) if (!INTERNAL.has(name)) lay(all, name, entry, merges)
  const out: Dict = new Map([...all].map(([name, { node }]) => [name, toValue(node)]))
  if (group.priority !== 1) out.set('ansible_group_priority', group.priority)
  return out
}
