import type { Resource } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import type { Identity, Session, Shell } from '../transport/session.ts'
import { Aliases } from './aliases.ts'
import { overlaps } from './resources.ts'

/** One answer that is still believed. */
export interface Belief {
  readonly reads: readonly Resource[]
  /** The raw reply of a target question, or the value of a controller question. */
  readonly answer: Answer | { readonly value: unknown }
}

/** What a machine shares with the others of a run. */
export interface Neighbours {
  /** Tells those whom it concerns what became of a machine. */
  spread(news: { from: Machine; touched: readonly Resource[]; pretended: boolean }): void
  /** How often something outside of all plans may have changed the controller: a lookup ran a program. */
  readonly unseen: number
}

const ALONE: Neighbours = { spread: () => undefined, unseen: 0 }

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
  /** What it has several names for. */
  readonly aliases = new Aliases()
  /** Resources that a dry run only pretended to change: what reads them cannot be known. */
  readonly pretended: Resource[] = []
  #changes = 0

  readonly #neighbours: Neighbours
  /** As many of the unseen changes as the beliefs have outlived. */
  #unseen = 0
  #forgotten = 0
  readonly #open = new Map<string, Shell>()

  constructor(name: string, session: Session, neighbours: Neighbours = ALONE) {
    this.name = name
    this.session = session
    this.#neighbours = neighbours
  }

  /** Whether this machine is the controller, by whatever name. */
  get local(): boolean {
    return this.session.spec.connection === 'local'
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
    this.#catchUp()
    return this.#beliefs.get(key)
  }

  believe(key: string, belief: Belief): void {
    this.#catchUp()
    this.#beliefs.set(key, belief)
  }

  /** Grows whenever answers were forgotten: one that was asked for before that is not to be believed afterwards. */
  get forgotten(): number {
    this.#catchUp()
    return this.#forgotten
  }

  /** Whatever changed the controller unseen, its answers are forgotten once, when somebody asks for them. */
  #catchUp(): void {
    const { unseen } = this.#neighbours
    if (unseen === this.#unseen) return
    this.#unseen = unseen
    this.forget(this.local ? ['everything'] : [CONTROLLER])
  }

  doubt(key: string): void {
    this.#beliefs.delete(key)
  }

  /** Something was changed here: forgets every answer that may be untrue now. */
  touch(resources: readonly Resource[]): void {
    this.#changes += 1
    this.hear(this, resources)
    this.#neighbours.spread({ from: this, touched: resources, pretended: false })
  }

  /**
   * A machine was changed, this one or another: forgets what that says of files of the controller, and all of it where it is the same
   * machine or both are the controller.
   */
  hear(from: Machine, resources: readonly Resource[]): void {
    const files = resources.flatMap(resource => onController(resource, from.local))
    if (!this.local) this.forget(from === this ? resources : files)
    else this.forget([...(from.local ? resources : []), ...files, ...files.map(asPath)])
  }

  forget(resources: readonly Resource[]): void {
    if (resources.length === 0) return
    this.#forgotten += 1
    const files = resources.some(isPath)
    const elsewhere = resources.some(touched => this.aliases.many(touched))
    const spoilt = (read: Resource): boolean =>
      resources.some(touched => overlaps(touched, read)) ||
      (files && isPath(read) && (elsewhere || this.aliases.many(read)))
    for (const [key, { reads }] of this.#beliefs) if (reads.some(spoilt)) this.#beliefs.delete(key)
    this.aliases.forget(resources)
  }

  /** A dry run would have touched these. */
  pretend(resources: readonly Resource[]): void {
    this.pretended.push(...resources)
    this.#neighbours.spread({ from: this, touched: resources, pretended: true })
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
    this.#forgotten += 1
    this.#beliefs.clear()
    this.aliases.forget(['everything'])
  }
}

/** Every file of the controller. */
const CONTROLLER = 'controller:/'

const isPath = (resource: Resource): boolean => resource.startsWith('path:')

/** Whether a resource is of the controller, whoever changed it. */
export const isController = (resource: Resource): boolean => resource.startsWith('controller:')

/** What a touched resource means for files of the controller. */
function onController(resource: Resource, local: boolean): Resource[] {
  if (isController(resource)) return [resource]
  if (!local) return []
  if (resource === 'everything') return [CONTROLLER]
  return resource.startsWith('path:') ? [resource.replace('path:', 'controller:')] : []
}

const asPath = (resource: Resource): Resource => resource.replace('controller:', 'path:')
