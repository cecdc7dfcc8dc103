import { isIP } from 'node:net'
import { dirname, resolve } from 'node:path'
import { dict, type Value } from '../base/value.ts'
import { isHostList } from '../inventory/host-list.ts'
import type { Group, Host, Inventory } from '../inventory/model.ts'
import type { Frame, RoleVars } from './frame.ts'
import type { Found, Layer } from './layer.ts'

/** What is the same for a whole run. */
export interface RunInfo {
  readonly playbookDir: string
  /** regplay's own version. */
  readonly version: string
  /** `ansible_managed`, when it is not the usual words. */
  readonly managed?: string
  readonly checkMode?: boolean
  readonly diffMode?: boolean
  readonly verbosity?: number
  readonly forks?: number
  readonly limit?: string
  readonly runTags?: readonly string[]
  readonly skipTags?: readonly string[]
  readonly inventorySources?: readonly string[]
  /** The file of settings that was read. */
  readonly configFile?: string
}

/** The version of Ansible whose language is spoken: what `ansible_version` tells roles that ask for a minimum. */
const SPOKEN = { major: 2, minor: 19, revision: 0 }

/** What a magic variable may need. */
export interface MagicContext {
  readonly run: RunInfo
  readonly inventory: Inventory
  readonly host: Host
  readonly frame: Frame
  /** Views that only the store can make. */
  hostvars(): Value
  vars(): Value
  /** The variables of the host that the task is delegated to, by its name. */
  delegated(): Value | undefined
  /** What the task's `environment` says, outermost first. */
  environment(): Value | undefined
}

type Maker = (context: MagicContext) => Value | undefined

const ownRole = ({ frame }: MagicContext): RoleVars | undefined => frame.roles?.at(-1)
const parents = ({ frame }: MagicContext): readonly RoleVars[] => (frame.roles ?? []).slice(0, -1).reverse()
const fullName = (role: RoleVars | undefined): string | undefined => role?.full ?? role?.name

/** The names of the play's roles: those that it names, or those that these need. */
const playRoles = ({ frame }: MagicContext, needed?: boolean): Value | undefined =>
  frame.play && [
    ...new Set(
      (frame.play.roles ?? []).flatMap(role =>
        needed === undefined || needed === (role.dependency ?? false) ? (fullName(role) ?? []) : [],
      ),
    ),
  ]

const parentsOf = (context: MagicContext, what: (role: RoleVars) => string): Value | undefined => {
  const found = parents(context)
  return found.length === 0 ? undefined : found.map(what)
}

/**
 * The magic variables, each made when it is asked for; undefined means that it does not exist here.
 * @see https://docs.ansible.com/ansible/latest/reference_appendices/special_variables.html
 */
