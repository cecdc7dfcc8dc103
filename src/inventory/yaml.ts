import type { Span } from '../base/span.ts'
import { type Entry, field, type Mapping, type Node } from '../source/node.ts'
import type { Builder } from './builder.ts'
import type { Group } from './model.ts'

/**
 * Reads an inventory in Ansible's YAML form: groups at the top, each with `hosts`, `vars` and `children`. Host keys may hold ranges.
 * @see https://docs.ansible.com/ansible/latest/collections/ansible/builtin/yaml_inventory.html
 */
export function readYamlInventory(node: Node, file: string, builder: Builder): void {
  if (node.kind !== 'mapping') {
    builder.error(
      'inventory-shape',
      `the inventory is a ${node.kind}, not a mapping of groups`,
      node.span,
      'begin with "all:" and give it hosts, vars and children',
    )
    return
  }
  for (const entry of node.entries) readGroup(entry, file, builder)
}

/** The plugin that a file is the configuration of; undefined when it is an inventory itself. */
export function pluginOf(node: Node): { readonly name: string; readonly span: Span } | undefined {
  const value = field(node, 'plugin')
  return value?.kind === 'scalar' && value.text !== '' ? { name: value.text, span: value.span } : undefined
}

/** One group and what is below it. */
function readGroup({ key, value }: Entry, file: string, builder: Builder): Group | undefined {
  const name = key.text
  if (value.kind !== 'mapping' && !isNull(value)) {
    builder.error(
      'inventory-shape',
      `group "${name}" is a ${value.kind}`,
      value.span,
      'a group is a mapping with hosts, vars or children',
    )
    return undefined
  }
  if (!/^[^:\]\s]+$/.test(name)) {
    builder.error(
      'group-name',
      `${JSON.stringify(name)} is no group name`,
      key.span,
      'a group name has no blanks, colons or brackets',
    )
    return undefined
  }
  const group = builder.inventory.addGroup(name)
  if (value.kind === 'mapping') for (const entry of value.entries) readSection(entry, group, file, builder)
  return group
}

function readSection({ key, value }: Entry, group: Group, file: string, builder: Builder): void {
  const kind = key.text
  if (kind !== 'hosts' && kind !== 'vars' && kind !== 'children') {
    builder.warn(
      'inventory-key',
      `"${kind}" in group "${group.name}" has no meaning and is skipped`,
      key.span,
      `a group has hosts, vars and children${value.kind === 'mapping' ? `; is ${kind} a group? Then put it under children` : ''}`,
    )
    return
  }
  const mapping = asMapping(value)
  if (mapping === undefined) {
    builder.error(
      'inventory-shape',
      `"${kind}" of group "${group.name}" is a ${value.kind}`,
      value.span,
      kind === 'vars'
        ? 'write name: value lines'
        : `write a mapping, each ${kind === 'hosts' ? 'host' : 'group'} with a colon after it`,
    )
    return
  }
  if (kind === 'vars') {
    for (const { key: name, value: node } of mapping.entries)
      builder.groupVar(group, name.text, { node, span: node.span, origin: `inventory group ${group.name}` })
  } else if (kind === 'children') {
    for (const entry of mapping.entries) {
      const child = readGroup(entry, file, builder)
      if (child) builder.child(group, child, entry.key.span)
    }
  } else for (const entry of mapping.entries) readHost(entry, group, file, builder)
}

function readHost({ key, value }: Entry, group: Group, file: string, builder: Builder): void {
  if (key.value !== null && typeof key.value !== 'string') {
    builder.error('host-name', `Host pattern ${key.text} must be a string`, key.span, `write "${key.text}", in quotes`)
    return
  }
  if (value.kind !== 'mapping' && !isNull(value)) {
    builder.error(
      'inventory-shape',
      `host "${key.text}" is a ${value.kind}`,
      value.span,
      'under a host stand its variables, as name: value',
    )
    return
  }
  for (const host of builder.hosts(key.text, key.span, group, file))
    for (const { key: name, value: node } of value.kind === 'mapping' ? value.entries : [])
      builder.hostVar(host, name.text, { node, span: node.span, origin: `inventory host ${host.name}` })
}

const isNull = (node: Node): boolean => node.kind === 'scalar' && node.value === null

/** `hosts: web1` is short for a mapping with one key; nothing at all is an empty one. */
function asMapping(node: Node): Mapping | undefined {
  if (node.kind === 'mapping') return node
  if (isNull(node)) return { kind: 'mapping', entries: [], span: node.span }
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const nothing: Node = { kind: 'scalar', value: null, text: '', plain: true, span: node.span }
    return { kind: 'mapping', entries: [{ key: node, value: nothing }], span: node.span }
  }
  return undefined
}
