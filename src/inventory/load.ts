import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { statOf } from '../base/stat.ts'
import { checkAdjacent, type Seen, VarsDirectory } from './adjacent.ts'
import { Builder } from './builder.ts'
import { type Ignored, sourcesIn } from './directory.ts'
import { isHostList, readHostList } from './host-list.ts'
import { readSourceFile, type SourceContext } from './kinds.ts'
import { machinesIn, readMachine } from './machines.ts'
import type { Inventory, InventoryRules } from './model.ts'
import { safeGroupName } from './names.ts'

export interface LoadContext extends SourceContext, InventoryRules {
  /** Do not mind when the sources name no host at all. */
  readonly allowEmpty?: boolean
  /** What of a directory is no source. */
  readonly ignored?: Ignored
  /** Sources that cannot be read are an error where all are such, or never; without it where one is. */
  readonly unread?: 'all' | 'never'
  /** Group names that are no names of variables are told of. */
  readonly judgeNames?: boolean
  readonly seen?: Seen
}

/**
 * Reads inventories: paths of INI and YAML files, executables and directories of these, docker-machine's directory, and host lists
 * (`a,b,`), later ones adding to earlier ones. All that is wrong comes back together.
 * @throws InputError with exit 66 when a source is not there
 */
export async function loadInventory(
  sources: readonly string[],
  context: LoadContext = {},
): Promise<{ inventory: Inventory; faults: Diagnostic[] }> {
  const builder = new Builder(context)
  const { inventory, faults } = builder
  const missing: Diagnostic[] = []
  const directories = new Map<string, VarsDirectory>()
  let unread = 0
  for (const source of sources) {
    const before = errorsIn(faults)
    if (isHostList(source)) readHostList(source, builder)
    else {
      const path = resolve(source)
      const stats = statOf(path)
      if (!stats) {
        missing.push({
          code: 'source-missing',
          severity: 'error',
          message: `there is no inventory ${source}`,
          span: { file: source, line: 1, col: 1 },
          remedy: 'name a file or a directory; a list of hosts has a comma in it: -i host,',
        })
        unread++
        continue
      }
      await readPath(path, builder, context)
      const dir = stats.isDirectory() ? path : dirname(path)
      // A directory that comes again counts where it came last
      const known = directories.get(dir) ?? new VarsDirectory(dir, context.openVault, context.seen, context.merges)
      directories.delete(dir)
      directories.set(dir, known)
    }
    if (errorsIn(faults) > before) unread++
  }
  if (unread > 0 && (context.unread === 'never' || (context.unread === 'all' && unread < sources.length))) {
    const told = [...missing.splice(0), ...faults.splice(0)]
    faults.push(...told.map((fault): Diagnostic => ({ ...fault, severity: 'warning' })))
  }
  if (missing.length > 0) throw new InputError([...missing, ...faults], 66)
  inventory.reconcile()
  inventory.adjacent = [...directories.values()]
  faults.push(...checkAdjacent(inventory, inventory.adjacent), ...sameNames(inventory))
  if (context.safeNames === 'told') faults.push(...newNames(inventory))
  if (context.judgeNames) faults.push(...oddNames(inventory))
  if (
    inventory.hosts.size === 0 &&
    sources.length > 0 &&
    !context.allowEmpty &&
    context.unread !== 'never' &&
    !faults.some(each => each.severity === 'error')
  )
    builder.warn(
      'inventory-empty',
      `the inventory has no hosts: ${sources.join(', ')}`,
      undefined,
      'write a host name on a line of its own, or use -i localhost,; plays for localhost run',
    )
  return { inventory, faults }
}

async function readPath(path: string, builder: Builder, context: LoadContext): Promise<void> {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) {
      const machines = machinesIn(path)
      for (const machine of machines) readMachine(machine, builder)
      if (machines.length === 0)
        for (const inner of sourcesIn(path, context.ignored)) await readPath(inner, builder, context)
      return
    }
    await readSourceFile(path, stats, builder, context)
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

const errorsIn = (faults: readonly Diagnostic[]): number => faults.filter(({ severity }) => severity === 'error').length

/** Groups that got other names than they were given. */
function newNames({ renamed }: Inventory): Diagnostic[] {
  const told = [...renamed].map(name => `${name} -> ${safeGroupName(name)}`).join(', ')
  return renamed.size === 0
    ? []
    : [
        {
          code: 'group-name-characters',
          severity: 'warning',
          message: `Invalid characters were found in group names and automatically replaced: ${told}`,
          remedy: 'rename them, or set force_valid_group_names = silently',
        },
      ]
}

/** Groups whose names cannot be written as `groups.NAME`. */
function oddNames(inventory: Inventory): Diagnostic[] {
  const odd = [...inventory.groups.keys()].filter(name => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
  return odd.length === 0
    ? []
    : [
        {
          code: 'group-name-characters',
          severity: 'warning',
          message: `Invalid characters were found in group names but not replaced: ${odd.join(', ')}`,
          remedy: "rename them, write groups['NAME'] in templates, or set force_valid_group_names = ignore",
        },
      ]
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
