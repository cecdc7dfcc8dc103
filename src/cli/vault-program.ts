import { Command, Option } from 'commander'
import type { Start } from './desk.ts'
import { vaultFlags } from './flags.ts'
import { type Found, given, text, vaultOptions } from './found.ts'

const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [])
const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value]

const encryptFlag = (command: Command): Command =>
  command.option('--encrypt-vault-id <id>', 'the id whose password encrypts, when there are several')
const outputFlag = (command: Command): Command =>
  command.option('--output <file>', 'write into this file; - is standard output')

const FILES = 'files; standard input when there is none'

/** The commands that are `ansible-vault`'s. */
export function vaultCommand(start: Start): Command {
  const vault = new Command('vault').description(
    'files and values that only a password opens, as ansible-vault has them',
  )
  vault.addCommand(filesCommand(start, 'encrypt', 'vault files').argument('[file...]', FILES))
  vault.addCommand(filesCommand(start, 'decrypt', 'undo it').argument('[file...]', FILES))
  vault.addCommand(filesCommand(start, 'view', 'show what is in them').argument('<file...>', 'files'))
  vault.addCommand(filesCommand(start, 'rekey', 'give them another password').argument('<file...>', 'files'))
  vault.addCommand(editCommand(start, 'edit', 'edit what is in them with $EDITOR').argument('<file...>', 'files'))
  vault.addCommand(editCommand(start, 'create', 'make a new one with $EDITOR').argument('<file>', 'the file'))
  vault.addCommand(stringCommand(start))
  return vault
}

function filesCommand(start: Start, action: 'encrypt' | 'decrypt' | 'view' | 'rekey', description: string): Command {
  const command = vaultFlags(new Command(action)).description(description)
  if (action === 'encrypt' || action === 'decrypt') outputFlag(command)
  if (action === 'encrypt' || action === 'rekey') encryptFlag(command)
  if (action === 'rekey')
    command
      .option('--new-vault-id <id@file>', 'the new password, and its id')
      .addOption(
        new Option('--new-vault-password-file <file>', 'file or program that gives it').conflicts('newVaultId'),
      )
  return verbose(command).action((files: string[], found: Found) =>
    start(
      () => import('./commands/vault.ts'),
      ({ config }) => ({
        ...{ action, files, ...vaultOptions(found, config) },
        ...given('encryptVaultId', text(found['encryptVaultId'])),
        ...given('output', text(found['output'])),
        ...given('newVaultId', text(found['newVaultId'])),
        ...given('newVaultPasswordFile', text(found['newVaultPasswordFile'])),
      }),
    ),
  )
}

const editCommand = (start: Start, action: 'edit' | 'create', description: string): Command =>
  verbose(encryptFlag(vaultFlags(new Command(action))))
    .description(description)
    .addOption(new Option('--skip-tty-check').hideHelp())
    .action((files: string | string[], found: Found) =>
      start(
        () => import('./commands/vault-edit.ts'),
        ({ config }) => ({
          ...{ action, files: [files].flat(), ...vaultOptions(found, config) },
          ...given('encryptVaultId', text(found['encryptVaultId'])),
        }),
      ),
    )

const stringCommand = (start: Start): Command =>
  verbose(encryptFlag(outputFlag(vaultFlags(new Command('encrypt_string')))))
    .alias('encrypt-string')
    .description('vault texts, to be pasted into files of variables')
    .argument('[text...]', 'texts; - is standard input. Other users of this machine may see them while it runs')
    .option('-n, --name <name>', 'name of the variable; may be repeated', collect)
    .option('--stdin-name <name>', 'name of the variable for standard input')
    .option('-p, --prompt', 'ask for the text')
    .option('--show-input', 'show it while it is typed')
    .action((texts: string[], found: Found) =>
      start(
        () => import('./commands/vault-string.ts'),
        ({ config }) => ({
          ...{ texts, names: list(found['name']), ...vaultOptions(found, config) },
          ...{ prompt: found['prompt'] === true, showInput: found['showInput'] === true },
          ...given('encryptVaultId', text(found['encryptVaultId'])),
          ...given('stdinName', text(found['stdinName'])),
          ...given('output', text(found['output'])),
        }),
      ),
    )

/** Accepted as Ansible does; there is no more to say. */
const verbose = (command: Command): Command => command.addOption(new Option('-v, --verbose').hideHelp())
