import { conduct } from '../conduct.ts'
import type { Desk } from '../desk.ts'
import type { RunOptions } from '../options.ts'
import { askPasswords } from '../passwords.ts'
import { openVaults } from '../vaults.ts'
import { mustExist } from '../wire.ts'

/** Whether only something is to be listed or read. */
const onlyLooks = (options: RunOptions): boolean =>
  options.syntaxCheck || options.listHosts || options.listTasks || options.listTags

/** `--syntax-check` and `--list-*`: what `check` and `list` do, by Ansible's names. */
async function look(options: RunOptions, desk: Desk): Promise<number> {
  if (options.syntaxCheck) return (await import('./check.ts')).default({ ...options, brief: true }, desk)
  return (await import('./list-plays.ts')).default(options, desk)
}

/** `regplay run` */
export default async function run(options: RunOptions, desk: Desk): Promise<number> {
  mustExist(options.playbooks, 'playbook')
  if (onlyLooks(options)) return look(options, desk)
  const passwords = await askPasswords(options, desk)
  const vaults = await openVaults(options, desk)
  return conduct({ ...options, ...passwords, vaults }, desk)
}
