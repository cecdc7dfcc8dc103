import type { Host } from '../../inventory/model.ts'
import { limitHosts, selectHosts } from '../../inventory/pattern.ts'
import { visibleLine } from '../../report/visible.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { tell } from '../faults.ts'
import type { InventoryOptions, ScreenOptions, VaultOptions } from '../options.ts'
import { openVaults } from '../vaults.ts'
import { inventoryOf } from '../wire.ts'

interface ListHostsOptions extends ScreenOptions, InventoryOptions, VaultOptions {
  readonly pattern: string
}

/** `regplay list hosts`: as `ansible --list-hosts` prints them. */
export default async function listHosts(options: ListHostsOptions, desk: Desk): Promise<number> {
  const vaults = await openVaults(options, desk)
  const { inventory, faults } = await inventoryOf(options, desk.stop.signal, { openVault: vaults.file })
  const selected = selectHosts(inventory, options.pattern)
  const limited = options.limit === undefined ? selected : limitHosts(inventory, selected.hosts, options.limit)
  const all = [...faults, ...selected.faults, ...(limited === selected ? [] : limited.faults)]
  if (tell(all, options.json, desk) > 0) return EXIT.input
  desk.out.write(
    options.json ? `${JSON.stringify({ hosts: limited.hosts.map(host => host.name) })}\n` : text(limited.hosts, 2),
  )
  return EXIT.done
}

const text = (hosts: readonly Host[], indent: number): string => {
  const pad = ' '.repeat(indent)
  return `${pad}hosts (${hosts.length}):\n${hosts.map(host => `${pad}  ${visibleLine(host.name)}\n`).join('')}`
}
