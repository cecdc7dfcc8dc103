import type { Duplex } from 'node:stream'
import type { Answer } from '../shell/answer.ts'
import type { Script } from '../shell/script.ts'
import type { Proxies } from './host.ts'

/**
 * A part of the world that a question reads or an effect touches: `path:/etc/x` (covers what is under it), `unit:docker`,
 * `container:registry`, `image:registry:2`, `package:docker.io`, `user:ann`, `net:443`, `controller:/path`, or `everything`.
 */
export type Resource = string

/** Asked of the target's shell: text that only reads, and how to read the reply. */
export interface TargetQuestion<A> {
  readonly of: 'target'
  readonly script: Script
  readonly reads: readonly Resource[]
  /** Costs the target real work (hashing gigabytes): never asked ahead of time, and guarded by nothing. */
  readonly dear?: boolean
  /** Bytes of output to keep when the usual limit will not do. */
  readonly keep?: number
  /** The reply holds a secret: it is kept out of every trace. */
  readonly secret?: boolean
  /** Reads the reply. Throws `CouldNotTell` when the reply does not answer the question. */
  read(answer: Answer): A
}

/** Asked of the controller: local files, or the network as the target sees it. Only reads. */
export interface ControllerQuestion<A> {
  readonly of: 'controller'
  /** Equal keys are equal questions: asked once. */
  readonly key: string
  readonly reads: readonly Resource[]
  readonly dear?: boolean
  ask(on: Vantage): Promise<A>
}

export type Question<A> = TargetQuestion<A> | ControllerQuestion<A>

/** Where a controller question stands: it may open a connection as if from the target, and must stop when told to. */
export interface Vantage {
  readonly host: string
  /** It is this machine, without a connection. */
  readonly local?: boolean
  readonly signal: AbortSignal
  /**
   * A TCP connection that starts at the target (through SSH), or at this machine for local hosts. Throws CouldNotTell when
   * there is nobody.
   */
  connect(host: string, port: number, signal?: AbortSignal): Promise<Duplex>
  /** What leads from there to the web, by the environment of the shell and of the task; nothing when absent. */
  readonly proxies?: Proxies
  /**
   * The bytes of a file of the controller, opened where they are vaulted. Throws CouldNotTell when they cannot be. Absent
   * where there are no vaults: what is vaulted then stays so.
   */
  readonly unvault?: ((bytes: Buffer, path: string) => Buffer) | undefined
  /** Tells people how far a long look has come: bytes done and bytes in all. */
  progress(what: string, done: number, total: number): void
}

/** The answer of a question, by its type. */
export type AnswerOf<Q> = Q extends Question<infer A> ? A : never

/** A record of questions, as a module's `probe` returns it. */
export type Questions = Readonly<Record<string, Question<unknown>>>

/** The answers to a record of questions. */
export type Answers<Q extends Questions> = { readonly [K in keyof Q]: AnswerOf<Q[K]> }

/** "Could not tell" is not "not there": the reply did not answer the question, and this is why. */
export class CouldNotTell extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CouldNotTell'
  }
}

/** A question to the target from its script, what it reads, and how to read the reply. */
export const ask = <A>(
  script: Script,
  reads: readonly Resource[],
  read: (answer: Answer) => A,
  more: { readonly dear?: boolean; readonly secret?: boolean; readonly keep?: number } = {},
): TargetQuestion<A> => ({ of: 'target', script, reads, read, ...more })
