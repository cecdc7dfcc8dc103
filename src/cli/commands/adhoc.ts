import { resolve } from 'node:path'
import { conduct } from '../conduct.ts'
import type { Desk } from '../desk.ts'
import type {
  AdhocOptions,
  ConnectionOptions,
  InventoryOptions,
  ScreenOptions,
  TaskOptions,
  VaultOptions,
} from '../options.ts'
import { askPasswords } from '../passwords.ts'
import { openVaults } from '../vaults.ts'

type Options = AdhocOptions & ScreenOptions & InventoryOptions & VaultOptions & ConnectionOptions & TaskOptions

/** Arguments that are JSON are a mapping; all others are a line as people write it behind the module's name. */
function argumentsOf(args: string): unknown {
  if (!/^\s*\{(?!\{)/.test(args)) return args.trim() === '' ? {} : args
  try {
    return JSON.parse(args)
  } catch {
    return args
  }
}

/** A play of one task. JSON is YAML, so that a pattern needs no thought about quoting. */
const playOf = ({ module, args, pattern, background, poll, taskTimeout }: Options): string =>
  JSON.stringify([
    {
      name: 'Ansible Ad-Hoc',
      hosts: pattern,
      gather_facts: false,
      tasks: [
        {
          [module]: argumentsOf(args),
          ...(background === undefined ? {} : { async: background, ...(poll === undefined ? {} : { poll }) }),
          ...(taskTimeout === undefined ? {} : { timeout: taskTimeout }),
        },
      ],
    },
  ])

/** `regplay adhoc`, `ping` and `facts`: one module on the hosts of a pattern, shown as `ansible` shows it. */
export default async function adhoc(options: Options, desk: Desk): Promise<number> {
  if (options.listHosts) return (await import('./list-hosts.ts')).default(options, desk)
  const passwords = await askPasswords(options, desk)
  const plays = { text: playOf(options), dir: resolve(options.playbookDir ?? '.') }
  const vaults = await openVaults(options, desk)
  return conduct({ ...options, ...passwords, playbooks: [], plays, vaults }, desk)
}
