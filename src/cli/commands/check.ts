import { checkPlaybook } from '../../playbook/check.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { tell } from '../faults.ts'
import type { InventoryOptions, ScreenOptions } from '../options.ts'
import { contextOf, inventoryOf, mustExist } from '../wire.ts'

interface CheckOptions extends ScreenOptions, InventoryOptions {
  readonly playbooks: readonly string[]
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** `regplay check`: every fault of playbooks and inventories at once; no host is touched. */
export default async function check(options: CheckOptions, desk: Desk): Promise<number> {
  mustExist(options.playbooks, 'playbook')
  const context = await contextOf(desk.config)
  const faults = options.playbooks.flatMap(file => checkPlaybook(file, context).faults)
  if (options.inventory.length > 0) faults.push(...(await inventoryOf(options, desk.stop.signal)).faults)
  const errors = tell(faults, options.json, desk)
  if (options.json) return errors > 0 ? EXIT.input : EXIT.done
  const warnings = faults.length - errors
  const found = [
    errors > 0 ? plural(errors, 'error') : 'no errors',
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ]
  desk.out.write(`${plural(options.playbooks.length, 'playbook')} read: ${found.join(', ')}\n`)
  return errors > 0 ? EXIT.input : EXIT.done
}
