import { readFileSync } from 'node:fs'
import type { Diagnostic } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import type { Span } from '../base/span.ts'
import { expandRanges } from './address.ts'
import { type Host, type Inventory, LOCALHOSTS } from './model.ts'

/** What a pattern selects, each host once, in the order of the inventory's groups; and what it names in vain. */
export interface Selection {
  readonly hosts: readonly Host[]
  readonly faults: readonly Diagnostic[]
}

const SUBSCRIPT = /^(.+)\[(?:(-?\d+)|(\d+)[:-](\d*))\]$/
const ADDRESS = /^(?:[0-9a-f]*:){2,}[0-9a-f.:]*(?:%\w+)?$/i

/**
 * The hosts that a pattern means: names, groups, `*` and `?`, `~regex`, `[0]` and `[1:3]` after a group, and lists of these with
 * `,` or `:` between them, in which `&` keeps only what is in both and `!` takes away. Unions are made first, then `&`, then `!`.
 * A pattern that matches nothing at all is an error; a part of it that matches nothing is a warning.
 * @see https://docs.ansible.com/ansible/latest/inventory_guide/intro_patterns.html
 */
export function selectHosts(inventory: Inventory, pattern: string | readonly string[], span?: Span): Selection {
  const faults: Diagnostic[] = []
  const parts = splitPattern(pattern)
  const plain = parts.filter(part => !/^[&!]/.test(part))
  let hosts = new Set<Host>()
  let known = false
  const match = (part: string): readonly Host[] => {
    const found = matchOne(inventory, part, faults, span)
    if (found) known = true
    else if (plain.length > 1 || part !== plain[0]) faults.push(unmatched(inventory, part, 'warning', span))
    return found ?? []
  }
  for (const part of plain.length > 0 ? plain : ['all']) for (const host of match(part)) hosts.add(host)
  for (const part of parts.filter(each => each.startsWith('&'))) {
    const kept = new Set(match(part.slice(1)))
    hosts = new Set([...hosts].filter(host => kept.has(host)))
  }
  for (const part of parts.filter(each => each.startsWith('!')))
    for (const host of match(part.slice(1))) hosts.delete(host)
  if (!known && parts.length > 0) {
    const whole = typeof pattern === 'string' ? pattern : pattern.join(',')
    return {
      hosts: [],
      faults: [...faults.filter(fault => fault.severity === 'error'), unmatched(inventory, whole, 'error', span)],
    }
  }
  return { hosts: [...hosts], faults }
}

/**
 * Narrows a selection by `--limit`: the hosts of `hosts` that the limit selects too. `@file` in it stands for the patterns in that
 * file, one a line.
 */
export function limitHosts(inventory: Inventory, hosts: readonly Host[], limit: string | readonly string[]): Selection {
  const parts: string[] = []
  const faults: Diagnostic[] = []
  for (const part of splitPattern(limit)) {
    if (part.startsWith('@')) parts.push(...readLimit(part.slice(1), faults))
    else parts.push(part)
  }
  if (faults.length > 0) return { hosts: [], faults }
  const selected = selectHosts(inventory, parts, { file: '--limit', line: 1, col: 1 })
  const kept = new Set(selected.hosts)
  return { hosts: hosts.filter(host => kept.has(host)), faults: selected.faults }
}

/** What is wrong with `--limit` where no play is run: it cannot be read, or what it names is neither a host nor a group. */
export const limitFaults = (inventory: Inventory | undefined, limit: string | undefined): readonly Diagnostic[] =>
  inventory === undefined || limit === undefined ? [] : limitHosts(inventory, [], limit).faults

function readLimit(file: string, faults: Diagnostic[]): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .map(line => line.trim())
      .filter(line => line !== '')
  } catch (error) {
    const why = error instanceof Error && 'code' in error && error.code === 'EISDIR' ? 'it must be a file' : error
    faults.push({
      code: 'limit-unreadable',
      severity: 'error',
      message: `--limit @${file}: ${why instanceof Error ? why.message : String(why)}`,
      remedy: 'the file holds one host pattern a line, as written by an earlier run',
    })
    return []
  }
}

/** The single patterns of a list. With a comma in it only commas separate, so that IPv6 addresses and ranges may hold colons. */
export function splitPattern(pattern: string | readonly string[]): readonly string[] {
  if (typeof pattern !== 'string') return pattern.flatMap(splitPattern)
  const text = pattern.trim()
  const parts = text.includes(',')
    ? text.split(',')
    : ADDRESS.test(text)
      ? [text]
      : (text.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [])
  return parts.map(part => part.trim()).filter(part => part !== '')
}

