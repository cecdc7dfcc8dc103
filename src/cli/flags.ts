import { type Command, InvalidArgumentError, Option } from 'commander'
import type {
  ConnectionOptions,
  EvalOptions,
  InventoryOptions,
  ListOptions,
  ScreenOptions,
  TaskOptions,
} from './options.ts'
import { isTrue } from './screen.ts'

type Environment = Readonly<Record<string, string | undefined>>

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

function nonEmpty(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.')
  return value
}

const sources = (value: string, before: readonly string[] | undefined): readonly string[] =>
  collect(nonEmpty(value), before)

const count = (_: unknown, before: number | undefined): number => (before ?? 0) + 1

/** Options of every command. */
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
    .option('-e, --extra-vars <vars>', 'variables that win: k=v, @file, or JSON; may be repeated', collect)
    .option('-l, --limit <pattern>', 'only hosts that this pattern selects too', nonEmpty)

export const connectionFlags = (command: Command): Command =>
  command
    .option('-u, --user <name>', 'log in as this user')
    .option('--private-key <file>', 'log in with this key')
    .option('-k, --ask-pass', 'ask for the login password')
    .addOption(new Option('-c, --connection <kind>', 'how to reach hosts').choices(['ssh', 'local']))
    .option('-b, --become', 'become another user (root) for the tasks')
    .option('--become-user <name>', 'become this user')
    .addOption(new Option('--become-method <tool>', 'how to become another user').choices(['sudo', 'su', 'doas']))
    .option('-K, --ask-become-pass', 'ask for the password of become')
    .option('--accept-new-host-keys', 'learn the keys of hosts that are not known yet')
    .option('--no-host-key-checking', 'trust any host key; for throw-away machines')
    .option('-T, --timeout <seconds>', 'how long a connection may take to stand', positive)
    .option('-f, --forks <number>', 'hosts worked on at once', positive)

export const taskFlags = (command: Command): Command =>
  command
    .option('-t, --tags <tags>', 'only tasks with one of these tags', collectWords)
    .option('--skip-tags <tags>', 'no tasks with one of these tags', collectWords)
    .option('--start-at-task <name>', 'begin with the task of this name')
    .option('-C, --check', 'a dry run: say what would change and change nothing')
    .option('-D, --diff', 'show what changes, line by line')
    .option('--detailed-exitcode', 'with --check: exit with 3 when something would change')
    .option('--force-handlers', 'run notified handlers even on hosts where a task failed')
    .option('--events <file>', 'write every event as a line of JSON into this file as well')

export const listFlags = (command: Command): Command =>
  command
    .option('--syntax-check', 'only read everything; touch no host')
    .option('--list-hosts', 'only list the hosts')
    .option('--list-tasks', 'only list the tasks')
    .option('--list-tags', 'only list the tags')

/** What commander found: camel-cased names, absent when not given. */
export type Found = Readonly<Record<string, unknown>>

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [])
const many = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** `{ [key]: value }` when there is a value, for fields that are absent and never undefined. */
const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })

export const screenOptions = (found: Found): ScreenOptions => ({
  verbose: Math.min(many(found['verbose']), 4),
  diff: found['diff'] === true,
  json: found['json'] === true,
  color: found['color'] !== false,
  ...given('events', text(found['events'])),
})

/** The inventory of the command line, else ANSIBLE_INVENTORY. */
export const inventoryOptions = (found: Found, env: Environment): InventoryOptions => ({
  inventory: found['inventory'] === undefined ? words(env['ANSIBLE_INVENTORY'] ?? '') : list(found['inventory']),
  extraVars: list(found['extraVars']),
  ...given('limit', text(found['limit'])),
})

export const evalOptions = (found: Found): EvalOptions => ({
  ...given('template', text(found['template'])),
  host: text(found['host']) ?? 'localhost',
  batch: found['batch'] === true,
})

const oneOf = <T extends string>(value: unknown, words: readonly T[]): T | undefined =>
  words.find(word => word === value)

/** What to do with host keys: the command line, else ANSIBLE_HOST_KEY_CHECKING, else OpenSSH's strict way. */
function hostKeys(found: Found, env: Environment): ConnectionOptions['hostKeys'] {
  if (found['hostKeyChecking'] === false) return 'off'
  if (found['acceptNewHostKeys'] === true) return 'accept-new'
  const said = env['ANSIBLE_HOST_KEY_CHECKING']
  return said !== undefined && said !== '' && !isTrue(said) ? 'off' : 'strict'
}

const number = (value: string | undefined): number | undefined =>
  value !== undefined && /^[1-9][0-9]{0,5}$/.test(value) ? Number(value) : undefined

/** How to connect: the command line, else Ansible's environment variables. */
export const connectionOptions = (found: Found, env: Environment): ConnectionOptions => ({
  ...given('user', text(found['user']) ?? text(env['ANSIBLE_REMOTE_USER'])),
  ...given('privateKey', text(found['privateKey']) ?? text(env['ANSIBLE_PRIVATE_KEY_FILE'])),
  ...given('connection', oneOf(found['connection'], ['ssh', 'local'] as const)),
  askPass: found['askPass'] === true,
  become: found['become'] === true || isTrue(env['ANSIBLE_BECOME']),
  ...given('becomeUser', text(found['becomeUser']) ?? text(env['ANSIBLE_BECOME_USER'])),
  ...given(
    'becomeMethod',
    oneOf(found['becomeMethod'] ?? env['ANSIBLE_BECOME_METHOD'], ['sudo', 'su', 'doas'] as const),
  ),
  askBecomePass: found['askBecomePass'] === true,
  hostKeys: hostKeys(found, env),
  timeout: many(found['timeout']) || (number(env['ANSIBLE_TIMEOUT']) ?? 10),
  forks: many(found['forks']) || (number(env['ANSIBLE_FORKS']) ?? 5),
})

export const taskOptions = (found: Found, env: Environment): TaskOptions => ({
  tags: found['tags'] === undefined ? words(env['ANSIBLE_RUN_TAGS'] ?? '') : list(found['tags']),
  skipTags: found['skipTags'] === undefined ? words(env['ANSIBLE_SKIP_TAGS'] ?? '') : list(found['skipTags']),
  ...given('startAtTask', text(found['startAtTask'])),
  check: found['check'] === true,
  detailedExitcode: found['detailedExitcode'] === true,
  forceHandlers: found['forceHandlers'] === true || isTrue(env['ANSIBLE_FORCE_HANDLERS']),
})

export const listOptions = (found: Found): ListOptions => ({
  syntaxCheck: found['syntaxCheck'] === true,
  listHosts: found['listHosts'] === true,
  listTasks: found['listTasks'] === true,
  listTags: found['listTags'] === true,
})
