import type { Host } from '../../inventory/model.ts'
import { limitHosts, selectHosts } from '../../inventory/pattern.ts'
import { parsePlaybook } from '../../playbook/parse.ts'
import { visibleLine } from '../../report/visible.ts'
import { toValue } from '../../source/node.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { tell } from '../faults.ts'
import type { InventoryOptions, RunOptions, ScreenOptions, VaultOptions } from '../options.ts'
import { openVaults } from '../vaults.ts'
import { contextOf, inventoryOf } from '../wire.ts'

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

/** `regplay run --list-hosts`: the hosts of every play. */
export async function listPlays(options: RunOptions, desk: Desk): Promise<number> {
  const vaults = await openVaults(options, desk)
  const context = await contextOf(desk.config, vaults)
  const { inventory, faults } = await inventoryOf(options, desk.stop.signal, { openVault: vaults.file })
  const all = [...faults]
  const lines: string[] = []
  for (const file of options.playbooks) {
    const { playbook, faults: wrong } = parsePlaybook(file, context)
    all.push(...wrong)
    lines.push(`\nplaybook: ${visibleLine(file)}\n`)
    playbook?.plays.forEach((play, index) => {
      const written = toValue(play.hosts)
      const pattern = Array.isArray(written) ? written.map(String) : String(written)
      const selected = selectHosts(inventory, pattern, play.span)
      const limited = options.limit === undefined ? selected : limitHosts(inventory, selected.hosts, options.limit)
      all.push(...selected.faults)
      lines.push(`\n  play #${index + 1} (${visibleLine(String(pattern))})\n${text(limited.hosts, 4)}`)
    })
  }
  if (tell(all, options.json, desk) > 0) return EXIT.input
  desk.out.write(lines.join(''))
  return EXIT.done
}
