import { readdirSync } from 'node:fs'
import { basename, extname, isAbsolute, join, resolve } from 'node:path'
import { InputError } from '../base/diagnostic.ts'
import { statOf } from '../base/stat.ts'
import { type Dict, dict, type Value, Vaulted } from '../base/value.ts'
import { readVarsFile } from '../inventory/adjacent.ts'
import type { VarEntry } from '../inventory/model.ts'
import { compilePattern } from '../jinja/regex/pattern.ts'
import { ACTIONS } from '../playbook/actions.ts'
import { isReserved, reservedMessage } from '../playbook/reserved.ts'
import { type Mapping, type Node, scalar, toValue } from '../source/node.ts'
import { overlay } from '../source/overlay.ts'
import { renderNode } from '../vars/render.ts'
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
  if (nothingGiven(turn, speech))
    return unread('Could not find file: its name is nothing', 'give `file` or `dir` a path')
  const args = plainArguments(placed.task, ACTIONS['include_vars'] as NonNullable<(typeof ACTIONS)[string]>, speech)
  const dirs = dirsOf(placed.task, placed.around.roles, play.play.dir)
  const files = args['dir'] === undefined ? oneFile(String(args['file']), dirs) : filesOf(args, dirs)
  if ('failed' in files)
    return unread(
      files.failed,
      `looked in: ${[...new Set(dirs.flatMap(dir => [resolve(dir, 'vars'), resolve(dir)]))].join(', ')}`,
    )
  try {
    const read = files.map(file => readVarsFile(file, 'include_vars', play.run.parse.decrypt))
    const keeps = args['keep_existing'] === true
    // The last one of a name wins; where what is there is kept, the first.
    const all = new Map((keeps ? read.toReversed() : read).flatMap(entries => [...entries]))
    const name = args['name']
    const named = typeof name === 'string' ? new Map([[name, whole(all, placed.task.span)]]) : all
    const fresh = keeps ? new Map([...named].filter(([each]) => !speech.scope.has(each))) : named
    const taken = typeof name === 'string' ? fresh : merged(fresh, args, speech)
    for (const host of targetsOf(turn)) play.run.store.includeVars(host, taken)
    const warnings = [...taken.keys()].filter(isReserved).map(reservedMessage)
    return {
      changed: false,
      fields: dict({
        ansible_included_var_files: [...files],
        ansible_facts: shown(taken),
        ...(warnings.length > 0 ? { warnings } : {}),
      }),
      diff: [],
    }
  } catch (error) {
    if (error instanceof InputError) return unread(error.message)
    throw error
  }
}

/** Whether a file is asked for by what turns out to be nothing, as a lookup whose errors are ignored gives it. */
function nothingGiven({ placed: { task } }: Turn, { scope, options }: Speech): boolean {
  const { entries } = task.args
  const file = entries.find(({ key }) => key.text === 'file')?.value ?? task.freeForm
  if (file === undefined || entries.some(({ key }) => key.text === 'dir')) return false
  const value = renderNode(file, scope, options)
  return value === null || value === ''
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
      return [name, below === undefined ? entry : { ...entry, node: overlay(below, entry.node) }]
    }),
  )
}

const isDirectory = (path: string): boolean => statOf(path)?.isDirectory() ?? false

const places = (name: string, dirs: readonly string[]): string[] =>
  isAbsolute(name) ? [name] : dirs.flatMap(dir => [join(dir, 'vars', name), join(dir, name)])

function oneFile(name: string, dirs: readonly string[]): Files {
  const file = places(name, dirs).find(path => statOf(path)?.isFile())
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
