import { dirname } from 'node:path'
import { nearest } from '../base/nearest.ts'
import type { Value } from '../base/value.ts'
import { evaluate, render } from '../jinja/engine.ts'
import { NotNow, TemplateError } from '../jinja/errors.ts'
import type { Scope } from '../jinja/options.ts'
import { toText, truthy } from '../jinja/python/text.ts'
import { type Entry, field, type Mapping, type Node } from '../source/node.ts'
import { type OpenFile, VarsDirectory } from './adjacent.ts'
import type { Builder } from './builder.ts'
import { groupsAbove, hostView } from './constructed-scope.ts'
import { keyedNames } from './keyed-names.ts'
import type { Host, VarMap } from './model.ts'
import { safeGroupName } from './names.ts'
import { toNode } from './nodes.ts'

const OPTIONS = [
  ...['plugin', 'strict', 'compose', 'groups', 'keyed_groups', 'leading_separator'],
  ...['use_vars_plugins', 'use_extra_vars'],
]

/**
 * `plugin: constructed`: variables and groups made by expressions from what the sources before said.
 * @see https://docs.ansible.com/ansible/latest/collections/ansible/builtin/constructed_inventory.html
 */
export function readConstructed(
  node: Node,
  builder: Builder,
  context: { readonly openVault?: OpenFile; readonly extraVars?: VarMap },
): void {
  if (node.kind !== 'mapping') return
  for (const { key } of node.entries)
    if (!OPTIONS.includes(key.text)) {
      const guess = nearest(key.text, OPTIONS)
      builder.warn(
        'inventory-key',
        `"${key.text}" has no meaning for constructed groups and is skipped`,
        key.span,
        guess === undefined ? `known: ${OPTIONS.join(', ')}` : `did you mean "${guess}"?`,
      )
    }
  const dirs = new Set(isTrue(field(node, 'use_vars_plugins')) ? builder.sources.map(file => dirname(file)) : [])
  const { merges } = builder.inventory
  const beside = [...dirs].map(dir => new VarsDirectory(dir, context.openVault, undefined, merges))
  const maker = new Maker(node, builder)
  builder.inventory.settleDepths()
  const extra = isTrue(field(node, 'use_extra_vars')) ? context.extraVars : undefined
  for (const host of builder.inventory.hosts.values()) {
    const view = (more?: VarMap): Scope => hostView(host, groupsAbove(host), beside, more, merges)
    maker.compose(host, view(extra))
    maker.group(host, view())
    maker.key(host, view(extra))
  }
}

const isTrue = (node: Node | undefined): boolean =>
  node?.kind === 'scalar' && (node.value === true || /^(?:yes|true|on|y|t|1)$/i.test(node.text))

const entriesOf = (node: Node | undefined): readonly Entry[] => (node?.kind === 'mapping' ? node.entries : [])

class Maker {
  readonly #node: Mapping
  readonly #builder: Builder
  /** Faults of expressions are told; otherwise they mean that the host lacks the variable. */
  readonly #strict: boolean
  readonly #leading: boolean

  constructor(node: Mapping, builder: Builder) {
    this.#node = node
    this.#builder = builder
    this.#strict = isTrue(field(node, 'strict'))
    const leading = field(node, 'leading_separator')
    this.#leading = leading === undefined || isTrue(leading)
  }

  /** `compose`: variables, all of them from what was known before. */
  compose(host: Host, scope: Scope): void {
    const made = entriesOf(field(this.#node, 'compose')).flatMap(({ key, value }) => {
      const result = this.#try(value, host, () => evaluate(textOf(value), scope, { span: value.span, pure: true }))
      return result === undefined ? [] : [{ name: key.text, result, span: value.span }]
    })
    for (const { name, result, span } of made)
      this.#builder.hostVar(host, name, {
        node: toNode(result, span),
        span,
        origin: `constructed for host ${host.name}`,
      })
  }

  /** `groups`: a group for each condition. */
  group(host: Host, scope: Scope): void {
    for (const { key, value } of entriesOf(field(this.#node, 'groups'))) {
      const condition = `{% if ${textOf(value)} %}yes{% endif %}`
      const said = this.#try(value, host, () => render(condition, scope, { span: value.span, pure: true }))
      if (said === 'yes') this.#join(host, safeGroupName(key.text))
    }
  }

  /** `keyed_groups`: groups named after values. */
  key(host: Host, scope: Scope): void {
    const node = field(this.#node, 'keyed_groups')
    for (const keyed of node?.kind === 'sequence' ? node.items : []) {
      const key = field(keyed, 'key')
      if (keyed.kind !== 'mapping' || !key) {
        this.#builder.error('inventory-shape', 'a keyed group has no key', keyed.span, 'write - key: VARIABLE')
        continue
      }
      if (field(keyed, 'default_value') && field(keyed, 'trailing_separator')) {
        this.#builder.error(
          'inventory-shape',
          'a keyed group has default_value and trailing_separator',
          keyed.span,
          'keep one of the two',
        )
        continue
      }
      const value = this.#try(key, host, () => evaluate(textOf(key), scope, { span: key.span, pure: true }))
      if (value === undefined) continue
      const names = keyedNames(value, keyed, this.#leading)
      if (names === undefined) this.#empty(value, key, host)
      for (const name of names ?? []) this.#keyed(host, safeGroupName(name), keyed, scope)
    }
  }

  #keyed(host: Host, name: string, keyed: Mapping, scope: Scope): void {
    this.#join(host, name)
    const parent = field(keyed, 'parent_group')
    if (!parent) return
    const said = this.#try(parent, host, () => render(textOf(parent), scope, { span: parent.span, pure: true }))
    if (said === undefined || !truthy(said)) return
    const { inventory } = this.#builder
    this.#builder.child(inventory.addGroup(safeGroupName(toText(said))), inventory.addGroup(name), parent.span)
  }

  #join(host: Host, group: string): void {
    if (group !== '') this.#builder.inventory.addHost(host.name, undefined, this.#builder.inventory.addGroup(group))
  }

  #empty(value: Value, key: Node, host: Host): void {
    const nothing = (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0)
    if (this.#strict && !nothing)
      this.#builder.error(
        'inventory-expression',
        `"${textOf(key)}" is empty for host ${host.name}`,
        key.span,
        'take "strict" away, or give the host the variable',
      )
  }

  /** What an expression gives; undefined when it fails, which is a fault only with `strict`. */
  #try(node: Node, host: Host, compute: () => Value): Value | undefined {
    try {
      return compute()
    } catch (error) {
      if (!(error instanceof TemplateError || error instanceof NotNow)) throw error
      if (this.#strict)
        this.#builder.error(
          'inventory-expression',
          `for host ${host.name}: ${error instanceof TemplateError ? error.fault : error.message}`,
          node.span,
          'take "strict" away, or give the host the variable',
        )
      return undefined
    }
  }
}

const textOf = (node: Node): string => (node.kind === 'scalar' ? node.text : '')
