import { nearest } from '../base/nearest.ts'
import type { Span } from '../base/span.ts'
import type { Builder } from './builder.ts'
import { pythonLiteral } from './literal.ts'
import type { Group, Host, VarEntry } from './model.ts'
import { toNode } from './nodes.ts'
import { splitWords, type Word } from './words.ts'

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:[#;].*)?$/
/** Where Python's `splitlines` ends a line. */
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/
const GROUP_NAME = /^([^:\]\s]+)\s*(?:[#;].*)?$/

/** A group that was spoken of before any section declared it. */
interface Pending {
  readonly span: Span
  /** Groups that want it as a child; none when only its variables were given. */
  readonly parents: { readonly group: Group; readonly span: Span }[]
}

/**
 * Reads an inventory in Ansible's INI dialect: `[group]`, `[group:vars]`, `[group:children]`, host lines with variables.
 * Values are Python literals where they can be, else strings.
 * @see https://docs.ansible.com/ansible/latest/collections/ansible/builtin/ini_inventory.html
 */
export function readIni(text: string, file: string, builder: Builder): void {
  // A key or certificate beside the inventory: its lines must not be quoted, for a message is no place for a key.
  const armour = /^-----BEGIN [A-Z0-9 ]+-----/m.exec(text)
  if (armour) {
    const line = text.slice(0, armour.index).split('\n').length
    builder.error(
      'inventory-pem',
      'this is a PEM file (a key or a certificate), not an inventory',
      { file, line, col: 1 },
      'keep it elsewhere, or give it a name that ends in .pem, .key or .crt, which inventories pass over',
    )
    return
  }
  new IniReader(file, builder).read(text)
}

class IniReader {
  readonly #file: string
  readonly #builder: Builder
  readonly #pending = new Map<string, Pending>()
  /** Port of each host in each group, with its place, to find contradictions. */
  readonly #ports = new Map<string, { port: string; line: number }>()
  #group: Group
  #kind: 'hosts' | 'vars' | 'children' | 'skipped' = 'hosts'

  constructor(file: string, builder: Builder) {
    this.#file = file
    this.#builder = builder
    this.#group = builder.inventory.ungrouped
  }

  read(text: string): void {
    const lines = text.replace(/^\uFEFF/, '').split(LINE_END)
    for (const [index, raw] of lines.entries()) {
      const line = raw.trim()
      if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
      const span = { file: this.#file, line: index + 1, col: raw.length - raw.trimStart().length + 1 }
      this.#line(line, span)
    }
    this.#undeclared()
  }

  #line(line: string, span: Span): void {
    const section = SECTION.exec(line)
    if (section?.[1] !== undefined) this.#section(section[1], section[2], span)
    else if (line.startsWith('[') && !line.includes(']'))
      this.#builder.error(
        'ini-section',
        `the section ${line} has no closing "]"`,
        span,
        'write [group], [group:vars] or [group:children]',
      )
    else if (line.startsWith('[') && line.endsWith(']'))
      this.#builder.error(
        'ini-section',
        `${line} is no section`,
        span,
        'write [group], [group:vars] or [group:children], without blanks in it',
      )
    else if (this.#kind === 'hosts') this.#hostLine(line, span)
    else if (this.#kind === 'vars') this.#variable(line, span)
    else if (this.#kind === 'children') this.#child(line, span)
  }

  #section(given: string, kind: string | undefined, span: Span): void {
    const { inventory } = this.#builder
    if (kind !== undefined && kind !== 'hosts' && kind !== 'vars' && kind !== 'children') {
      this.#builder.error(
        'ini-section',
        `[${given}:${kind}] has an unknown kind`,
        span,
        'the kinds are hosts, vars and children',
      )
      this.#kind = 'skipped'
      return
    }
    const name = inventory.groupName(given)
    const isNew = !inventory.groups.has(name)
    this.#kind = kind ?? 'hosts'
    this.#group = inventory.addGroup(given)
    const pending = this.#pending.get(name)
    if (this.#kind === 'vars') {
      if (isNew) this.#pending.set(name, { span, parents: [] })
      return
    }
    if (!pending) return
    // Declared at last: now it becomes the child of those that named it, which is the order that Ansible shows
    this.#pending.delete(name)
    for (const parent of pending.parents) this.#builder.child(parent.group, this.#group, parent.span)
  }

  #hostLine(line: string, span: Span): void {
    const { words, fault, cutAt } = splitWords(line)
    if (fault) {
      const place = { ...span, col: span.col + fault.col - 1 }
      this.#builder.error(
        'ini-quote',
        fault.message,
        place,
        'close the quote, or put the other kind of quotes around it',
      )
      return
    }
    if (cutAt !== undefined)
      this.#builder.warn(
        'ini-comment',
        `everything after "#" is a comment, also here: ${line.slice(cutAt - 1)}`,
        { ...span, col: span.col + cutAt - 1 },
        'put quotes around a value that holds "#"',
      )
    const [first, ...rest] = words
    if (!first) return
    const hosts = this.#builder.hosts(first.text, span, this.#group, this.#file)
    const entries = rest.flatMap(word => this.#assignment(word, span))
    for (const host of hosts) {
      for (const [name, entry] of entries)
        this.#builder.hostVar(host, name, { ...entry, origin: `inventory host ${host.name}` })
      this.#checkPort(host, first.text, entries, span)
    }
  }

  /** `key=value` of a host line. */
  #assignment(word: Word, line: Span): [string, VarEntry][] {
    const span = { ...line, col: line.col + word.col - 1 }
    const equals = word.text.indexOf('=')
    if (equals < 1) {
      this.#builder.error(
        'ini-assignment',
        `${JSON.stringify(word.text)} is no key=value`,
        span,
        'a host line is a host and then key=value pairs; put quotes around a value with blanks',
      )
      return []
    }
    const value = { ...span, col: span.col + equals + 1 }
    return [[word.text.slice(0, equals), this.#entry(word.text.slice(equals + 1), value)]]
  }

  /** `key = value` of a `:vars` section: all that follows the first `=` is the value. */
  #variable(line: string, span: Span): void {
    const equals = line.indexOf('=')
    const name = line.slice(0, equals).trim()
    if (equals < 1 || name === '') {
      this.#builder.error(
        'ini-assignment',
        `${JSON.stringify(line)} is no key=value`,
        span,
        `write one key=value a line in [${this.#group.name}:vars]`,
      )
      return
    }
    const after = line.slice(equals + 1)
    const place = { ...span, col: span.col + equals + 1 + (after.length - after.trimStart().length) }
    this.#builder.groupVar(this.#group, name, {
      ...this.#entry(after.trim(), place),
      origin: `inventory group ${this.#group.name}`,
    })
  }

  #entry(text: string, span: Span): VarEntry {
    const literal = pythonLiteral(text)
    return { node: toNode(literal === undefined ? text : literal, span), span, origin: '' }
  }

  #child(line: string, span: Span): void {
    const given = GROUP_NAME.exec(line)?.[1]
    if (given === undefined) {
      this.#builder.error(
        'ini-child',
        `${JSON.stringify(line)} is no group name`,
        span,
        `write one group a line in [${this.#group.name}:children]`,
      )
      return
    }
    const { inventory } = this.#builder
    const name = inventory.groupName(given)
    const known = inventory.groups.get(name)
    if (known && !this.#pending.has(name)) {
      this.#builder.child(this.#group, known, span)
      return
    }
    const pending = this.#pending.get(name) ?? { span, parents: [] }
    pending.parents.push({ group: this.#group, span })
    this.#pending.set(name, pending)
  }

  /** The same host with different ports in one group is a contradiction. */
  #checkPort(host: Host, pattern: string, entries: readonly (readonly [string, VarEntry])[], span: Span): void {
    const named = entries.findLast(([name]) => name === 'ansible_port' || name === 'ansible_ssh_port')?.[1].node
    const port = named?.kind === 'scalar' ? named.text : /\D:(\d+)$/.exec(pattern)?.[1]
    if (port === undefined) return
    const key = `${this.#group.name}\n${host.name}`
    const before = this.#ports.get(key)
    if (before && before.port !== port)
      this.#builder.error(
        'host-twice',
        `host "${host.name}" has port ${port} here and port ${before.port} in line ${before.line}, both in [${this.#group.name}]`,
        span,
        'keep one of the two lines, or give the second machine a name of its own and ansible_host',
      )
    else this.#ports.set(key, { port, line: span.line })
  }

  #undeclared(): void {
    const known = [...this.#builder.inventory.groups.keys()].filter(name => !this.#pending.has(name))
    for (const [name, { span, parents }] of this.#pending) {
      const guess = nearest(name, known)
      const remedy = guess ? `did you mean "${guess}"?` : `declare it: [${name}]`
      if (parents.length === 0)
        this.#builder.error('unknown-group', `[${name}:vars] is for a group that nothing declares`, span, remedy)
      for (const parent of parents)
        this.#builder.error(
          'unknown-group',
          `[${parent.group.name}:children] names "${name}", which is no group`,
          parent.span,
          remedy,
        )
    }
  }
}