const MAKERS: Readonly<Record<string, Maker>> = {
  inventory_hostname: ({ host }) => host.name,
  inventory_hostname_short: ({ host }) => shortName(host),
  inventory_file: ({ host }) => host.source ?? null,
  inventory_dir: ({ host }) => inventoryDir(host),
  group_names: ({ inventory, host }) => groupNames(inventory, host),
  groups: ({ inventory }) => groupsDict(inventory),
  hostvars: context => context.hostvars(),
  vars: context => context.vars(),
  ansible_delegated_vars: context => context.delegated(),
  environment: context => context.environment(),
  playbook_dir: ({ run, frame }) => frame.play?.dir ?? run.playbookDir,
  ansible_play_name: ({ frame }) => frame.play?.name,
  ansible_play_hosts: ({ frame }) => frame.play && [...frame.play.hosts],
  ansible_play_hosts_all: ({ frame }) => frame.play && [...frame.play.allHosts],
  ansible_play_batch: ({ frame }) => frame.play && [...frame.play.batch],
  play_hosts: ({ frame }) => frame.play && [...frame.play.batch],
  role_name: context => ownRole(context)?.name,
  ansible_role_name: context => fullName(ownRole(context)),
  role_path: context => ownRole(context)?.dir,
  role_names: context => playRoles(context, false),
  ansible_role_names: context => playRoles(context),
  ansible_play_role_names: context => playRoles(context, false),
  ansible_dependent_role_names: context => playRoles(context, true),
  ansible_parent_role_names: context => parentsOf(context, role => fullName(role) ?? ''),
  ansible_parent_role_paths: context => parentsOf(context, role => role.dir),
  ansible_collection_name: context => ownRole(context) && (ownRole(context)?.full?.replace(/\.[^.]*$/, '') ?? null),
  ansible_search_path: ({ frame }) => frame.searchPath && [...frame.searchPath],
  ansible_check_mode: ({ run }) => run.checkMode ?? false,
  ansible_diff_mode: ({ run }) => run.diffMode ?? false,
  ansible_verbosity: ({ run }) => run.verbosity ?? 0,
  ansible_forks: ({ run }) => run.forks ?? 5,
  ansible_limit: ({ run }) => run.limit,
  ansible_run_tags: ({ run }) => (run.runTags?.length ? [...run.runTags] : ['all']),
  ansible_skip_tags: ({ run }) => [...(run.skipTags ?? [])],
  ansible_inventory_sources: ({ run }) => (run.inventorySources ?? []).map(absolute),
  ansible_playbook_python: () => '/usr/bin/python3',
  ansible_config_file: ({ run }) => run.configFile ?? null,
  ansible_version: () => ansibleVersion(),
  regplay_version: ({ run }) => run.version,
}

/** Variables that nobody sets and nobody may set. */
export class MagicLayer implements Layer {
  readonly level = 'magic'
  readonly #context: MagicContext

  constructor(context: MagicContext) {
    this.#context = context
  }

  find(name: string): Found | undefined {
    const given = this.#context.frame.magic?.get(name)
    const value = given ?? (Object.hasOwn(MAKERS, name) ? MAKERS[name]?.(this.#context) : undefined)
    return value === undefined ? undefined : { level: 'magic', origin: 'magic', value }
  }

  *names(): Iterable<string> {
    for (const name of this.#context.frame.magic?.keys() ?? []) yield name
    for (const [name, make] of Object.entries(MAKERS)) if (this.#has(name, make)) yield name
  }

  /** Whether it exists, found out without making what may fail. */
  #has(name: string, make: Maker): boolean {
    const { frame } = this.#context
    if (name === 'hostvars' || name === 'vars') return true
    if (name === 'ansible_delegated_vars') return frame.delegateTo !== undefined
    if (name === 'environment') return frame.environment !== undefined
    return make(this.#context) !== undefined
  }
}

const absolute = (source: string): string => (isHostList(source) ? source : resolve(source))

/** An address has no first part that would be a name. */
const shortName = ({ name }: Host): string => (isIP(name) ? name : (name.split('.')[0] ?? name))

/** The directory of the source; of a host list there is none. */
const inventoryDir = ({ source }: Host): Value => (source === undefined || isHostList(source) ? null : dirname(source))

const groupNames = (inventory: Inventory, host: Host): Value[] =>
  inventory
    .chain(host)
    .filter((group: Group) => group !== inventory.all)
    .map(group => group.name)
    .sort()

const dicts = new WeakMap<Inventory, { generation: number; value: Value }>()

/** `groups`: host names by group, one dict for all scopes while membership does not change. */
function groupsDict(inventory: Inventory): Value {
  const known = dicts.get(inventory)
  if (known?.generation === inventory.generation) return known.value
  const value: Value = new Map(
    [...inventory.groups.values()].map(group => [group.name, inventory.members(group).map(host => host.name)]),
  )
  dicts.set(inventory, { generation: inventory.generation, value })
  return value
}

function ansibleVersion(): Value {
  const full = `${SPOKEN.major}.${SPOKEN.minor}.${SPOKEN.revision}`
  return dict({ string: full, full, ...SPOKEN })
}
