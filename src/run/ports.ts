import type { Dict } from '../base/value.ts'
import type { Effect, Outcome } from '../kit/effect.ts'
import type { Module } from '../kit/module.ts'
import type { Answer } from '../shell/answer.ts'
import type { Claimant } from '../shell/lock.ts'
import type { Script } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import type { Connect, Fragment } from '../transport/session.ts'
import type { OpenContent } from './files.ts'

/** The one interpreter of effects, handed in by the command line: the engine imports no effect. */
export interface Interpreter {
  /** The effect as a piece of the trip that guards and proves it, when it is shell text and small; else null. */
  inline(effect: Effect, environment: Script): Fragment | null
  /** What the answer to an inlined effect amounts to. */
  read(effect: Effect, answer: Answer): Outcome
  /** Makes an effect that needs a channel of its own, the network or the controller's files. */
  apply(effect: Effect, place: Place): Promise<Outcome>
}

/** All concrete things that the engine works with, in one record. */
export interface Ports {
  readonly connect: Connect
  readonly modules: ReadonlyMap<string, Module>
  /** Opens files of the controller where they are vaulted. */
  readonly openContent?: OpenContent
  readonly effects: Interpreter
  /** This run, for the locks of its targets. */
  readonly claimant: Claimant
  /** Milliseconds, for durations in events. */
  readonly clock: () => number
  /** A number from 0 up to 1, by chance. */
  readonly chance: () => number
  /** Asks whoever sits at the terminal; what is not shown while it is typed is masked from then on. Absent without a terminal. */
  readonly ask?: (question: string, shown: boolean, signal: AbortSignal) => Promise<string>
  /** Waits at the terminal. Absent without one. */
  readonly pause?: (how: Pause, signal: AbortSignal) => Promise<Paused>
}

/** A wait at the terminal. */
export interface Pause {
  /** Its end; without it a line that is typed ends it. */
  readonly seconds?: number
  /** Whether what is typed is shown. */
  readonly shown: boolean
  /** Says what is waited for, once the terminal takes keys. */
  readonly tell: () => void
}

/** How a wait at the terminal ended. */
export interface Paused {
  readonly typed: string
  /** Somebody wants to go no further. */
  readonly aborted: boolean
}

/** How a task ended on a host, before `changed_when`, `failed_when` and `ignore_errors` have their say. */
export interface Result {
  readonly changed: boolean
  readonly failed?: string
  readonly remedy?: string
  /** `file:line:col` of the text that failed. It is no part of `msg`, which playbooks compare. */
  readonly origin?: string
  readonly skipped?: string
  readonly unreachable?: boolean
  /** It failed or was not reached, and the task lets the host go on. */
  readonly ignored?: boolean
  /** Name of the host that did it, where it was delegated. */
  readonly delegate?: string
  /** Its `ansible_host`, when that says something else than its name. */
  readonly delegateAddress?: string
  /** The fields are all that is registered, `failed` is not added: the task did not come to its module. */
  readonly bare?: boolean
  /** What `register` gets. */
  readonly fields: Dict
  readonly diff: readonly DiffLine[]
}

/** A line of the diff, as events carry it. */
export interface DiffLine {
  readonly what: string
  readonly from: string
  readonly to: string
  readonly texts?: { readonly before: string; readonly after: string }
}
