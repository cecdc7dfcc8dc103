import { isIP } from 'node:net'
import { dirname } from 'node:path'
import { type Value, Vaulted } from '../base/value.ts'
import { render } from '../jinja/engine.ts'
import { failure, TemplateError } from '../jinja/errors.ts'
import type { Scope } from '../jinja/options.ts'
import type { Node } from '../source/node.ts'
import type { VarsDirectory } from './adjacent.ts'
import { type Group, type Host, inOrder, lay, type VarEntry, type VarMap } from './model.ts'

/**
 * What a template sees of a host while inventories are still being read: the variables of its groups and its own, and its name.
 * @param linked the groups that are its own by now: that all groups are below `all` is seen to only after the last source
 * @param beside directories whose variables count too
 * @param merges whether dicts of several places become one
 */
export function hostView(
  host: Host,
  linked: readonly Group[],
  beside: readonly VarsDirectory[],
  extra: VarMap | undefined,
  merges = false,
): Scope {
  const groups = inOrder(linked)
  const all = new Map<string, VarEntry>()
  const add = (entries: VarMap): void => {
    for (const [name, entry] of entries) lay(all, name, entry, merges)
  }
  for (const group of groups) add(group.vars)
  for (const place of beside) for (const group of groups) add(place.group(group.name))
  add(host.vars)
  for (const place of beside) add(place.host(host.name))
  const own = new Map<string, Value>([
    ['inventory_hostname', host.name],
    ['inventory_hostname_short', isIP(host.name) ? host.name : (host.name.split('.')[0] ?? host.name)],
    ['inventory_file', host.source ?? null],
    ['inventory_dir', host.source === undefined ? null : dirname(host.source)],
    [
      'group_names',
      groups
        .map(group => group.name)
        .filter(name => name !== 'all')
        .sort(),
    ],
  ])
  if (extra) add(extra)
  return new View(all, own)
}

/** Every group that holds the host, directly or not. */
export function groupsAbove(host: Host): readonly Group[] {
  const seen = new Set(host.groups)
  for (const group of seen) for (const parent of group.parents) seen.add(parent)
  return [...seen]
}

class View implements Scope {
  readonly #written: VarMap
  readonly #own: ReadonlyMap<string, Value>
  readonly #running = new Set<string>()

  constructor(written: VarMap, own: ReadonlyMap<string, Value>) {
    this.#written = written
    this.#own = own
  }

  get(name: string): Value | undefined {
    const own = this.#own.get(name)
    if (own !== undefined) return own
    const entry = this.#written.get(name)
    if (!entry) return undefined
    if (this.#running.has(name))
      throw new TemplateError('template-runtime', `the variable "${name}" is defined by itself`, { span: entry.span })
    this.#running.add(name)
    try {
      return this.#rendered(entry.node)
    } finally {
      this.#running.delete(name)
    }
  }

  names(): Iterable<string> {
    return new Set([...this.#own.keys(), ...this.#written.keys()])
  }

  #rendered(node: Node): Value {
    if (node.kind === 'sequence') return node.items.map(item => this.#rendered(item))
    if (node.kind === 'mapping')
      return new Map(node.entries.map(({ key, value }) => [key.value, this.#rendered(value)]))
    if (node.value instanceof Vaulted) throw failure('a vaulted value makes no groups')
    return typeof node.value === 'string' ? render(node.value, this, { span: node.span, pure: true }) : node.value
  }
}
