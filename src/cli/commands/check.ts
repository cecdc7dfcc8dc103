import { dirname, resolve } from 'node:path'
import { checkAdjacent, VarsDirectory } from '../../inventory/adjacent.ts'
import type { Inventory } from '../../inventory/model.ts'
import { limitFaults } from '../../inventory/pattern.ts'
import { checkPlaybook } from '../../playbook/check.ts'
import { visibleLine } from '../../report/visible.ts'
import { parseExtraVars } from '../../vars/extra.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { distinct, tell } from '../faults.ts'
import type { InventoryOptions, ScreenOptions, VaultOptions } from '../options.ts'
import { VaultCensus } from '../vault-census.ts'
import { openVaults } from '../vaults.ts'
import { contextOf, inventoryOf, lenient, mustExist, twofold } from '../wire.ts'

interface CheckOptions extends ScreenOptions, InventoryOptions, VaultOptions {
  readonly playbooks: readonly string[]
  /** Name the playbooks only, as `ansible-playbook --syntax-check` does. */
  readonly brief?: boolean
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** `group_vars/` and `host_vars/` of playbooks that stand elsewhere than the inventory. */
function besides(playbooks: readonly string[], inventory: Inventory, vaults: VaultCensus): VarsDirectory[] {
  const known = new Set(inventory.adjacent.map(({ dir }) => dir))
  const dirs = new Set(playbooks.map(file => dirname(resolve(file))))
  return [...dirs].filter(dir => !known.has(dir)).map(dir => new VarsDirectory(dir, vaults.file, vaults.tree))
}

/** `regplay check`: every fault of playbooks and inventories at once; no host is touched. */
export default async function check(options: CheckOptions, desk: Desk): Promise<number> {
  mustExist(options.playbooks, 'playbook')
  const vaults = new VaultCensus(await openVaults(options, desk))
  const extra = parseExtraVars(options.extraVars, vaults.file, options.merges)
  const context = { ...(await contextOf(desk.config, vaults, extra.vars)), seen: vaults.tree }
  const found = options.playbooks.flatMap((file, index) =>
    twofold(lenient(checkPlaybook(file, context, index === 0).faults, desk.config), desk.config),
  )
  if (options.inventory.length > 0 || options.limit !== undefined) {
    const loaded = await inventoryOf(options, desk.stop.signal, { openVault: vaults.file, seen: vaults.tree })
    found.push(...loaded.faults)
    found.push(...limitFaults(loaded.inventory, options.limit))
    vaults.inventory(loaded.inventory)
    found.push(...checkAdjacent(loaded.inventory, besides(options.playbooks, loaded.inventory, vaults)))
  }
  found.push(...extra.faults)
  for (const { node } of extra.vars.values()) vaults.tree(node)
  const faults = distinct(vaults.settle(found))
  const errors = tell(faults, options.json, desk)
  if (options.json) return errors > 0 ? EXIT.input : EXIT.done
  if (options.brief && errors === 0) {
    desk.out.write(options.playbooks.map(file => `\nplaybook: ${visibleLine(file)}\n`).join(''))
    return EXIT.done
  }
  const warnings = faults.length - errors
  const said = [
    errors > 0 ? plural(errors, 'error') : 'no errors',
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ]
  desk.out.write(`${plural(options.playbooks.length, 'playbook')} read: ${said.join(', ')}\n`)
  return errors > 0 ? EXIT.input : EXIT.done
}
