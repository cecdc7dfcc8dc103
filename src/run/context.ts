import type { Diagnostic } from '../base/diagnostic.ts'
import type { Emit } from '../base/event.ts'
import type { Value } from '../base/value.ts'
import type { Inventory } from '../inventory/model.ts'
import type { Play, Playbook } from '../playbook/ast.ts'
import type { ParseContext } from '../playbook/context.ts'
import type { Included } from '../playbook/parse.ts'
import type { ConnectionDefaults } from '../vars/connection.ts'
import type { PlayFrame, RoleVars } from '../vars/frame.ts'
import type { BecomeSaid } from '../vars/identity.ts'
import type { VariableStore } from '../vars/store.ts'
import type { Job } from './background.ts'
import type { Clock } from './clock.ts'
import type { Fleet } from './fleet.ts'
import type { Forks } from './forks.ts'
import type { Handlers } from './handlers.ts'
import type { HostState } from './host.ts'
import type { Kept } from './kept.ts'
import type { LockedError, Locks } from './locks.ts'
import type { Foresight } from './look.ts'
import type { Ports } from './ports.ts'
import type { RoleMemory } from './role-memory.ts'
import type { Steps } from './step.ts'

/** How a run is to be made: what the command line says beside the playbooks. */
export interface RunOptions {
  readonly check: boolean
  readonly diff: boolean
  readonly forks: number
  readonly verbose: number
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly forceHandlers: boolean
  /** A notification that no handler answers is worth a warning only. */
  readonly lostNotifications?: 'warned'
  /** Ask before each task; the terminal must be there (`Ports.ask`). */
  readonly step?: boolean
  /** Facts that are known are not gathered again. */
  readonly smart?: boolean
  /** What a pattern is that selects no host; without it, one with a name that nobody knows is an error. */
  readonly mismatch?: 'warning' | 'error' | 'ignore'
  readonly limit?: string
  readonly become: BecomeSaid
  readonly connection: ConnectionDefaults
}

/** What is to be run, and on what. */
export interface RunRequest {
  readonly playbooks: readonly Playbook[]
  readonly inventory: Inventory
  readonly store: VariableStore
  /** Reads the inventory anew (`meta: refresh_inventory`); the same object then holds what the sources say now. */
  readonly refresh?: () => Promise<void>
  readonly parse: ParseContext
  readonly options: RunOptions
  /** Why there are no hosts, where there are none: an error once no play finds one either. */
  readonly hostless?: Diagnostic
}

/** What all plays of a run share. */
export interface RunContext extends RunRequest {
  readonly ports: Ports
  readonly emit: Emit
  readonly signal: AbortSignal
  readonly fleet: Fleet
  readonly forks: Forks
  readonly ahead: Foresight
  /** Every host that a play has named, in the order of the inventory. */
  readonly hosts: Map<string, HostState>
  readonly locks: Locks
  /** Another run was found at work: nothing more is begun. */
  locked: LockedError | undefined
  /** Tasks that were left in the background, by their ids. */
  readonly jobs: Map<string, Job>
  /** What `set_stats` gathered: for the run as a whole under '', else by host. */
  readonly stats: Map<string, Map<string, Value>>
  /** What modules have warned of, by host. */
  readonly warned: Set<string>
  /** Asks before each task, with `--step`. */
  readonly steps: Steps | undefined
}

/** What all hosts of a batch share. */
export interface PlayContext {
  readonly run: RunContext
  readonly play: Play
  readonly number: number
  readonly frame: PlayFrame
  readonly batch: readonly HostState[]
  /** How many hosts the batch has with those that were lost before it. */
  readonly size: number
  readonly clock: Clock
  /** Hosts go on without each other: a `run_once` task is done by each. */
  readonly free: boolean
  /** Moments whose task was announced. */
  readonly told: Set<string>
  /** What one host does for all, by moment. */
  readonly once: Map<string, Promise<Shared>>
  /** What includes brought: read once for all hosts, so that all meet at the same tasks. */
  readonly brought: Map<string, Included>
  readonly roles: RoleMemory
  readonly handlers: Handlers
  /** Roles that were included for all to see (`public`): their variables are the play's. */
  readonly sharedRoles: Set<RoleVars>
  /** Places of tasks with `throttle`, by task id. */
  readonly throttles: Map<number, Forks>
  /** What this play made or found true, for the closing look. */
  readonly kept: Kept[]
  /** How often a failure has struck every host of the batch (`any_errors_fatal`, `run_once`, `max_fail_percentage`). */
  strikes: number
  /** Of each strike the block whose rescue takes it in, if any: it falls on those hosts only that are in there, too. */
  readonly rescuers: (string | undefined)[]
  /** The moment of the last of them: those who fail at the same task fail with it. */
  struckAt: string
  /** How often `meta: clear_host_errors` has forgiven what went wrong. */
  forgiven: number
  /** Why the rest of the play is off for all hosts. */
  stop: Stop | undefined
}

/** How a task went that one host did for all: then they go on, fail with it, or have met the end of the play. */
export type Shared = 'fine' | 'failed' | 'over'

/** `meta: end_batch` ends the batch, `end_play` the batches after it too; another run at work ends all. */
export type Stop = 'end_batch' | 'end_play' | 'locked'
