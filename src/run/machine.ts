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

/** Tells the other machines what became of files of the controller. */
export type Spread = (news: { from: Machine; touched: readonly Resource[]; pretended: boolean }) => void

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
  #changes = 0

  readonly #spread: Spread
  readonly #open = new Map<string, Shell>()

  constructor(name: string, session: Session, spread: Spread = () => undefined) {
    this.name = name
    this.session = session
    this.#spread = spread
  }

  /** The resident shell of an identity. */
  async shell(identity: Identity, signal: AbortSignal): Promise<Shell> {
    const shell = await this.session.shell(identity, signal)
    this.#open.set(identityKey(identity), shell)
    return shell
  }

  /** The shell of an identity if it was opened already. */
  opened(identity: Identity): Shell | undefined {
    return this.#open.get(identityKey(identity))
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

  /** Something was changed here: forgets every answer that may be untrue now. */
  touch(resources: readonly Resource[]): void {
    this.#changes += 1
    this.forget(resources)
    const shared = resources.filter(isController)
    if (shared.length > 0) this.#spread({ from: this, touched: shared, pretended: false })
  }

  forget(resources: readonly Resource[]): void {
    for (const [key, belief] of this.#beliefs) {
      if (belief.reads.some(read => resources.some(touched => overlaps(touched, read)))) this.#beliefs.delete(key)
    }
  }

  /** A dry run would have touched these. */
  pretend(resources: readonly Resource[]): void {
    this.pretended.push(...resources)
    const shared = resources.filter(isController)
    if (shared.length > 0) this.#spread({ from: this, touched: shared, pretended: true })
  }

  /** Whether an answer that reads these depends on something a dry run only pretended. */
  uncertain(reads: readonly Resource[]): boolean {
    return reads.some(read => this.pretended.some(touched => overlaps(touched, read)))
  }

  /** How often something was changed here in this run. */
  get changes(): number {
    return this.#changes
  }

  /** Everything that was seen may have changed: the machine was rebooted, or the play is over. */
  forgetAll(): void {
    this.#beliefs.clear()
  }
}

const isController = (resource: Resource): boolean => resource.startsWith('controller:')
