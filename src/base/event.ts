import type { Diagnostic } from './diagnostic.ts'

/**
 * What a run says while it goes on: the whole of what a renderer knows, and, one JSON object a line, the output of `--json`.
 * Events inform and never steer. Everything in them is plain JSON data that may be shown to people: secrets are labels,
 * fields that begin with `_ansible_` are gone. Texts that came from a host are as the host said them: a renderer for a
 * terminal escapes them.
 */
export type Event =
  | RunStart
  | PlayStart
  | TaskStart
  | HostStart
  | ItemResult
  | HostResult
  | Retry
  | Included
  | Progress
  | Waiting
  | Notified
  | Meta
  | Drift
  | Warning
  | Fault
  | PlayEnd
  | Recap
  | CustomStats
  | Stats
  | RunEnd

/** Takes events in the order in which they happen. It must not throw and must not wait. */
export type Emit = (event: Event) => void

export interface RunStart {
  readonly type: 'run-start'
  readonly version: string
  readonly playbooks: readonly string[]
  /** A dry run. */
  readonly check: boolean
}

export interface PlayStart {
  readonly type: 'play-start'
  /** Position in the run, from 1. */
  readonly play: number
  /** Its name, else its host pattern. */
  readonly name: string
  /** Hosts of the play (of this batch, with `serial`), in order; none means that no host matched. */
  readonly hosts: readonly string[]
  /** Tasks that are known before it runs, handlers left out: for a bar of progress. */
  readonly tasks: number
  /** Its tasks only pretend, be it a dry run or not; where it is not said, as the run. */
  readonly check?: boolean
}

/** Which task an event belongs to; spread flat into the events, so that every line of JSON can be read on its own. */
export interface TaskRef {
  /** Number in document order; unique in a run, also for tasks that were included on the way. */
  readonly id: number
  /** `ROLE : NAME` or `NAME`; the action where there is no name. */
  readonly task: string
  /** Canonical short name of the module (`copy`). */
  readonly action: string
  /** `file:line`. */
  readonly path: string
}

/** Once a task and batch, before its first host. */
export interface TaskStart extends TaskRef {
  readonly type: 'task-start'
  readonly handler: boolean
  /** It only pretends, be it a dry run or not; where it is not said, as the run. */
  readonly check?: boolean
}

/** A host begins with a task. */
export interface HostStart extends TaskRef {
  readonly type: 'host-start'
  readonly host: string
}

export type Status = 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable'

/** A line of a diff; `texts` when whole texts are known, for a unified diff. The shape of an `Edit` without its effect. */
export interface Change {
  readonly what: string
  readonly from: string
  readonly to: string
  readonly texts?: { readonly before: string; readonly after: string }
}

/** What results of hosts and of items share. */
export interface Result extends TaskRef {
  readonly host: string
  readonly status: Status
  /** What the module returned, as `register` would hold it. */
  readonly result: Readonly<Record<string, unknown>>
  readonly diff?: readonly Change[]
  /** Why it failed, was skipped or could not be reached. */
  readonly msg?: string
  /** `file:line:col` of the text that failed. */
  readonly origin?: string
  /** What to do about it. */
  readonly remedy?: string
  /** Milliseconds. */
  readonly ms?: number
  /** Name of the host that did it, where it was delegated. */
  readonly delegate?: string
  /** Where that host is reached, where it is not by its name. */
  readonly delegateAddress?: string
}

/** One turn of a loop. */
export interface ItemResult extends Result {
  readonly type: 'item-result'
  readonly item: unknown
  /** How the item is shown: `loop_control.label`, else the item. */
  readonly label: string
}

/** A task is done on a host. Of a loop it comes after the results of the items, with `items` as their number. */
export interface HostResult extends Result {
  readonly type: 'host-result'
  /** It failed or was unreachable, and `ignore_errors` or `ignore_unreachable` lets the host go on. */
  readonly ignored?: boolean
  /** It failed inside a block whose `rescue` now runs. */
  readonly rescued?: boolean
  readonly items?: number
}

/** `until` is not true yet. */
export interface Retry extends TaskRef {
  readonly type: 'retry'
  readonly host: string
  readonly left: number
  readonly result: Readonly<Record<string, unknown>>
}

/** `include_tasks` or `include_role` brought more tasks for these hosts. */
export interface Included extends TaskRef {
  readonly type: 'included'
  readonly file: string
  readonly hosts: readonly string[]
  /** The item of the loop, as shown. */
  readonly label?: string
}

/** A long effect or look goes on; come as often as they like, renderers throttle. */
export interface Progress extends TaskRef {
  readonly type: 'progress'
  readonly host: string
  readonly what: string
  /** Bytes. */
  readonly done: number
  /** Bytes in all; null when nobody knows. */
  readonly total: number | null
}

export interface Notified extends TaskRef {
  readonly type: 'notified'
  readonly host: string
  readonly handler: string
}

/** A `meta` task was met. One that is for all hosts of the batch is told once, by the first of them. */
export interface Meta extends TaskRef {
  readonly type: 'meta'
  readonly host: string
  readonly handler: boolean
  /** What it says: `end_host`. */
  readonly word: string
  /** False where a condition kept it from being done. */
  readonly done: boolean
}

/** The closing look found that something this run had made or found true is not true any more. */
export interface Drift extends TaskRef {
  readonly type: 'drift'
  readonly host: string
  readonly diff: readonly Change[]
}

/** The run waits: for a time, or for somebody at the terminal. */
export interface Waiting extends TaskRef {
  readonly type: 'waiting'
  /** What whoever sits there is told. */
  readonly msg: string
  /** For how long; null when somebody is waited for. */
  readonly seconds: number | null
}

/** Worth knowing, and nobody's fault to stop for. */
export interface Warning {
  readonly type: 'warning'
  readonly msg: string
  readonly host?: string
}

/** A mistake in what people wrote. */
export interface Fault {
  readonly type: 'fault'
  readonly fault: Diagnostic
}

export interface PlayEnd {
  readonly type: 'play-end'
  readonly play: number
  /** It ended before its time, for hosts that had not failed themselves: `any_errors_fatal`, `max_fail_percentage`. */
  readonly stopped?: boolean
}

/** How many tasks ended how, as Ansible counts: `ok` includes `changed` and `ignored`. */
export interface Counts {
  readonly ok: number
  readonly changed: number
  readonly unreachable: number
  readonly failed: number
  readonly skipped: number
  readonly rescued: number
  readonly ignored: number
}

export interface Recap {
  readonly type: 'recap'
  readonly hosts: Readonly<Record<string, Counts>>
}

/** What `set_stats` gathered, when anything: for the run, and by host. */
export interface CustomStats {
  readonly type: 'custom-stats'
  readonly run: Readonly<Record<string, unknown>>
  readonly hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export interface HostStats {
  readonly handshakes: number
  readonly trips: number
  readonly bytesSent: number
  readonly bytesReceived: number
}

export interface Stats {
  readonly type: 'stats'
  readonly hosts: Readonly<Record<string, HostStats>>
}

/** The last event. */
export interface RunEnd {
  readonly type: 'run-end'
  readonly exit: number
  /** Results that were `changed`, over all hosts. */
  readonly changed: number
  /** Milliseconds. */
  readonly ms: number
}

/** One sink out of several. */
export const tee =
  (...sinks: readonly Emit[]): Emit =>
  event => {
    for (const sink of sinks) sink(event)
  }
