import { toJson } from '../base/value.ts'
import { toValue } from '../source/node.ts'
import { inventoryVars } from './adjacent.ts'
import type { AdjacentVars, Group, Host, Inventory } from './model.ts'

/**
 * The inventory as `ansible-inventory --list` prints it: groups with hosts and children, and the unrendered variables of every host
 * in `_meta.hostvars`. Plain JSON data.
 * @param playbook directory of variables beside the playbook, which count too when given
 */
export function toList(inventory: Inventory, playbook?: AdjacentVars): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const seen = new Set<Group>()
  const visit = (group: Group): void => {
    if (seen.has(group)) return
    seen.add(group)
    const entry: Record<string, unknown> = {}
    if (group !== inventory.all && group.hosts.size > 0) entry['hosts'] = [...group.hosts].map(host => host.name)
    if (group.children.size > 0) entry['children'] = [...group.children].map(child => child.name)
    if (Object.keys(entry).length > 0) out[group.name] = entry
    for (const child of group.children) visit(child)
  }
  visit(inventory.all)
  const hostvars: Record<string, unknown> = {}
  for (const host of inventory.members(inventory.all)) {
    const vars = hostVariables(inventory, host, playbook)
    if (Object.keys(vars).length > 0) hostvars[host.name] = vars
  }
  return { _meta: { hostvars }, ...out }
}

/** The unrendered variables of one host, as `ansible-inventory --host` prints them. */
export function hostVariables(inventory: Inventory, host: Host, playbook?: AdjacentVars): Record<string, unknown> {
  const out = new Map<string, unknown>()
  for (const [name, entry] of inventoryVars(inventory, host, playbook)) out.set(name, toJson(toValue(entry.node)))
  return Object.fromEntries(out)
}
