import { type Command, InvalidArgumentError, Option } from 'commander'

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value]

const words = (value: string): string[] =>
  value
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '')

const collectWords = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  ...words(value),
]

function positive(value: string): number {
  if (!/^[0-9]{1,6}$/.test(value) || Number(value) < 1) throw new InvalidArgumentError('It must be a number from 1.')
  return Number(value)
}

function whole(value: string): number {
  if (!/^[0-9]{1,6}$/.test(value)) throw new InvalidArgumentError('It must be a number from 0.')
  return Number(value)
}

function nonEmpty(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.')
  return value
}

const sources = (value: string, before: readonly string[] | undefined): readonly string[] =>
  collect(nonEmpty(value), before)

const count = (_: unknown, before: number | undefined): number => (before ?? 0) + 1

/** Another name of an option, as Ansible has it; it stands in no help. */
const alias = (flags: string): Option => new Option(flags).hideHelp()

/** Ansible's way to be found by modules of one's own. */
const modulePath = (): Option =>
  new Option('-M, --module-path <path>').hideHelp().argParser(() => {
    throw new InvalidArgumentError('regplay runs no modules of Python; docs/modules says which it has.')
  })

/** Accepted by every command, as by Ansible's; where there is no more to say and nothing is coloured, help does not name them. */
export const acceptedFlags = (command: Command): Command =>
  command.addOption(new Option('-v, --verbose').argParser(count).hideHelp()).addOption(alias('--no-color'))

/** Options of commands that look and tell. */
export const tellingFlags = (command: Command): Command =>
  acceptedFlags(command).option('--json', 'write JSON, for programs')

/** Options of commands that show a run. */
export const screenFlags = (command: Command): Command =>
  command
    .option('-v, --verbose', 'say more; up to four times', count)
    .option('--json', 'write every event as a line of JSON')
    .option('--no-color', 'no colours, as NO_COLOR')

export const inventoryFlags = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '-i, --inventory <source>',
        'inventory: a file, a directory, a script, or hosts with commas; may be repeated',
      ).argParser(sources),
    )
    .addOption(alias('--inventory-file <source>').argParser(sources))
    .option('-e, --extra-vars <vars>', 'variables that win: k=v, @file, or JSON; may be repeated', collect)
    .option('-l, --limit <pattern>', 'only hosts that this pattern selects too', nonEmpty)

/** How vaults are opened. */
export const vaultFlags = (command: Command): Command =>
  command
    .option('--vault-id <id@file>', 'password of an id: a file, a program, or prompt; may be repeated', collect)
    .option('--vault-password-file <file>', 'file or program that gives the vault password; may be repeated', collect)
    .addOption(alias('--vault-pass-file <file>').argParser(collect))
    .option('-J, --ask-vault-password', 'ask for the vault password')
    .addOption(alias('--ask-vault-pass'))

export const connectionFlags = (command: Command): Command =>
  command
    .option('-u, --user <name>', 'log in as this user')
    .option('--private-key <file>', 'log in with this key')
    .addOption(alias('--key-file <file>'))
    .option('-k, --ask-pass', 'ask for the login password')
    .addOption(
      new Option('--connection-password-file <file>', 'file or program that gives the login password').conflicts(
        'askPass',
      ),
    )
    .addOption(alias('--conn-pass-file <file>').conflicts('askPass'))
    .addOption(
      new Option('-c, --connection <kind>', 'how to reach hosts').choices(['ssh', 'local', 'smart', 'paramiko']),
    )
    .option('--ssh-common-args <args>', 'options as ssh takes them, of those that regplay honours')
    .option('--ssh-extra-args <args>', 'more of them')
    .addOption(alias('--sftp-extra-args <args>'))
    .addOption(alias('--scp-extra-args <args>'))
    .option('-b, --become', 'become another user (root) for the tasks')
    .option('--become-user <name>', 'become this user')
    .addOption(new Option('--become-method <tool>', 'how to become another user').choices(['sudo', 'su', 'doas']))
    .option('-K, --ask-become-pass', 'ask for the password of become')
    .addOption(
      new Option('--become-password-file <file>', 'file or program that gives the password of become').conflicts(
        'askBecomePass',
      ),
    )
    .addOption(alias('--become-pass-file <file>').conflicts('askBecomePass'))
    .option('--accept-new-host-keys', 'learn the keys of hosts that are not known yet')
    .option('--no-host-key-checking', 'trust any host key; for throw-away machines')
    .option('-T, --timeout <seconds>', 'how long a connection may take to stand', positive)
    .option('-f, --forks <number>', 'hosts worked on at once', positive)

/** Which tasks are meant. */
export const tagFlags = (command: Command): Command =>
  command
    .option('-t, --tags <tags>', 'only tasks with one of these tags', collectWords)
    .option('--skip-tags <tags>', 'no tasks with one of these tags', collectWords)

/** What a dry run is, and what is shown of changes. */
export const dryFlags = (command: Command): Command =>
  command
    .option('-C, --check', 'a dry run: say what would change and change nothing')
    .option('-D, --diff', 'show what changes, line by line')
    .option('--events <file>', 'write every event as a line of JSON into this file as well')
    .addOption(modulePath())

export const taskFlags = (command: Command): Command =>
  dryFlags(tagFlags(command))
    .option('--start-at-task <name>', 'begin with the task of this name')
    .option('--step', 'ask before each task')
    .option('--detailed-exitcode', 'with --check: exit with 3 when something would change')
    .option('--force-handlers', 'run notified handlers even on hosts where a task failed')
    .option('--flush-cache', 'forget the facts that were kept of earlier runs')

export const listFlags = (command: Command): Command =>
  command
    .option('--syntax-check', 'only read everything; touch no host')
    .option('--list-hosts', 'only list the hosts')
    .option('--list-tasks', 'only list the tasks')
    .option('--list-tags', 'only list the tags')

/** What `ansible` has, and `ansible-playbook` has not. */
export const moduleFlags = (command: Command): Command =>
  dryFlags(command)
    .option('-m, --module-name <name>', 'the module')
    .option('-a, --args <args>', 'its arguments: k=v, JSON, or a line of text')
    .option('-o, --one-line', 'a line for each host')
    .option('-t, --tree <dir>', "write each host's result into a file of this folder")
    .option('-B, --background <seconds>', 'how long it may take, in the background', positive)
    .option('-P, --poll <seconds>', 'how often to look after it', whole)
    .option('--task-timeout <seconds>', 'how long it may take', positive)
    .option('--playbook-dir <dir>', 'where files, group_vars/ and host_vars/ are looked for')
    .option('--list-hosts', 'only list the hosts')
    .option('--flush-cache', 'forget the facts that were kept of earlier runs')