/** Hosts of one pattern without `&` and `!`; undefined when neither a group nor a host answers to it. */
function matchOne(
  inventory: Inventory,
  pattern: string,
  faults: Diagnostic[],
  span: Span | undefined,
): readonly Host[] | undefined {
  const exact = inventory.hosts.get(pattern)
  if (exact && !inventory.groups.has(pattern)) return [exact]
  const subscript = pattern.startsWith('~') ? null : SUBSCRIPT.exec(pattern)
  const base = subscript?.[1] ?? pattern
  const found = matchNames(inventory, base, faults, span) ?? (subscript ? undefined : ranged(inventory, pattern))
  if (!found || !subscript) return found
  const [, , index, from, to] = subscript
  if (index === undefined) return found.slice(Number(from), to ? Number(to) + 1 : undefined)
  const host = found.at(Number(index))
  if (!host && found.length > 0)
    faults.push({
      code: 'pattern-subscript',
      severity: 'error',
      message: `"${pattern}" asks for host ${index} of ${found.length}`,
      ...(span && { span }),
      remedy: `the first is [0], the last [${found.length - 1}] or [-1]`,
    })
  return host ? [host] : []
}

/** `web[1:3]` in a pattern may be the range that the inventory was written with. */
function ranged(inventory: Inventory, pattern: string): readonly Host[] | undefined {
  const names = expandRanges(pattern)
  if ('message' in names || names.length < 2) return undefined
  const hosts = names.flatMap(name => inventory.hosts.get(name) ?? [])
  return hosts.length > 0 ? hosts : undefined
}

function matchNames(
  inventory: Inventory,
  pattern: string,
  faults: Diagnostic[],
  span: Span | undefined,
): readonly Host[] | undefined {
  const special = pattern.startsWith('~') || /[.?*[]/.test(pattern)
  const test = special ? matcher(pattern, faults, span) : undefined
  const groups = test
    ? [...inventory.groups.values()].filter(each => test(each.name))
    : [inventory.groups.get(pattern)].filter(group => group !== undefined)
  // A host that several groups hold comes several times, and a subscript counts so: as in Ansible
  const found = groups.flatMap(group => inventory.members(group))
  if (test) found.push(...[...inventory.hosts.values()].filter(host => test(host.name)))
  const known = groups.length > 0
  const alone = special || known ? undefined : inventory.hosts.get(pattern)
  if (alone) found.push(alone)
  if (found.length === 0 && !known && LOCALHOSTS.has(pattern)) {
    const local = inventory.find(pattern)
    if (local) found.push(local)
  }
  return known || found.length > 0 ? found : undefined
}

/** A test of names by `~regex` (from the start of the name) or by shell wildcards (the whole name). */
function matcher(
  pattern: string,
  faults: Diagnostic[],
  span: Span | undefined,
): ((name: string) => boolean) | undefined {
  const source = pattern.startsWith('~') ? `^(?:${pattern.slice(1)})` : wildcards(pattern)
  try {
    const regex = compiled(source)
    return name => regex.test(name)
  } catch (error) {
    faults.push({
      code: 'pattern-regex',
      severity: 'error',
      message: `the pattern "${pattern}" is no regular expression: ${error instanceof Error ? error.message : String(error)}`,
      ...(span && { span }),
    })
    return undefined
  }
}

/** Python allows escapes such as `\\-` and `\\_` that JavaScript refuses in Unicode mode. */
function compiled(source: string): RegExp {
  try {
    return new RegExp(source, 'su')
  } catch {
    return new RegExp(source, 's')
  }
}

/** Shell wildcards as a regular expression, by the rules of Python's `fnmatch`. */
function wildcards(pattern: string): string {
  const body = pattern.replace(
    /\[(!?)(\]?[^\]]*)\]|[\s\S]/gu,
    (piece, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${not ? '^' : set.startsWith('^') ? '\\' : ''}${set.replace(/[\\[\]]/g, '\\$&')}]`
      if (piece === '*') return '.*'
      if (piece === '?') return '.'
      return piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    },
  )
  return `^(?:${body})$`
}

function unmatched(
  inventory: Inventory,
  pattern: string,
  severity: Diagnostic['severity'],
  span: Span | undefined,
): Diagnostic {
  const groups = [...inventory.groups.keys()]
  const guess = nearest(pattern, [...groups, ...inventory.hosts.keys()])
  const shown = groups.slice(0, 20).join(', ') + (groups.length > 20 ? ` and ${groups.length - 20} more` : '')
  return {
    code: 'no-such-host',
    severity,
    message: `Could not match supplied host pattern, ${severity === 'warning' ? 'ignoring' : 'there is no such host or group'}: ${pattern}`,
    ...(span && { span }),
    remedy: `${guess ? `did you mean "${guess}"? ` : ''}known groups: ${shown}`,
  }
}
