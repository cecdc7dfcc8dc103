import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { homedir, hostname, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { Emit } from '../base/event.ts'
import type { Secret } from '../base/secret.ts'
import type { LoadContext } from '../inventory/load.ts'
import type { Inventory, VarMap } from '../inventory/model.ts'
import type { Module } from '../kit/module.ts'
import type { Playbook } from '../playbook/ast.ts'
import { type ParseContext, parseContext } from '../playbook/context.ts'
import type { RunOptions } from '../run/context.ts'
import type { Ports } from '../run/ports.ts'
import type { Claimant } from '../shell/lock.ts'
import { settingOf } from './config/lookup.ts'
import { playDefaults } from './config/play.ts'
import type { Config } from './config/table.ts'
import { type Ending, EXIT } from './exit.ts'
import { factCache } from './fact-cache.ts'
import { distinct } from './faults.ts'
import type { ConnectionOptions, InventoryOptions, TaskOptions } from './options.ts'
import { fromTask } from './start-task.ts'
import type { Vaults } from './vaults.ts'
import { version } from './version.ts'

/** The one place where concrete things are chosen: which modules, which SSH client, which interpreter of effects. */

/** Modules by the names under which playbooks know them. */
export async function moduleMap(): Promise<ReadonlyMap<string, Module>> {
  const { modules } = await import('../modules/index.ts')
  const { byName, foreign } = await import('../modules/shared/foreign.ts')
  return byName([...foreign, ...modules])
}

/** Where Ansible looks for roles and collections when nobody says. */
const usual = (kind: 'roles' | 'collections'): string[] => [
  ...[join(homedir(), '.ansible', kind), `/usr/share/ansible/${kind}`],
  ...(kind === 'roles' ? ['/etc/ansible/roles'] : []),
]

/** What reading playbooks needs. */
export async function contextOf(
  config: Config,
  vaults: Pick<Vaults, 'file'> | undefined,
  extraVars?: VarMap,
): Promise<ParseContext> {
  const { rolesPath, collectionsPath } = config
  return parseContext(await moduleMap(), {
    rolePaths: rolesPath.length > 0 ? rolesPath : usual('roles'),
    collectionPaths: collectionsPath.length > 0 ? collectionsPath : usual('collections'),
    ...(vaults && { decrypt: vaults.file }),
    ...(extraVars && { extraVars }),
    defaults: playDefaults(config),
    privateRoles: config.privateRoleVars,
  })
}

/** Refuses files that are not there, all of them at once, with a status of their own. */
export function mustExist(files: readonly string[], what: string): void {
  const faults: Diagnostic[] = files
    .filter(file => !existsSync(file))
    .map(file => ({
      code: 'file-missing',
      severity: 'error',
      message: `there is no ${what} ${file}`,
      remedy: `give the path of a file; this was looked for from ${process.cwd()}`,
    }))
  if (faults.length > 0) throw new InputError(faults, EXIT.missing)
}

/** Read when no other inventory is named. */
const USUAL_INVENTORY = '/etc/ansible/hosts'

const NO_INVENTORY: Diagnostic = {
  code: 'inventory-none',
  severity: 'warning',
  message: 'no inventory was given: only localhost is known',
  remedy: 'give one with -i, or write it into ansible.cfg',
}

/** The hosts and groups of all sources, with what is wrong with them. */
export async function inventoryOf(
  {
    inventory,
    ignored,
    unread,
    judgeNames,
    merges,
    safeNames,
    withoutIsFine,
  }: Pick<
    InventoryOptions,
    'inventory' | 'ignored' | 'unread' | 'judgeNames' | 'merges' | 'safeNames' | 'withoutIsFine'
  >,
  signal: AbortSignal,
  more: LoadContext = {},
): Promise<{ inventory: Inventory; faults: readonly Diagnostic[] }> {
  const { loadInventory } = await import('../inventory/load.ts')
  const how = { ...(unread && { unread }), ...(judgeNames && { judgeNames }), ...{ merges, safeNames } }
  const sources = inventory.length === 0 && existsSync(USUAL_INVENTORY) ? [USUAL_INVENTORY] : inventory
  const loaded = await loadInventory(sources, { signal, ...(ignored && { ignored }), ...how, ...more })
  return sources.length > 0 || withoutIsFine ? loaded : { ...loaded, faults: [NO_INVENTORY, ...loaded.faults] }
}

/** What a run is asked to do, passwords included. */
export interface Job extends InventoryOptions, ConnectionOptions, TaskOptions {
  readonly playbooks: readonly string[]
  /** Plays that stand in no file, run in place of playbooks: their text, and the folder in which it counts as written. */
  readonly plays?: { readonly text: string; readonly dir: string }
  readonly config: Config
  /** The ansible.cfg that was read. */
  readonly configFile?: string
  readonly diff: boolean
  readonly verbose: number
  readonly password?: Secret
  readonly becomePassword?: Secret
  readonly vaults?: Vaults
  /** Asks whoever sits at the terminal, when there is one. */
  readonly ask?: NonNullable<Ports['ask']>
  readonly pause?: NonNullable<Ports['pause']>
}

/** Runs playbooks with the real things; faults of input are thrown as `InputError` before any host is touched. */
export async function perform(job: Job, emit: Emit, signal: AbortSignal): Promise<Omit<Ending, 'detailed' | 'signal'>> {
  const { checkTree } = await import('../playbook/check.ts')
  const { parsePlaybook, parsePlays } = await import('../playbook/parse.ts')
  const { parseExtraVars } = await import('../vars/extra.ts')
  const { VariableStore } = await import('../vars/store.ts')
  const { VarsDirectory } = await import('../inventory/adjacent.ts')
  const { runPlaybooks } = await import('../run/run.ts')
  const { vaults } = job
  const extra = parseExtraVars(job.extraVars, vaults?.file, job.merges)
  const context = await contextOf(job.config, vaults, extra.vars)
  const opening = vaults && { openVault: vaults.file }
  const { inventory, faults } = await inventoryOf(job, signal, { extraVars: extra.vars, ...opening })
  const found = [...faults, ...extra.faults]
  const playbooks: Playbook[] = []
  const reads = job.plays
    ? [parsePlays(job.plays.text, join(job.plays.dir, COMMAND_LINE), context)]
    : job.playbooks.map(file => parsePlaybook(file, context))
  for (const [index, { playbook, faults: wrong }] of reads.entries()) {
    found.push(...wrong)
    if (!playbook) continue
    found.push(...lenient(checkTree(playbook, context, index === 0), job.config))
    playbooks.push(playbook)
  }
  refuseFaults(twofold(found, job.config).map(placed), emit)
  const chosen = job.startAtTask === undefined ? playbooks : fromTask(playbooks, job.startAtTask, job)
  const playbookDir = job.plays?.dir ?? dirname(resolve(job.playbooks[0] ?? '.'))
  const facts = factCache(job.config)
  // The localhost that no inventory names has facts, too
  if (job.flushCache) for (const host of new Set(['localhost', ...inventory.hosts.keys()])) facts?.forget(host)
  const varsIn = (dir: string) => new VarsDirectory(dir, vaults?.file, undefined, job.merges)
  const store = new VariableStore({
    inventory,
    ...(facts && { facts }),
    extraVars: extra.vars,
    playbookVars: varsIn(playbookDir),
    playbookVarsIn: varsIn,
    options: {
      ...(vaults && { openVault: vaults.value }),
      setting: settingOf(job.config),
      warn: once(message => emit({ type: 'warning', msg: message })),
      anyCondition: job.config.allowBrokenConditionals,
    },
    run: {
      playbookDir,
      version: version(),
      managed: job.config.ansibleManaged,
      checkMode: job.check,
      diffMode: job.diff,
      verbosity: job.verbose,
      forks: job.forks,
      runTags: job.tags,
      skipTags: job.skipTags,
      inventorySources: job.inventory,
      ...(job.configFile === undefined ? {} : { configFile: job.configFile }),
      ...(job.limit === undefined ? {} : { limit: job.limit }),
    },
  })
  const refresh = async (): Promise<void> =>
    inventory.replace((await inventoryOf(job, signal, { extraVars: extra.vars, ...opening })).inventory)
  // Whatever is wrong with kept facts is told before a host is touched
  if (facts) for (const host of inventory.hosts.keys()) store.factsOf(host)
  const hostless = faults.find(({ code }) => code === 'inventory-empty')
  const result = await runPlaybooks(
    {
      ...{ playbooks: chosen, inventory, store, parse: context, options: runOptions(job), refresh },
      ...(hostless && { hostless }),
    },
    await ports(job),
    emit,
    signal,
  )
  return { ...result, check: job.check }
}

/** Stands for the file of plays that come from the command line. */
const COMMAND_LINE = '<command line>'

/** Places in what we wrote ourselves tell nobody anything. */
const placed = ({ span, ...fault }: Diagnostic): Diagnostic =>
  span === undefined || span.file.endsWith(COMMAND_LINE) ? fault : { ...fault, span }

/** What the settings say of keys that stand twice. */
export const twofold = (faults: readonly Diagnostic[], { duplicateKeys }: Config): Diagnostic[] =>
  faults.flatMap(fault =>
    fault.code !== 'yaml-duplicate-key' || duplicateKeys === 'warn'
      ? fault
      : duplicateKeys === 'error'
        ? { ...fault, severity: 'error' }
        : [],
  )

/** A notification that no handler answers is worth a word only, where the settings say so. */
export const lenient = (faults: readonly Diagnostic[], { errorOnMissingHandler }: Config): Diagnostic[] =>
  faults.map(fault =>
    fault.code === 'handler-unknown' && !errorOnMissingHandler ? { ...fault, severity: 'warning' } : fault,
  )

/** Says each thing once. */
function once(say: (message: string) => void): (message: string) => void {
  const said = new Set<string>()
  return message => {
    if (said.has(message)) return
    said.add(message)
    say(message)
  }
}

/** Mistakes stop everything; what is only worth knowing is told. */
function refuseFaults(told: readonly Diagnostic[], emit: Emit): void {
  const found = distinct(told)
  const errors = found.filter(fault => fault.severity === 'error')
  const missing = errors.length > 0 && errors.every(fault => fault.code === 'source-missing')
  if (errors.length > 0) throw new InputError(found, missing ? EXIT.missing : EXIT.input)
  for (const fault of found) emit({ type: 'fault', fault })
}

/** Who we are to other runs that would change the same hosts. */
const claimant = (): Claimant => ({
  run: randomUUID(),
  who: `${userInfo().username}@${hostname()}, process ${process.pid}`,
})

/** The concrete things that the engine works with. */
async function ports({ ask, pause, vaults }: Job): Promise<Ports> {
  const { connect } = await import('../transport/connect.ts')
  const effects = await import('../effects/interpreter.ts')
  const modules = await moduleMap()
  const now = { clock: () => Date.now(), chance: Math.random }
  return {
    connect,
    modules,
    effects,
    claimant: claimant(),
    ...now,
    ...(ask && { ask }),
    ...(pause && { pause }),
    ...(vaults && { openContent: vaults.content }),
  }
}

const runOptions = (job: Job): RunOptions => ({
  check: job.check,
  diff: job.diff,
  forks: job.forks,
  verbose: job.verbose,
  tags: job.tags,
  skipTags: job.skipTags,
  forceHandlers: job.forceHandlers,
  step: job.step,
  smart: job.config.gathering === 'smart',
  ...(job.config.errorOnMissingHandler ? {} : { lostNotifications: 'warned' }),
  ...(job.config.hostPatternMismatch === undefined ? {} : { mismatch: job.config.hostPatternMismatch }),
  ...(job.limit === undefined ? {} : { limit: job.limit }),
  become: {
    become: job.become || undefined,
    user: job.becomeUser,
    method: job.becomeMethod,
    flags: job.becomeFlags,
    password: job.becomePassword,
  },
  connection: {
    connection: job.connection,
    user: job.user,
    port: job.port,
    password: job.password,
    keyFile: job.privateKey,
    hostKeyChecking: job.hostKeys,
    connectTimeout: job.timeout,
    sshArgs: job.sshArgs,
  },
})
