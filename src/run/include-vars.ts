import { readdirSync, statSync } from 'node:fs'
import { basename, extname, isAbsolute, join, resolve } from 'node:path'
import { InputError } from '../base/diagnostic.ts'
import { type Dict, dict, type Value, Vaulted } from '../base/value.ts'
import { readVarsFile } from '../inventory/adjacent.ts'
import type { VarEntry } from '../inventory/model.ts'
import { compilePattern } from '../jinja/regex/pattern.ts'
import { ACTIONS } from '../playbook/actions.ts'
import { type Entry, type Mapping, type Node, type Scalar, scalar, toValue } from '../source/node.ts'
import { plainArguments } from './arguments.ts'
import { dirsOf } from './circumstances.ts'
import { failed } from './ensure.ts'
import type { Speech } from './language.ts'
import { targetsOf } from './learn.ts'
import type { Result } from './ports.ts'
import type { Turn } from './turn.ts'

type Arguments = Readonly<Record<string, unknown>>

/** Why there are no files, or which there are. */
type Files = { readonly failed: string } | readonly string[]

/** `include_vars`: files of variables from here on, rendered when they are used. */
export function includeVars(turn: Turn, speech: Speech): Result {
  const { play, placed } = turn
  const args = plainArguments(placed.task, ACTIONS['include_vars'] as NonNullable<(typeof ACTIONS)[string]>, speech)
  const dirs = dirsOf(placed.task, placed.around.roles, play.play.dir)
  const files = args['dir'] === undefined ? oneFile(String(args['file']), dirs) : filesOf(args, dirs)
  if ('failed' in files)
    return unread(files.failed, `looked in: ${dirs.flatMap(dir => [join(dir, 'vars'), dir]).join(', ')}`)
  try {
    const read = files.map(file => readVarsFile(file, 'include_vars', play.run.parse.decrypt))
    const all = new Map(read.flatMap(entries => [...entries]))
    const name = args['name']
    const taken = typeof name === 'string' ? new Map([[name, whole(all, placed.task.span)]]) : merged(all, args, speech)
    for (const host of targetsOf(turn)) play.run.store.includeVars(host, taken)
    return {
      changed: false,
      fields: dict({ ansible_included_var_files: [...files], ansible_facts: shown(taken) }),
      diff: [],
    }
  } catch (error) {
    if (error instanceof InputError) return unread(error.message)
    throw error
  }
}

/** Ansible calls the reason `message` here, and `msg` everywhere else; it goes by both. */
function unread(message: string, remedy?: string): Result {
  const result = failed(message, remedy)
  return { ...result, fields: new Map(result.fields).set('message', message) }
}

/** What the result tells of the variables: as they are written, and nothing of what is vaulted. */
const shown = (entries: ReadonlyMap<string, VarEntry>): Dict =>
  new Map([...entries].flatMap(([name, { node }]): [Value, Value][] => (hasVault(node) ? [] : [[name, toValue(node)]])))

const hasVault = (node: Node): boolean =>
  node.kind === 'scalar'
    ? node.value instanceof Vaulted
    : node.kind === 'sequence'
      ? node.items.some(hasVault)
      : node.entries.some(({ value }) => hasVault(value))

/** All variables of the files as one dict. */
function whole(entries: ReadonlyMap<string, VarEntry>, span: Mapping['span']): VarEntry {
  const node: Mapping = {
    kind: 'mapping',
    span,
    entries: [...entries].map(([name, entry]) => ({ key: scalar(name, entry.span), value: entry.node })),
  }
  return { node, span, origin: 'include_vars' }
}

/** `hash_behaviour: merge` lays dicts over what the host has by the same name. */
function merged(
  entries: ReadonlyMap<string, VarEntry>,
  args: Arguments,
  { scope }: Speech,
): ReadonlyMap<string, VarEntry> {
  if (args['hash_behaviour'] !== 'merge') return entries
  return new Map(
    [...entries].map(([name, entry]) => {
      const below = scope.find(name)?.node
      return [name, below === undefined ? entry : { ...entry, node: over(below, entry.node) }]
    }),
  )
}

/** A mapping over another, key by key, however deep. */
function over(below: Node, above: Node): Node {
  if (below.kind !== 'mapping' || above.kind !== 'mapping') return above
  const same = (key: Scalar, entries: readonly Entry[]) => entries.find(entry => entry.key.text === key.text)
  const laid = below.entries.map(entry => {
    const upper = same(entry.key, above.entries)
    return upper ? { ...upper, value: over(entry.value, upper.value) } : entry
  })
  const added = above.entries.filter(({ key }) => !same(key, below.entries))
  return { ...above, entries: [...laid, ...added] }
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

const places = (name: string, dirs: readonly string[]): string[] =>
  isAbsolute(name) ? [name] : dirs.flatMap(dir => [join(dir, 'vars', name), join(dir, name)])

function oneFile(name: string, dirs: readonly string[]): Files {
  const file = places(name, dirs).find(path => statSync(path, { throwIfNoEntry: false })?.isFile())
  return file === undefined
    ? { failed: `Could not find or access '${name}': there is no such file of variables` }
    : [resolve(file)]
}

/** The files of a directory that are wanted, in the order of their names, each directory before those in it. */
function filesOf(args: Arguments, dirs: readonly string[]): Files {
  const name = String(args['dir'])
  const dir = places(name, dirs).find(isDirectory)
  if (dir === undefined) return { failed: `${name} directory does not exist` }
  const endings = args['extensions'] as readonly string[]
  const ignored = ((args['ignore_files'] ?? []) as readonly string[]).map(text => compilePattern(`${text}$`))
  const wanted = args['files_matching'] === undefined ? undefined : compilePattern(String(args['files_matching']))
  const chosen = walk(resolve(dir), Number(args['depth']) || Number.POSITIVE_INFINITY).filter(
    path =>
      (wanted === undefined || wanted.find(basename(path))) && !ignored.some(pattern => pattern.find(basename(path))),
  )
  const known = (path: string): boolean => endings.includes(extname(path).slice(1))
  const odd = chosen.find(path => !known(path))
  if (odd !== undefined && args['ignore_unknown_extensions'] !== true)
    return { failed: `${odd} does not have a valid extension: ${endings.join(', ')}` }
  return chosen.filter(known)
}

function walk(dir: string, depth: number): string[] {
  const entries = readdirSync(dir)
    .sort()
    .map(name => join(dir, name))
  const deeper = depth > 1 ? entries.filter(isDirectory).flatMap(path => walk(path, depth - 1)) : []
  return [...entries.filter(path => !isDirectory(path)), ...deeper]
}
