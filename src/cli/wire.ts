import { existsSync } from 'node:fs'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { Emit } from '../base/event.ts'
import type { Secret } from '../base/secret.ts'
import type { Inventory } from '../inventory/model.ts'
import type { Module } from '../kit/module.ts'
import { type ParseContext, parseContext } from '../playbook/context.ts'
import { type Ending, EXIT } from './exit.ts'
import type { ConnectionOptions, InventoryOptions, TaskOptions } from './options.ts'

/** The one place where concrete things are chosen: which modules, which SSH client, which interpreter of effects. */

/** Modules by the names under which playbooks know them. */
export async function moduleMap(): Promise<ReadonlyMap<string, Module>> {
  const { modules } = await import('../modules/index.ts')
  return new Map(modules.map(module => [module.name, module]))
}

/** What reading playbooks needs. */
export async function contextOf(env: Readonly<Record<string, string | undefined>>): Promise<ParseContext> {
  const paths = (value: string | undefined) => (value ?? '').split(':').filter(path => path !== '')
  return parseContext(await moduleMap(), {
    rolePaths: paths(env['ANSIBLE_ROLES_PATH']),
    collectionPaths: paths(env['ANSIBLE_COLLECTIONS_PATH']),
  })
}

/** Refuses files that are not there, all of them at once, with a status of their own. */
export function mustExist(files: readonly string[], what: string): void {
  const faults: Diagnostic[] = files
    .filter(file => !existsSync(file))
    .map(file => ({
      code: 'file-missing',
      severity: 'error',
      message: `there is no ${what} ${file}`,
      remedy: `give the path of a file; this was looked for from ${process.cwd()}`,
    }))
  if (faults.length > 0) throw new InputError(faults, EXIT.missing)
}

const NO_INVENTORY: Diagnostic = {
  code: 'inventory-none',
  severity: 'warning',
  message: 'no inventory was given: only localhost is known',
  remedy: 'give one with -i, or set ANSIBLE_INVENTORY',
}

/** The hosts and groups of all sources, with what is wrong with them. */
export async function inventoryOf(
  { inventory }: Pick<InventoryOptions, 'inventory'>,
  signal: AbortSignal,
): Promise<{ inventory: Inventory; faults: readonly Diagnostic[] }> {
  const { loadInventory } = await import('../inventory/load.ts')
  const loaded = await loadInventory(inventory, { signal })
  return inventory.length > 0 ? loaded : { ...loaded, faults: [NO_INVENTORY, ...loaded.faults] }
}

/** What a run is asked to do, passwords included. */
export interface Job extends InventoryOptions, ConnectionOptions, TaskOptions {
  readonly playbooks: readonly string[]
  readonly diff: boolean
  readonly verbose: number
  readonly password?: Secret
  readonly becomePassword?: Secret
}

/** Runs playbooks with the real things; faults of input are thrown as `InputError` before any host is touched. */
export function perform(_job: Job, _emit: Emit, _signal: AbortSignal): Promise<Omit<Ending, 'detailed' | 'signal'>> {
  throw new Error('runs are not wired yet')
}
