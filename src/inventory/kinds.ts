import { accessSync, closeSync, constants, openSync, readSync, type Stats } from 'node:fs'
import { extname } from 'node:path'
import { parseYaml } from '../source/yaml.ts'
import { isVaulted } from '../vault/envelope.ts'
import { type OpenFile, readOpened } from './adjacent.ts'
import type { Builder } from './builder.ts'
import { readConstructed } from './constructed.ts'
import { readIni } from './ini.ts'
import type { VarMap } from './model.ts'
import { readScript } from './script.ts'
import { pluginOf, readYamlInventory } from './yaml.ts'

/** What reading sources may need of the world. */
export interface SourceContext {
  readonly signal?: AbortSignal
  /** Seconds that an executable source may take; default 60. */
  readonly scriptTimeout?: number
  /** Opens sources and variable files that are vaulted as a whole. */
  readonly openVault?: OpenFile
  /** `-e`, for constructed groups that ask for it. */
  readonly extraVars?: VarMap
}

/** One kind of source. The first of `KINDS` that wants a file reads it: a new kind is a row there and a file beside this one. */
interface SourceKind {
  wants(file: SourceFile): boolean
  read(file: SourceFile, builder: Builder, context: SourceContext): void | Promise<void>
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

const CONSTRUCTED = new Set(['constructed', 'ansible.builtin.constructed'])

const yaml: SourceKind = {
  wants: ({ path, head }) => {
    const ending = extname(path)
    if (ending === '.yml' || ending === '.yaml' || ending === '.json') return true
    return ending !== '.ini' && looksLikeYaml(head)
  },
  read: ({ path }, builder, context) => {
    const { node, faults } = parseYaml(readOpened(path, context.openVault), path)
    builder.faults.push(...faults)
    if (!node || (node.kind === 'scalar' && node.value === null)) return
    const plugin = pluginOf(node)
    if (plugin === undefined) readYamlInventory(node, path, builder)
    else if (CONSTRUCTED.has(plugin.name)) readConstructed(node, builder, context)
    else
      builder.error(
        'inventory-plugin',
        `the inventory plugin "${plugin.name}" is not supported`,
        plugin.span,
        'ansible-inventory -i FILE --list --yaml --export writes what it finds as YAML; or use an executable that answers --list',
      )
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

/** Reads one file by its kind. */
export async function readSourceFile(
  path: string,
  stats: Stats,
  builder: Builder,
  context: SourceContext,
): Promise<void> {
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
  builder.sources.push(path)
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
