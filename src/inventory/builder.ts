import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import type { Node } from '../source/node.ts'
import { nameFault, parseHost } from './address.ts'
import { type Group, type Host, Inventory, type InventoryRules, lay, type VarEntry } from './model.ts'
import { checkName } from './names.ts'
import { toNode } from './nodes.ts'

/** What every reader of an inventory format writes into: the inventory so far, and the faults so far. */
export class Builder {
  readonly inventory: Inventory
  readonly faults: Diagnostic[] = []
  /** Files that were read, in order: constructed groups may use the variables beside them. */
  readonly sources: string[] = []
  readonly #checked = new Set<string>()

  constructor(rules: InventoryRules = {}) {
    this.inventory = new Inventory(rules)
  }

  error(code: string, message: string, span: Span | undefined, remedy?: string): void {
    this.faults.push({ code, severity: 'error', message, ...(span && { span }), ...(remedy && { remedy }) })
  }

  warn(code: string, message: string, span: Span | undefined, remedy?: string): void {
    this.faults.push({ code, severity: 'warning', message, ...(span && { span }), ...(remedy && { remedy }) })
  }

  /** The hosts that a pattern with ranges names, put into the group. A port counts for hosts that are new. */
  hosts(pattern: string, span: Span, group: Group, source: string): readonly Host[] {
    const parsed = parseHost(pattern)
    if ('message' in parsed) {
      this.error(parsed.code, parsed.message, span, parsed.remedy)
      return []
    }
    return parsed.names.map(name => {
      const isNew = !this.inventory.hosts.has(name)
      const host = this.inventory.addHost(name, source, group)
      if (isNew && parsed.port !== undefined)
        host.vars.set('ansible_port', { node: toNode(parsed.port, span), span, origin: `inventory host ${name}` })
      return host
    })
  }

  /** One host by its name as it is, without ranges and ports; undefined when it may not be called so. */
  host(name: string, span: Span, group: Group, source: string): Host | undefined {
    const wrong = nameFault(name)
    if (!wrong) return this.inventory.addHost(name, source, group)
    this.error('host-name', wrong.message, span, wrong.remedy)
    return undefined
  }

  /** Puts a group into a group, or says which cycle it would close. */
  child(parent: Group, child: Group, span: Span): void {
    const cycle = this.inventory.addChild(parent, child)
    if (cycle)
      this.error(
        'group-cycle',
        `group "${child.name}" cannot be a child of "${parent.name}": ${cycle.join(' -> ')}`,
        span,
        'take one of these memberships away: a group may not be inside itself',
      )
  }

  /** Where a group has the host's name, Ansible gives the variable to the group; so do we, and warn of the name. */
  hostVar(host: Host, name: string, entry: VarEntry): void {
    const group = this.inventory.groups.get(host.name)
    if (group) this.groupVar(group, name, { ...entry, origin: `inventory group ${group.name}` })
    else if (this.#check(name, entry)) lay(host.vars, name, entry, this.inventory.merges)
  }

  groupVar(group: Group, name: string, entry: VarEntry): void {
    if (!this.#check(name, entry)) return
    if (name !== 'ansible_group_priority') {
      lay(group.vars, name, entry, this.inventory.merges)
      return
    }
    const priority = priorityOf(entry.node)
    if (priority === undefined)
      this.error(
        'group-priority',
        'ansible_group_priority is no whole number',
        entry.span,
        'for example 10; the default is 1',
      )
    else group.priority = priority
  }

  /** Each name is judged once a place; a port is judged each time. False when the variable must not be kept. */
  #check(name: string, entry: VarEntry): boolean {
    if ((name === 'ansible_port' || name === 'ansible_ssh_port') && !this.#portIsFine(entry)) return false
    const key = `${entry.span.file}\n${entry.span.line}\n${name}`
    if (this.#checked.has(key)) return true
    this.#checked.add(key)
    const fault = checkName(name)
    if (fault) this.faults.push({ ...fault, span: entry.span })
    return fault?.severity !== 'error'
  }

  #portIsFine(entry: VarEntry): boolean {
    const { node } = entry
    if (node.kind === 'scalar') {
      const { value } = node
      if (typeof value === 'string' ? /\{[{%]/.test(value) || isPort(value) : value === null || isPort(String(value)))
        return true
    }
    const shown = node.kind === 'scalar' ? JSON.stringify(node.text) : `a ${node.kind}`
    this.error('port-range', `ansible_port is ${shown}`, entry.span, 'a port is a whole number from 1 to 65535')
    return false
  }
}

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535

function priorityOf(node: Node): number | undefined {
  if (node.kind !== 'scalar') return undefined
  return /^-?\d+$/.test(String(node.value)) ? Number(node.value) : undefined
}
