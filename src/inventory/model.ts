import type { Span } from '../base/span.ts'
import type { Node } from '../source/node.ts'
import { overlay } from '../source/overlay.ts'
import { safeGroupName } from './names.ts'

/** A variable as somebody wrote it: not yet rendered, its place kept. */
export interface VarEntry {
  readonly node: Node
  readonly span: Span
  /** What wrote it, for people: `inventory host web1`, `group_vars/all`, `extra vars`. */
  readonly origin: string
}

export type VarMap = ReadonlyMap<string, VarEntry>

/** Puts a variable where one of its name may be: in its place, or, where dicts are merged, as a dict over a dict. */
export function lay(vars: Map<string, VarEntry>, name: string, entry: VarEntry, merges: boolean): void {
  const below = merges ? vars.get(name) : undefined
  vars.set(name, below ? { ...entry, node: overlay(below.node, entry.node) } : entry)
}

/** Variables in `group_vars/` and `host_vars/` of one directory, read when a group or host of that name is asked for. */
export interface AdjacentVars {
  /** The directory that holds `group_vars/` and `host_vars/`. */
  readonly dir: string
  /** Throws `InputError` when a file cannot be used. */
  group(name: string): VarMap
  host(name: string): VarMap
}

/** A machine by its inventory name. */
export class Host {
  readonly name: string
  readonly vars = new Map<string, VarEntry>()
  /** Groups that hold it directly, in the order in which they came. */
  readonly groups = new Set<Group>()
  /** The source that named it first (a file, or a host list). */
  readonly source: string | undefined
  /** Made because a play said `localhost` and no inventory did. */
  readonly implicit: boolean

  constructor(name: string, source: string | undefined, implicit = false) {
    this.name = name
    this.source = source
    this.implicit = implicit
  }
}

/** A named set of hosts and groups. */
export class Group {
  readonly name: string
  readonly vars = new Map<string, VarEntry>()
  readonly hosts = new Set<Host>()
  readonly children = new Set<Group>()
  readonly parents = new Set<Group>()
  /** Longest way down from `all`; variables of deeper groups win. Right after `Inventory.reconcile`. */
  depth = 0
  /** `ansible_group_priority`: among groups of equal depth the greater wins. */
  priority = 1

  constructor(name: string) {
    this.name = name
  }
}

/** The names that mean this machine without an inventory entry. */
export const LOCALHOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1'])

/** What settings say of all inventories. */
export interface InventoryRules {
  /** Dicts of several places become one (`hash_behaviour = merge`); otherwise the strongest counts. */
  readonly merges?: boolean | undefined
  /** Groups get names that can be names of variables (`force_valid_group_names`), and somebody is told, or nobody. */
  readonly safeNames?: 'told' | 'silently' | undefined
}

/** Hosts and groups, and who belongs to whom. After changes call `reconcile`. */
export class Inventory {
  readonly hosts = new Map<string, Host>()
  readonly groups = new Map<string, Group>()
  readonly merges: boolean
  /** Names of groups as they were given, of those that got another. */
  readonly renamed = new Set<string>()
  all: Group
  ungrouped: Group
  /** Variable directories beside the sources, in the order of the sources. */
  adjacent: readonly AdjacentVars[] = []
  /** Grows with every change of membership, so that others can know what they remember is old. */
  generation = 0
  /** The `localhost` that no inventory named, once it was asked for. */
  #implicit: Host | undefined
  /** Answers that hold until the next `reconcile`. */
  #members = new Map<Group, readonly Host[]>()
  #chains = new Map<string, readonly Group[]>()
  #ids = new Map<Group, number>()
  /** Changes of a run, to be made again when the sources were read anew. */
  readonly #kept: (() => void)[] = []
  readonly #safeNames: boolean

  constructor({ merges = false, safeNames }: InventoryRules = {}) {
    this.merges = merges
    this.#safeNames = safeNames !== undefined
    this.all = this.addGroup('all')
    this.ungrouped = this.addGroup('ungrouped')
    this.all.children.add(this.ungrouped)
    this.ungrouped.parents.add(this.all)
  }

  /** The name that a group gets. */
  groupName(given: string): string {
    return this.#safeNames ? safeGroupName(given) : given
  }

  /** The group of that name, made when there is none. */
  addGroup(given: string): Group {
    const name = this.groupName(given)
    if (name !== given) this.renamed.add(given)
    const known = this.groups.get(name)
    if (known) return known
    const group = new Group(name)
    this.groups.set(name, group)
    this.#ids.set(group, this.#ids.size)
    return group
  }

  /** The host of that name, made when there is none, put into the group when one is given. */
  addHost(name: string, source?: string, group?: Group): Host {
    let host = this.hosts.get(name)
    if (!host) {
      host = new Host(name, source)
      this.hosts.set(name, host)
    }
    if (group) {
      group.hosts.add(host)
      host.groups.add(group)
    }
    return host
  }

