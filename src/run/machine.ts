import type { Resource } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import type { Identity, Session, Shell } from '../transport/session.ts'
import { overlaps } from './resources.ts'

/** One answer that is still believed. */
export interface Belief {
  readonly reads: readonly Resource[]
  /** The raw reply of a target question, or the value of a controller question. */
  readonly answer: Answer | { readonly value: unknown }
}

/** Equal identities share a shell and their beliefs. */
export const identityKey = (identity: Identity): string =>
  identity.become === 'none' ? '' : `${identity.become}:${identity.user}:${identity.flags ?? ''}`

/**
 * One machine for the length of a run: its session, and what has been seen there and not been touched since. Answers are
 * remembered by identity and question text, so equal questions of different tasks are asked once.
 */
export class Machine {
  readonly name: string
  readonly session: Session
  readonly #beliefs = new Map<string, Belief>()
  /** Resources that a dry run only pretended to change: what reads them cannot be known. */
  readonly pretended: Resource[] = []
  #changed = false

  constructor(name: string, session: Session) {
    this.name = name
    this.session = session
  }

  shell(identity: Identity, signal: AbortSignal): Promise<Shell> {
    return this.session.shell(identity, signal)
  }

  belief(key: string): Belief | undefined {
    return this.#beliefs.get(key)
  }

  believe(key: string, belief: Belief): void {
    this.#beliefs.set(key, belief)
  }

  doubt(key: string): void {
    this.#beliefs.delete(key)
  }

  /** Forgets every answer that a change to these resources may have made untrue. */
  touch(resources: readonly Resource[]): void {
    this.#changed = true
    for (const [key, belief] of this.#beliefs) {
      if (belief.reads.some(read => resources.some(touched => overlaps(touched, read)))) this.#beliefs.delete(key)
    }
  }

  /** A dry run would have touched these. */
  pretend(resources: readonly Resource[]): void {
    this.pretended.push(...resources)
  }

  /** Whether an answer that reads these depends on something a dry run only pretended. */
  uncertain(reads: readonly Resource[]): boolean {
    return reads.some(read => this.pretended.some(touched => overlaps(touched, read)))
  }

  /** Whether anything was changed here in this run. */
  get changed(): boolean {
    return this.#changed
  }

  /** Everything that was seen may have changed: the machine was rebooted, or the play is over. */
  forgetAll(): void {
    this.#beliefs.clear()
  }
}
