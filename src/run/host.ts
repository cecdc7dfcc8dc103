import type { Task } from '../playbook/ast.ts'
import type { Speech } from './language.ts'

/** Counts of the recap, in Ansible's words. */
export interface Recap {
  ok: number
  changed: number
  unreachable: number
  failed: number
  skipped: number
  rescued: number
  ignored: number
}

/** What a run knows of one host: its counts, whether it is still in, and which handlers wait. */
export class HostState {
  readonly name: string
  readonly recap: Recap = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 }
  /** Out for the rest of the run. */
  failed = false
  unreachable = false
  /** Out of the plays after this one, though a rescue answered what failed: it is no failure of the run. */
  barred = false
  /** The machine was there, and refused the login or showed another key. */
  refused = false
  /** Out for the rest of the play (`meta: end_host`). */
  ended = false
  /** Notifications that no flush has answered yet, with the variables of who sent them. */
  readonly notified = new Map<string, Speech>()
  /** Handlers that a flush found and has not run yet, by task id. */
  readonly due = new Set<number>()
  /** How many of the play's strikes have reached this host. */
  struck = 0

  constructor(name: string) {
    this.name = name
  }

  get out(): boolean {
    return this.failed || this.unreachable || this.barred
  }
}

/** A task failed on a host and nobody ignored it: unwinds to the nearest rescue, like any exception. */
export class TaskFailed extends Error {
  /** No rescue mends it. */
  final = false
  readonly task: Task
  /** It is counted already, or it failed on another host, which this one fails with: it is neither counted nor told again. */
  readonly elsewhere: boolean

  constructor(task: Task, elsewhere = false) {
    super('a task failed')
    this.name = 'TaskFailed'
    this.task = task
    this.elsewhere = elsewhere
  }
}

/** The host leaves the play: it is lost (`unreachable`), or it was told to (`end_host`, `end_play`). No rescue catches it. */
export class HostLeaves extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'HostLeaves'
  }
}

/** The host is done with the role that it is in (`meta: end_role`), and goes on after it. */
export class RoleEnds extends Error {
  constructor() {
    super('end_role')
    this.name = 'RoleEnds'
  }
}
