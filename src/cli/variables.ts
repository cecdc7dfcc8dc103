import { resolve } from 'node:path'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'
import { VarsDirectory } from '../inventory/adjacent.ts'
import type { Inventory, VarMap } from '../inventory/model.ts'
import { parseExtraVars } from '../vars/extra.ts'
import { VariableStore } from '../vars/store.ts'
import { settingOf } from './config/lookup.ts'
import type { Desk } from './desk.ts'
import { factCache } from './fact-cache.ts'
import type { InventoryOptions, VaultOptions } from './options.ts'
import { loadBeside } from './template-files.ts'
import { openVaults, type Vaults } from './vaults.ts'
import { version } from './version.ts'
import { inventoryOf } from './wire.ts'

/** Everything that is known of variables before a play begins. */
export interface Known {
  readonly inventory: Inventory
  readonly store: VariableStore
  /** `group_vars/` and `host_vars/` of the playbook's directory. */
  readonly beside: VarsDirectory
  readonly vaults: Vaults
  readonly extraVars: VarMap
  readonly faults: readonly Diagnostic[]
}

/**
 * The inventory and the variables of a command line.
 * @param playbookDir the directory whose `group_vars/` and `host_vars/` count; as in Ansible, the present one when nobody says
 */
export async function variablesOf(
  options: InventoryOptions & VaultOptions,
  desk: Desk,
  playbookDir: string = process.cwd(),
): Promise<Known> {
  const vaults = await openVaults(options, desk)
  const extra = parseExtraVars(options.extraVars, vaults.file, options.merges)
  const { inventory, faults } = await inventoryOf(options, desk.stop.signal, {
    ...{ extraVars: extra.vars, allowEmpty: true, openVault: vaults.file },
  })
  const beside = new VarsDirectory(resolve(playbookDir), vaults.file, undefined, options.merges)
  const facts = factCache(desk.config)
  const store = new VariableStore({
    inventory,
    ...(facts && { facts }),
    extraVars: extra.vars,
    playbookVars: beside,
    options: {
      loader: loadBeside(vaults.content),
      openVault: vaults.value,
      setting: settingOf(desk.config),
      warn: message => desk.err.write(`warning: ${message}\n`),
    },
    run: {
      playbookDir: resolve(playbookDir),
      version: version(),
      inventorySources: options.inventory,
      ...(desk.configFile === undefined ? {} : { configFile: desk.configFile }),
      ...(options.limit === undefined ? {} : { limit: options.limit }),
    },
  })
  return { inventory, store, beside, vaults, extraVars: extra.vars, faults: [...faults, ...extra.faults] }
}

/** Refuses a host that the inventory does not have, by its nearest name. */
export function mustBeKnown(host: string, inventory: Inventory): void {
  if (inventory.find(host)) return
  throw new InputError([
    {
      code: 'no-such-host',
      severity: 'error',
      message: `the inventory has no host '${host}'${didYouMean(host, inventory.hosts.keys())}`,
      remedy: 'regplay list hosts shows those that there are; -i says which inventory',
    },
  ])
}
