import type { Dict } from '../base/value.ts'
import type { AdjacentVars, Group } from '../inventory/model.ts'
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

/** The variables of some levels as they were written, not rendered; the strongest of each name. */
export function written(scope: HostScope, levels: ReadonlySet<Level>): Dict {
  const out: Dict = new Map()
  for (const layer of scope.layers) {
    if (!levels.has(layer.level)) continue
    for (const name of layer.names()) {
      if (INTERNAL.has(name) || out.has(name)) continue
      const found = layer.find(name)
      if (found) out.set(name, found.node ? toValue(found.node) : (found.value ?? null))
    }
  }
  return out
}

/** The variables that a group was given, in inventories and in these directories. */
export function writtenOfGroup(group: Group, places: readonly AdjacentVars[]): Dict {
  const out: Dict = new Map()
  for (const entries of [group.vars, ...places.map(place => place.group(group.name))])
    for (const [name, { node }] of entries) if (!INTERNAL.has(name)) out.set(name, toValue(node))
  if (group.priority !== 1) out.set('ansible_group_priority', group.priority)
  return out
}
