import type { Dict } from '../base/value.ts'
import type { Effect, Outcome } from '../kit/effect.ts'
import type { Module } from '../kit/module.ts'
import type { Answer } from '../shell/answer.ts'
import type { Claimant } from '../shell/lock.ts'
import type { Script } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import type { Connect, Fragment } from '../transport/session.ts'

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
  readonly effects: Interpreter
  /** This run, for the locks of its targets. */
  readonly claimant: Claimant
  /** Milliseconds, for durations in events. */
  readonly clock: () => number
}

/** How a task ended on a host, before `changed_when`, `failed_when` and `ignore_errors` have their say. */
export interface Result {
  readonly changed: boolean
  readonly failed?: string
  readonly remedy?: string
  readonly skipped?: string
  readonly unreachable?: boolean
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