  /** Puts a group into a group. @returns the cycle it would close, by names, and then does nothing */
  addChild(parent: Group, child: Group): readonly string[] | undefined {
    // Everything is below `all`, also what is put there only by `reconcile`
    if (child === this.all) return [parent.name, child.name, ...(parent === child ? [] : [parent.name])]
    const way = wayDown(child, parent)
    if (way) return [parent.name, ...way.map(group => group.name)]
    parent.children.add(child)
    child.parents.add(parent)
    return undefined
  }

  /** The host of that name, or the implicit localhost when the name means this machine. */
  find(name: string): Host | undefined {
    const known = this.hosts.get(name)
    if (known || !LOCALHOSTS.has(name)) return known
    for (const alias of LOCALHOSTS) {
      const named = this.hosts.get(alias)
      if (named) return named
    }
    this.#implicit ??= new Host(name, undefined, true)
    return this.#implicit
  }

  /**
   * Makes the rules hold that need the whole: every group is under `all`, hosts without a group are in `ungrouped` and only
   * those, depths are right. Costs a pass over hosts and groups.
   */
  reconcile(): void {
    for (const group of this.groups.values())
      if (group !== this.all && group.parents.size === 0) {
        this.all.children.add(group)
        group.parents.add(this.all)
      }
    for (const host of this.hosts.values()) {
      let grouped = false
      for (const group of host.groups) if (group !== this.all && group !== this.ungrouped) grouped = true
      if (grouped === host.groups.has(this.ungrouped)) {
        if (grouped) {
          host.groups.delete(this.ungrouped)
          this.ungrouped.hosts.delete(host)
        } else {
          host.groups.add(this.ungrouped)
          this.ungrouped.hosts.add(host)
        }
      }
    }
    this.settleDepths()
    this.forget()
  }

  /** Becomes what another inventory is, for those who hold this one: the sources were read anew. */
  replace(other: Inventory): void {
    this.hosts.clear()
    this.groups.clear()
    for (const [name, host] of other.hosts) this.hosts.set(name, host)
    for (const [name, group] of other.groups) this.groups.set(name, group)
    this.all = other.all
    this.ungrouped = other.ungrouped
    this.adjacent = other.adjacent
    this.#ids = new Map([...other.groups.values()].map((group, index) => [group, index]))
    for (const change of this.#kept) change()
    this.reconcile()
  }

  /** Makes a change now, and again after every `replace`: it outlives the sources. */
  keep(change: () => void): void {
    this.#kept.push(change)
    change()
  }

  /** Drops remembered answers: for those who changed membership without a need for `reconcile`. */
  forget(): void {
    this.generation++
    this.#members = new Map()
    this.#chains = new Map()
  }

  /** Every host of a group and of the groups below it, level by level, each once. */
  members(group: Group): readonly Host[] {
    const known = this.#members.get(group)
    if (known) return known
    const hosts = new Set<Host>()
    const seen = new Set<Group>([group])
    for (const each of seen) {
      for (const host of each.hosts) hosts.add(host)
      for (const child of each.children) seen.add(child)
    }
    const out = [...hosts]
    this.#members.set(group, out)
    return out
  }

  /**
   * Every group that a host is in, directly or not, `all` included, weakest first: by depth, then priority, then name. Hosts in the
   * same groups get the same array, so that what is derived from it can be shared.
   */
  chain(host: Host): readonly Group[] {
    if (host.implicit) return this.#chain('implicit', [this.all])
    const key = [...host.groups].map(group => this.#ids.get(group)).join()
    return this.#chain(key, host.groups)
  }

  #chain(key: string, direct: Iterable<Group>): readonly Group[] {
    const known = this.#chains.get(key)
    if (known) return known
    const seen = new Set<Group>(direct)
    seen.add(this.all)
    for (const group of seen) for (const parent of group.parents) seen.add(parent)
    const out = inOrder([...seen])
    this.#chains.set(key, out)
    return out
  }

  /** Longest way from a root, in one pass in topological order: for who needs it before `reconcile`. */
  settleDepths(): void {
    const waiting = new Map<Group, number>()
    const ready: Group[] = []
    for (const group of this.groups.values()) {
      group.depth = 0
      waiting.set(group, group.parents.size)
      if (group.parents.size === 0) ready.push(group)
    }
    for (const group of ready)
      for (const child of group.children) {
        child.depth = Math.max(child.depth, group.depth + 1)
        const left = (waiting.get(child) ?? 0) - 1
        waiting.set(child, left)
        if (left === 0) ready.push(child)
      }
  }
}

/** By code point, as Python sorts. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Groups as their variables count, weakest first: by depth, then priority, then name. */
export const inOrder = (groups: readonly Group[]): readonly Group[] =>
  [...groups].sort((a, b) => a.depth - b.depth || a.priority - b.priority || compare(a.name, b.name))

/** The groups from one down to another, both included; undefined when the second is not below the first. */
function wayDown(from: Group, to: Group): readonly Group[] | undefined {
  const cameFrom = new Map<Group, Group | undefined>([[from, undefined]])
  for (const [group] of cameFrom) {
    if (group === to) {
      const way: Group[] = []
      for (let at: Group | undefined = group; at; at = cameFrom.get(at)) way.unshift(at)
      return way
    }
    for (const child of group.children) if (!cameFrom.has(child)) cameFrom.set(child, group)
  }
  return undefined
}
