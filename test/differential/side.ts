import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Account, fromAnsible, fromRegplay } from './account.ts'
import type { Side } from './compare.ts'
import { MACHINES, type World } from './world.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const HERE = join(ROOT, 'test/differential')
/** Milliseconds that one run of a playbook may take. */
export const LIMIT = 120_000
/** Last lines of what each side said, shown with a difference. */
const SHOWN = 40

const RECORD = '/run/world/record'
const COMMANDS = {
  ansible: (args: readonly string[]) => ['ansible-playbook', ...args],
  regplay: (args: readonly string[]) => [
    process.execPath,
    join(ROOT, 'dist/main.js'),
    'run',
    '--events',
    RECORD,
    ...args,
  ],
}
const ENV = {
  ansible: { ANSIBLE_CONFIG: join(HERE, 'ansible/ansible.cfg'), REGPLAY_RECORD: RECORD },
  regplay: {},
}

export type Which = keyof typeof COMMANDS

/** The inventory of playbooks that name no other. */
export const INVENTORY = ['-i', join(HERE, 'inventory/hosts.ini')]

const READ: Record<Which, (text: string) => Account> = { ansible: fromAnsible, regplay: fromRegplay }

/** What a side left behind, and what it printed. */
export type Ran = Side & { readonly said: string }

/** Of every machine, what differs from how worlds begin. */
export const filesOf = (world: World): Side['files'] =>
  new Map(MACHINES.map(machine => [machine, world.files(machine)] as const))

/** Runs a playbook in a world. */
export async function runIn(world: World, which: Which, args: readonly string[], cwd: string): Promise<Ran> {
  if (world.has(RECORD)) world.write(RECORD, '')
  const { code, text } = await world.run(COMMANDS[which](args), ENV[which], cwd, LIMIT)
  const account = READ[which](code === 0 || world.has(RECORD) ? world.read(RECORD) : '')
  return { exit: code, said: text, account, files: filesOf(world) }
}

/** The end of what both sides printed. */
export function lastWords(ansible: Ran, regplay: Ran): string {
  const words = ({ said }: Ran): string => said.trimEnd().split('\n').slice(-SHOWN).join('\n')
  return `--- ansible said:\n${words(ansible)}\n--- regplay said:\n${words(regplay)}`
}
