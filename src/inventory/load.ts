import { accessSync, closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { parseYaml } from '../source/yaml.ts'
import { isVaulted } from '../vault/envelope.ts'
import { checkAdjacent, type OpenFile, readOpened, VarsDirectory } from './adjacent.ts'
import { Builder } from './builder.ts'
import { sourcesIn } from './directory.ts'
import { isHostList, readHostList } from './host-list.ts'
import { readIni } from './ini.ts'
import type { Inventory } from './model.ts'
import { readScript } from './script.ts'
import { readYamlInventory } from './yaml.ts'

export interface LoadContext {
  readonly signal?: AbortSignal
  /** Seconds that an executable source may take; default 60. */
  readonly scriptTimeout?: number
  /** Do not mind when the sources name no host at all. */
  readonly allowEmpty?: boolean
  /** Opens sources and variable files that are vaulted as a whole. */
  readonly openVault?: OpenFile
}

/** One kind of source. The first of `KINDS` that wants a file reads it: a new kind is a row there and a file beside this one. */
interface SourceKind {
  wants(file: SourceFile): boolean
  read(file: SourceFile, builder: Builder, context: LoadContext): void | Promise<void>
}

interface SourceFile {
  readonly path: string
  readonly stats: Stats
  /** What it begins with, a vault opened. */
  readonly head: string
}

const script: SourceKind = {
  wants: file => file.head.startsWith('#!') || (executable(file.path) && file.head.startsWith('\x7FELF')),
  read: async ({ path, stats }, builder, context) => {
    const span = { file: path, line: 1, col: 1 }
    if (!executable(path))
      builder.error(
        'inventory-script',
        'the file begins with "#!" and is not executable',
        span,
        'chmod +x it, or take the first line away',
      )
    else if ((stats.mode & 0o002) !== 0)
      builder.error(
        'inventory-writable',
        `the inventory program may be written by everybody (mode ${mode(stats)})`,
        span,
        'chmod o-w it: whoever can write it runs commands as you',
      )
    else
      await readScript(path, builder, {
        ...(context.signal && { signal: context.signal }),
        ...(context.scriptTimeout && { timeout: context.scriptTimeout }),
      })
  },
}

const yaml: SourceKind = {
  wants: ({ path, head }) => {
    const ending = extname(path)
    if (ending === '.yml' || ending === '.yaml' || ending === '.json') return true
    return ending !== '.ini' && looksLikeYaml(head)
  },
  read: ({ path }, builder, { openVault }) => {
    const { node, faults } = parseYaml(readOpened(path, openVault), path)
    builder.faults.push(...faults)
    if (node && !(node.kind === 'scalar' && node.value === null)) readYamlInventory(node, path, builder)
  },
}

const toml: SourceKind = {
  wants: ({ path }) => extname(path) === '.toml',
  read: ({ path }, builder) =>
    builder.error(
      'inventory-format',
      'TOML inventories are not supported',
      { file: path, line: 1, col: 1 },
      'convert it: ansible-inventory -i FILE --list --yaml --export',
    ),
}

const ini: SourceKind = {
  wants: () => true,
  read: ({ path }, builder, { openVault }) => readIni(readOpened(path, openVault), path, builder),
}

const KINDS: readonly SourceKind[] = [script, toml, yaml, ini]

/**
 * Reads inventories: paths of INI and YAML files, executables and directories of these, and host lists (`a,b,`), later ones adding to
 * earlier ones. All that is wrong comes back together.
 * @throws InputError with exit 66 when a source is not there
 */
export async function loadInventory(
  sources: readonly string[],
  context: LoadContext = {},
): Promise<{ inventory: Inventory; faults: Diagnostic[] }> {
  const builder = new Builder()
  const { inventory, faults } = builder
  const missing: Diagnostic[] = []
  const directories = new Map<string, VarsDirectory>()
  for (const source of sources) {
    if (isHostList(source)) readHostList(source, builder)
    else {
      const path = resolve(source)
      const stats = statSync(path, { throwIfNoEntry: false })
      if (!stats) {
        missing.push({
          code: 'source-missing',
          severity: 'error',
          message: `there is no inventory ${source}`,
          span: { file: source, line: 1, col: 1 },
          remedy: 'name a file or a directory; a list of hosts has a comma in it: -i host,',
        })
        continue
      }
      await readPath(path, builder, context)
      const dir = stats.isDirectory() ? path : dirname(path)
      if (!directories.has(dir)) directories.set(dir, new VarsDirectory(dir, context.openVault))
    }
  }
  if (missing.length > 0) throw new InputError([...missing, ...faults], 66)
  inventory.reconcile()
  inventory.adjacent = [...directories.values()]
  faults.push(...checkAdjacent(inventory, inventory.adjacent), ...sameNames(inventory))
  if (
    inventory.hosts.size === 0 &&
    sources.length > 0 &&
    !context.allowEmpty &&
    !faults.some(each => each.severity === 'error')
  )
    builder.error(
      'inventory-empty',
      `the inventory has no hosts: ${sources.join(', ')}`,
      undefined,
      'write a host name on a line of its own, or use -i localhost,',
    )
  return { inventory, faults }
}

async function readPath(path: string, builder: Builder, context: LoadContext): Promise<void> {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) {
      for (const inner of sourcesIn(path)) await readPath(inner, builder, context)
      return
    }
    const head = headOf(path, stats)
    const file = { path, stats, head: isVaulted(head) ? readOpened(path, context.openVault).slice(0, HEAD) : head }
    const kind = KINDS.find(each => each.wants(file))
    if ((stats.mode & 0o002) !== 0 && kind !== script && stats.isFile())
      builder.warn(
        'inventory-writable',
        `the inventory may be written by everybody (mode ${mode(stats)})`,
        { file: path, line: 1, col: 1 },
        'chmod o-w it: whoever can write it chooses which commands run where',
      )
    await kind?.read(file, builder, context)
  } catch (error) {
    if (error instanceof InputError) {
      if (error.exit !== 65) throw error
      builder.faults.push(...error.faults)
    } else if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'EACCES' || error.code === 'ELOOP' || error.code === 'ENOENT')
    )
      throw new InputError(
        [
          {
            code: 'source-missing',
            severity: 'error',
            message: `the inventory ${path} cannot be read: ${error.code}`,
            span: { file: path, line: 1, col: 1 },
            remedy: 'check its path, mode and owner',
          },
        ],
        66,
      )
    else throw error
  }
}

const mode = (stats: Stats): string => (stats.mode & 0o7777).toString(8).padStart(4, '0')

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Bytes at the start of a file that tell its kind. */
const HEAD = 4096

/** The first bytes of a regular file; nothing of a FIFO, which would wait. */
function headOf(path: string, stats: Stats): string {
  if (!stats.isFile()) return ''
  const handle = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(HEAD)
    return bytes.toString('utf8', 0, readSync(handle, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(handle)
  }
}

/** Without a telling ending the first line that says something decides: `---`, `{`, or `name:` at the margin is YAML. */
function looksLikeYaml(head: string): boolean {
  const line = head
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .find(each => !/^\s*([#;].*)?$/.test(each))
  return line !== undefined && /^(?:---(?:\s|$)|\{|["']?[\w.-]+["']?:(?:\s|$))/.test(line)
}

function sameNames(inventory: Inventory): Diagnostic[] {
  return [...inventory.groups.keys()]
    .filter(name => inventory.hosts.has(name))
    .map(name => ({
      code: 'host-and-group',
      severity: 'warning',
      message: `"${name}" is both a host and a group`,
      remedy: 'give one of them another name: a pattern means the group',
    }))
}
