import type { Emit } from '../base/event.ts'
import type { Inventory } from '../inventory/model.ts'
import type { Play, Playbook } from '../playbook/ast.ts'
import type { ParseContext } from '../playbook/context.ts'
import type { ConnectionDefaults } from '../vars/connection.ts'
import type { PlayFrame } from '../vars/frame.ts'
import type { BecomeSaid } from '../vars/identity.ts'
import type { VariableStore } from '../vars/store.ts'
import type { Clock } from './clock.ts'
import type { Fleet } from './fleet.ts'
import type { Forks } from './forks.ts'
import type { HostState } from './host.ts'
import type { Kept } from './kept.ts'
import type { LockedError, Locks } from './locks.ts'
import type { Foresight } from './look.ts'
import type { Ports } from './ports.ts'
import type { Placed } from './walk.ts'

/** How a run is to be made: what the command line says beside the playbooks. */
export interface RunOptions {
  readonly check: boolean
  readonly diff: boolean
  readonly forks: number
  readonly verbose: number
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly startAtTask?: string
  readonly forceHandlers: boolean
  readonly limit?: string
  readonly become: BecomeSaid
  readonly connection: ConnectionDefaults
}

/** What is to be run, and on what. */
export interface RunRequest {
  readonly playbooks: readonly Playbook[]
  readonly inventory: Inventory
  readonly store: VariableStore
  readonly parse: ParseContext
  readonly options: RunOptions
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
  /** `--start-at-task` has been reached. */
  started: boolean
}

/** What all hosts of a batch share. */
export interface PlayContext {
  readonly run: RunContext
  readonly play: Play
  readonly number: number
  readonly frame: PlayFrame
  readonly batch: readonly HostState[]
  readonly clock: Clock
  /** Tasks whose start has been told. */
  readonly told: Set<string>
  /** Results of `run_once` tasks, by moment. */
  readonly once: Map<string, Promise<unknown>>
  /** Roles that a host has run, by `host role`, for roles that run once. */
  readonly rolesDone: Set<string>
  readonly handlers: Placed[]
  /** Places of tasks with `throttle`, by task id. */
  readonly throttles: Map<number, Forks>
  /** What this play made or found true, for the closing look. */
  readonly kept: Kept[]
  /** Why the rest of the play is off for all hosts. */
  stop: string | undefined
}
