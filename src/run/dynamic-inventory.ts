import { dict, fromJson, jsonLine, toJson, type Value } from '../base/value.ts'
import { parseHost } from '../inventory/address.ts'
import { type Inventory, lay } from '../inventory/model.ts'
import { finalNode, type Node, toValue } from '../source/node.ts'
import { overlay } from '../source/overlay.ts'
import { failed } from './ensure.ts'
import type { Speech } from './language.ts'
import { ownArguments } from './own-arguments.ts'
import type { Result } from './ports.ts'
import type { Turn } from './turn.ts'

const NAMES: ReadonlySet<string> = new Set(['name', 'groups'])

/** `add_host`: a host, and groups that it is in, for the plays that follow. */
export function addHost(turn: Turn, speech: Speech): Result {
  const args = ownArguments(turn, speech)
  const { inventory } = turn.play.run
  const { span } = turn.placed.task
  const parsed = parseHost(String(args['name']))
  if ('message' in parsed) return failed(parsed.message, parsed.remedy)
  const name = parsed.names[0] ?? ''
  const vars = new Map<string, Value>(
    Object.entries(args).flatMap(([key, value]) => (NAMES.has(key) ? [] : [[key, fromJson(value)] as const])),
  )
  if (parsed.port !== undefined && !vars.has('ansible_port')) vars.set('ansible_port', parsed.port)
  const groups = groupsOf(args['groups'])
  const entries = [...vars].map(([key, value]) => ({ key, node: finalNode(value, span) }))
  const before = inventory.hosts.get(name)
  const says = (key: string, node: Node): boolean => {
    const said = before?.vars.get(key)?.node
    return said !== undefined && shape(said) === shape(inventory.merges ? overlay(said, node) : node)
  }
  const changed =
    before === undefined ||
    groups.some(group => !isIn(inventory, name, group)) ||
    entries.some(({ key, node }) => !says(key, node))
  inventory.keep(() => {
    const host = inventory.addHost(name, 'add_host')
    for (const group of groups) inventory.addHost(name, 'add_host', inventory.addGroup(group))
    const origin = `add_host of ${name}`
    for (const { key, node } of entries) lay(host.vars, key, { node, span, origin }, inventory.merges)
  })
  if (changed) inventory.reconcile()
  const told = dict({ host_name: name, groups, host_vars: new Map(vars) })
  return { changed, fields: dict({ add_host: told }), diff: [] }
}

/** What a node says, wherever it stands. */
const shape = (node: Node): string => jsonLine(toJson(toValue(node)))

/** `group_by`: the host into a group that is named by what is known of it. */
export function groupBy(turn: Turn, speech: Speech): Result {
  const args = ownArguments(turn, speech)
  const { inventory } = turn.play.run
  const group = String(args['key']).replaceAll(' ', '-')
  const parents = groupsOf(args['parents']).map(name => name.replaceAll(' ', '-'))
  const { name: host } = turn.host
  const changed = !isIn(inventory, host, group)
  let made = false
  inventory.keep(() => {
    // A host that the sources do not name any more is in no group either
    if (!made || inventory.hosts.has(host)) inventory.addHost(host, 'group_by', inventory.addGroup(group))
    made = true
  })
  for (const name of parents) {
    if (name === 'all') continue
    let cycle: readonly string[] | undefined
    inventory.keep(() => {
      cycle = inventory.addChild(inventory.addGroup(name), inventory.addGroup(group))
    })
    if (cycle) return failed(`group "${group}" cannot be a child of "${name}": ${cycle.join(' -> ')}`)
  }
  if (changed || parents.length > 0) inventory.reconcile()
  return {
    changed,
    fields: dict({ add_group: group, parent_groups: parents.length > 0 ? parents : ['all'] }),
    diff: [],
  }
}

/** Whether a host is in a group itself. */
function isIn(inventory: Inventory, host: string, group: string): boolean {
  const there = inventory.hosts.get(host)
  return there !== undefined && inventory.groups.get(inventory.groupName(group))?.hosts.has(there) === true
}

/** Names of groups: a list, or text with commas. */
const groupsOf = (said: unknown): string[] =>
  (Array.isArray(said) ? said.map(String) : typeof said === 'string' ? said.split(',') : [])
    .map(name => name.trim())
    .filter(name => name !== '')
