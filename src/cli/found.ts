import type { Config } from './config/table.ts'
import type {
  AdhocOptions,
  ConnectionOptions,
  EvalOptions,
  InventoryOptions,
  ListOptions,
  ScreenOptions,
  TaskOptions,
  VaultOptions,
} from './options.ts'

/** What commander found: camel-cased names, absent when not given. */
export type Found = Readonly<Record<string, unknown>>

export const text = (...values: readonly unknown[]): string | undefined =>
  values.find((value): value is string => typeof value === 'string' && value !== '')
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [])
const many = (value: unknown): number => (typeof value === 'number' ? value : 0)
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

/** `{ [key]: value }` when there is a value, for fields that are absent and never undefined. */
export const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })

const oneOf = <T extends string>(value: unknown, words: readonly T[]): T | undefined =>
  words.find(word => word === value)

export const screenOptions = (found: Found, config: Config): ScreenOptions => ({
  verbose: Math.min(many(found['verbose']) || config.verbosity, 4),
  diff: found['diff'] === true || config.diffAlways,
  json: found['json'] === true,
  color: found['color'] !== false,
  ...given('events', text(found['events'])),
})

const ignored = ({ ignoredEndings: endings, ignoredPatterns: patterns }: Config): Pick<InventoryOptions, 'ignored'> =>
  endings.length + patterns.length === 0
    ? {}
    : { ignored: { ...(endings.length > 0 ? { endings } : {}), ...(patterns.length > 0 ? { patterns } : {}) } }

const NAMES: Readonly<Record<Config['groupNames'], Pick<InventoryOptions, 'judgeNames' | 'safeNames'>>> = {
  ignore: {},
  never: { judgeNames: true },
  always: { safeNames: 'told' },
  silently: { safeNames: 'silently' },
}

/** The inventory of the command line, else that of the settings. */
export function inventoryOptions(found: Found, config: Config): InventoryOptions {
  const said = [...list(found['inventory']), ...list(found['inventoryFile'])]
  return {
    inventory: said.length > 0 ? said : config.inventory,
    extraVars: list(found['extraVars']),
    ...ignored(config),
    ...(config.anyUnparsedFailed ? {} : { unread: config.unparsedFailed ? ('all' as const) : ('never' as const) }),
    ...NAMES[config.groupNames],
    ...(config.hashBehaviour === 'merge' ? { merges: true as const } : {}),
    ...(config.localhostWarning ? {} : { withoutIsFine: true as const }),
    ...given('limit', text(found['limit'])),
  }
}

/** How vaults are opened: the command line, and then the settings. */
export const vaultOptions = (found: Found, config: Config): VaultOptions => ({
  vaultIds: [...config.vaultIds, ...list(found['vaultId'])],
  vaultPasswordFiles: [
    ...(config.vaultPasswordFile === undefined ? [] : [config.vaultPasswordFile]),
    ...list(found['vaultPasswordFile']),
    ...list(found['vaultPassFile']),
  ],
  askVaultPassword: found['askVaultPassword'] === true || found['askVaultPass'] === true || config.askVaultPass,
})

export const evalOptions = (found: Found): EvalOptions => ({
  ...given('template', text(found['template'])),
  host: text(found['host']) ?? 'localhost',
  batch: found['batch'] === true,
})

/** What to do with host keys: the command line, else the settings, else OpenSSH's strict way. */
function hostKeys(found: Found, config: Config): ConnectionOptions['hostKeys'] {
  if (found['hostKeyChecking'] === false) return 'off'
  if (found['acceptNewHostKeys'] === true) return 'accept-new'
  return config.hostKeyChecking ? 'strict' : 'off'
}

/** `local` is that; every other word means ssh, and none means that the inventory may say. */
function kindOf(word: string | undefined): 'ssh' | 'local' | undefined {
  return word === undefined || word === 'smart' ? undefined : word === 'local' ? 'local' : 'ssh'
}

/** How to connect: the command line, else the settings. */
export function connectionOptions(found: Found, config: Config): ConnectionOptions {
  const passwordFile = text(found['connectionPasswordFile'], found['connPassFile'])
  const becomeFile = text(found['becomePasswordFile'], found['becomePassFile'])
  const askPass = found['askPass'] === true
  const askBecomePass = found['askBecomePass'] === true
  return {
    ...given('user', text(found['user'], config.remoteUser)),
    ...given('port', config.remotePort),
    ...given('privateKey', text(found['privateKey'], found['keyFile'], config.privateKeyFile)),
    ...given('connection', kindOf(text(found['connection'], config.transport))),
    // Whoever names a file on the command line does not want to be asked because a setting says so, and the other way round.
    askPass: askPass || (passwordFile === undefined && config.askPass),
    ...given('passwordFile', askPass ? undefined : (passwordFile ?? config.connectionPasswordFile)),
    become: found['become'] === true || config.become,
    ...given('becomeUser', text(found['becomeUser'], config.becomeUser)),
    ...given('becomeMethod', oneOf(found['becomeMethod'] ?? config.becomeMethod, ['sudo', 'su', 'doas'] as const)),
    ...given('becomeFlags', config.becomeFlags),
    askBecomePass: askBecomePass || (becomeFile === undefined && config.askBecomePass),
    ...given('becomePasswordFile', askBecomePass ? undefined : (becomeFile ?? config.becomePasswordFile)),
    sshArgs: {
      ...given('ansible_ssh_args', config.sshArgs),
      ...given('ansible_ssh_common_args', text(found['sshCommonArgs'], config.sshCommonArgs)),
      ...given('ansible_ssh_extra_args', text(found['sshExtraArgs'], config.sshExtraArgs)),
    },
    hostKeys: hostKeys(found, config),
    timeout: many(found['timeout']) || config.timeout,
    forks: many(found['forks']) || config.forks,
  }
}

export const taskOptions = (found: Found, config: Config): TaskOptions => ({
  tags: found['tags'] === undefined ? config.tags : list(found['tags']),
  skipTags: found['skipTags'] === undefined ? config.skipTags : list(found['skipTags']),
  ...given('startAtTask', text(found['startAtTask'])),
  step: found['step'] === true,
  check: found['check'] === true,
  detailedExitcode: found['detailedExitcode'] === true,
  forceHandlers: found['forceHandlers'] === true || config.forceHandlers,
  flushCache: found['flushCache'] === true,
})

export const listOptions = (found: Found): ListOptions => ({
  syntaxCheck: found['syntaxCheck'] === true,
  listHosts: found['listHosts'] === true,
  listTasks: found['listTasks'] === true,
  listTags: found['listTags'] === true,
})

/** What `regplay adhoc` is to do, beside where and as whom. */
export function adhocOptions(found: Found, config: Config): Omit<AdhocOptions, 'pattern'> {
  return {
    module: text(found['moduleName']) ?? config.moduleName,
    args: typeof found['args'] === 'string' ? found['args'] : (config.moduleArgs ?? ''),
    oneLine: found['oneLine'] === true,
    listHosts: found['listHosts'] === true,
    ...given('tree', text(found['tree'])),
    ...given('background', number(found['background'])),
    ...given('poll', number(found['poll'])),
    ...given('taskTimeout', number(found['taskTimeout'])),
    ...given('playbookDir', text(found['playbookDir'], config.playbookDir)),
  }
}
