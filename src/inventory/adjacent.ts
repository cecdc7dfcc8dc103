import { type Dirent, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { statOf } from '../base/stat.ts'
import type { Node } from '../source/node.ts'
import { readSource } from '../source/read.ts'
import { parseYaml } from '../source/yaml.ts'
import { isVaulted } from '../vault/envelope.ts'
import { LOCKED } from '../vault/keyring.ts'
import { type AdjacentVars, compare, type Inventory, lay, type VarEntry, type VarMap } from './model.ts'

/** Endings of variable files; the first of a name that exists is the one that counts. */
const ENDINGS = ['', '.yml', '.yaml', '.json']
const NOTHING: VarMap = new Map()

/** Is given every file as it was read. */
export type Seen = (tree: Node) => void

/** Opens the text of a file that is vaulted as a whole; throws InputError when it cannot. */
export type OpenFile = (text: string, file: string) => string

/**
 * The text of a file, opened where it is vaulted.
 * @throws InputError
 */
export function readOpened(file: string, open?: OpenFile): string {
  const text = readSource(file)
  if (!isVaulted(text)) return text
  if (open) return open(text, file)
  throw new InputError([
    fault(file, LOCKED, 'the file is vaulted and no vault password was given', 'give --vault-password-file FILE'),
  ])
}

/**
 * `group_vars/` and `host_vars/` of a directory: a file `NAME`, `NAME.yml`, `NAME.yaml` or `NAME.json`, or a directory `NAME` of
 * such files, which are merged in the order of their names.
 */
export class VarsDirectory implements AdjacentVars {
  readonly dir: string
  readonly #open: OpenFile | undefined
  readonly #seen: Seen | undefined
  readonly #merges: boolean
  readonly #groups: ReadonlySet<string>
  readonly #hosts: ReadonlySet<string>
  readonly #read = new Map<string, VarMap>()

  /** @param merges whether dicts of several files become one */
  constructor(dir: string, open?: OpenFile, seen?: Seen, merges = false) {
    this.dir = dir
    this.#open = open
    this.#seen = seen
    this.#merges = merges
    this.#groups = names(join(dir, 'group_vars'))
    this.#hosts = names(join(dir, 'host_vars'))
  }

  group(name: string): VarMap {
    return this.#groups.size === 0 ? NOTHING : this.#of('group_vars', name, this.#groups)
  }

  host(name: string): VarMap {
    return this.#hosts.size === 0 ? NOTHING : this.#of('host_vars', name, this.#hosts)
  }

  #of(folder: string, name: string, listed: ReadonlySet<string>): VarMap {
    const ending = ENDINGS.find(each => listed.has(name + each))
    if (ending === undefined) return NOTHING
    const path = join(this.dir, folder, name + ending)
    const known = this.#read.get(path)
    if (known) return known
    const out = new Map<string, VarEntry>()
    const faults: Diagnostic[] = []
    for (const file of filesOf(path)) {
      try {
        for (const [key, entry] of readVarsFile(file, `${folder}/${name}`, this.#open, this.#seen))
          lay(out, key, entry, this.#merges)
      } catch (error) {
        // The files beside it have faults of their own to tell.
        if (!(error instanceof InputError) || error.exit !== 65) throw error
        faults.push(...error.faults)
      }
    }
    if (faults.length > 0) throw new InputError(faults)
    this.#read.set(path, out)
    return out
  }
}

/**
 * Reads what the directories hold for every group and host, so that all faults are known at once. A vault without a key is
 * none yet: the play may not need its hosts.
 */
export function checkAdjacent(inventory: Inventory, directories: readonly AdjacentVars[]): Diagnostic[] {
  const faults: Diagnostic[] = []
  const attempt = (read: () => VarMap): void => {
    try {
      read()
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      faults.push(...error.faults.filter(each => each.code !== LOCKED))
    }
  }
  for (const each of directories) {
    for (const group of inventory.groups.values()) attempt(() => each.group(group.name))
    for (const host of inventory.hosts.values()) attempt(() => each.host(host.name))
  }
  return faults
}

/**
 * The variables of one file: a mapping at the top, or nothing.
 * @throws InputError when it is something else
 */
export function readVarsFile(file: string, origin: string, open?: OpenFile, seen?: Seen): VarMap {
  const { node, faults } = parseYaml(readOpened(file, open), file)
  if (faults.some(each => each.severity === 'error')) throw new InputError(faults)
  if (node) seen?.(node)
  const out = new Map<string, VarEntry>()
  if (node === null || (node.kind === 'scalar' && node.value === null)) return out
  if (node.kind !== 'mapping')
    throw new InputError([
      {
        ...fault(
          file,
          'vars-shape',
          `the file holds a ${node.kind}, not a mapping of variables`,
          'write name: value lines',
        ),
        span: node.span,
      },
    ])
  for (const { key, value } of node.entries) out.set(key.text, { node: value, span: value.span, origin })
  return out
}

const fault = (file: string, code: string, message: string, remedy: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  span: { file, line: 1, col: 1 },
  remedy,
})

function names(dir: string): ReadonlySet<string> {
  return new Set(list(dir).map(entry => entry.name))
}

function list(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw new InputError(
      [fault(dir, 'vars-unreadable', `the directory cannot be read: ${String(code)}`, 'check its mode and owner')],
      66,
    )
  }
}

/** A file itself, or the variable files below a directory, hidden ones and backups left out. */
function filesOf(path: string): readonly string[] {
  const found = statOf(path)
  if (!found?.isDirectory()) return [path]
  return list(path)
    .filter(entry => !entry.name.startsWith('.') && !entry.name.endsWith('~'))
    .sort((a, b) => compare(a.name, b.name))
    .flatMap(entry => {
      const ending = extname(entry.name)
      const full = join(path, entry.name)
      if (statOf(full)?.isDirectory()) return ending === '' ? filesOf(full) : []
      return ENDINGS.includes(ending) ? [full] : []
    })
}
