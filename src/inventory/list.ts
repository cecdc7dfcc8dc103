import type { Dict, Value } from '../base/value.ts'
import { toText } from '../jinja/python/text.ts'
import { compare, type Group, type Host, type Inventory } from './model.ts'

/** What is to be shown of an inventory. */
export interface View {
  readonly inventory: Inventory
  /** The variables of a host and of a group, as they are to stand there. */
  hostVars(host: Host): Dict
  groupVars(group: Group): Dict
  /** Variables stand with the group or host that they were given to, so that the output may be an inventory again. */
  readonly export: boolean
  /** `--limit`: hosts that are not in it are left out. */
  readonly only?: ReadonlySet<Host>
}

/** How JSON tells of vaults and of texts that are no templates, by the name that 2.19 gave to it. */
export const PROFILE = 'inventory_legacy'

const shows = (view: View, host: Host): boolean => view.only === undefined || view.only.has(host)

const put = (into: Dict, key: string, value: Value[] | Dict): void => {
  if (Array.isArray(value) ? value.length > 0 : value.size > 0) into.set(key, value)
}

/** `--list`: a flat dict of groups with the names of hosts and children, and the variables of all hosts in `_meta.hostvars`. */
export function toList(view: View): Dict {
  const { inventory } = view
  const out: Dict = new Map()
  const seen = new Set<Group>()
  const visit = (group: Group): void => {
    if (seen.has(group)) return
    seen.add(group)
    const entry: Dict = new Map()
    if (group !== inventory.all)
      put(
        entry,
        'hosts',
        [...group.hosts].filter(host => shows(view, host)).map(host => host.name),
      )
    put(
      entry,
      'children',
      [...group.children].map(child => child.name),
    )
    if (view.export) put(entry, 'vars', view.groupVars(group))
    put(out, group.name, entry)
    for (const child of group.children) visit(child)
  }
  visit(inventory.all)
  const hostvars: Dict = new Map()
  for (const host of inventory.members(inventory.all))
    if (shows(view, host)) put(hostvars, host.name, view.hostVars(host))
  const meta = new Map<Value, Value>([
    ['hostvars', hostvars],
    ['profile', PROFILE],
  ])
  return out.set('_meta', meta)
}

/** `--list --yaml`: groups inside groups, as a YAML inventory. What was shown already is empty the second time. */
export function toTree(view: View): Dict {
  const { inventory } = view
  const groups = new Set<Group>()
  const hosts = new Set<Host>()
  const visit = (group: Group): Dict => {
    const entry: Dict = new Map()
    if (groups.has(group)) return entry
    groups.add(group)
    // A group that shows nothing is left out, as since 2.15; one that was shown already is named
    const children = [...group.children].map(child => ({ child, known: groups.has(child), shown: visit(child) }))
    const kept = children.filter(({ known, shown }) => known || shown.size > 0)
    put(entry, 'children', new Map(kept.map(({ child, shown }) => [child.name, shown])))
    const own: Dict = new Map()
    if (group !== inventory.all)
      for (const host of group.hosts) {
        if (!shows(view, host)) continue
        own.set(host.name, hosts.has(host) ? new Map() : view.hostVars(host))
        hosts.add(host)
      }
    put(entry, 'hosts', own)
    if (view.export) put(entry, 'vars', view.groupVars(group))
    return entry
  }
  const shown = visit(inventory.all)
  return new Map(shown.size > 0 ? [[inventory.all.name, shown]] : [])
}

/** `--graph`: a group and all below it as lines that begin with bars. */
export function toGraph(view: View, from: Group, withVars: boolean): string {
  const lines: string[] = []
  const line = (depth: number, text: string): void => {
    lines.push(depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`)
  }
  const vars = (depth: number, dict: Dict): void => {
    const sorted = [...dict].sort(([a], [b]) => compare(String(a), String(b)))
    for (const [name, value] of withVars ? sorted : []) line(depth, `{${toText(name)} = ${toText(value)}}`)
  }
  const visit = (group: Group, depth: number): void => {
    line(depth, `@${group.name}:`)
    for (const child of group.children) visit(child, depth + 1)
    if (group !== view.inventory.all)
      for (const host of group.hosts) {
        line(depth + 1, host.name)
        vars(depth + 2, view.hostVars(host))
      }
    vars(depth + 1, view.groupVars(group))
  }
  visit(from, 0)
  return `${lines.join('\n')}\n`
}
