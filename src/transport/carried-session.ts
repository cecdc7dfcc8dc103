import { setMaxListeners } from 'node:events'
import type { Duplex, Readable } from 'node:stream'
import type { Answer } from '../shell/answer.ts'
import { oneLine } from '../shell/bootstrap.ts'
import { TripDecoder } from '../shell/decoder.ts'
import { endTree } from '../shell/end-tree.ts'
import { encodeTrip, newMark } from '../shell/frames.ts'
import type { Script } from '../shell/script.ts'
import { enter, isSelf } from './become.ts'
import { receive, send } from './bulk.ts'
import { converse } from './converse.ts'
import { WrongPassword } from './refusals.ts'
import { ResidentShell, type ShellContext } from './resident.ts'
import {
  type ConnectionSpec,
  type Identity,
  type Session,
  type SessionStats,
  TransportError,
  type TripOptions,
} from './session.ts'
import type { Carrier } from './wire.ts'

/** Seconds that ending a process family may take, connection and all. */
const END_PATIENCE = 8

/** A session over any carrier: one resident shell an identity, payload on wires of its own. */
export class CarriedSession implements Session {
  readonly spec: ConnectionSpec
  readonly #carrier: Carrier
  readonly #context: ShellContext
  readonly #shells = new Map<string, Promise<ResidentShell>>()
  readonly #running = new Set<Promise<unknown>>()
  readonly #closing = new AbortController()
  #trips = 0

  constructor(spec: ConnectionSpec, carrier: Carrier) {
    this.spec = spec
    this.#carrier = carrier
    this.#context = {
      name: spec.name,
      carrier,
      count: () => {
        this.#trips += 1
      },
      during: (signal, work) => this.#during(signal, work),
      endTree: (identity, pid) => this.#endTree(identity, pid),
    }
  }

  async shell(identity: Identity, signal: AbortSignal): Promise<ResidentShell> {
    const key = this.#key(identity)
    for (;;) {
      try {
        return await (this.#shells.get(key) ?? this.#start(key, identity, signal))
      } catch (error) {
        // Who began to open it has given up: no reason for those who waited along.
        const theirs = error instanceof TransportError && error.kind === 'aborted'
        if (!theirs || signal.aborted || this.#closing.signal.aborted) throw error
      }
    }
  }

  #start(key: string, identity: Identity, signal: AbortSignal): Promise<ResidentShell> {
    const ready = new ResidentShell(identity, this.#context).ready(signal)
    this.#shells.set(key, ready)
    ready.catch(error => {
      // A wrong password is remembered: offering it again for every task would lock the account.
      if (!(error instanceof WrongPassword) && this.#shells.get(key) === ready) this.#shells.delete(key)
    })
    return ready
  }

  send(identity: Identity, script: Script, body: Readable, options: TripOptions): Promise<Answer> {
    return this.#during(options.signal, signal => send(this.#context, identity, script, body, { ...options, signal }))
  }

  receive(identity: Identity, script: Script, options: TripOptions): Promise<Readable> {
    return receive(this.#context, identity, script, options)
  }

  connect(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    return this.#during(signal, bound => this.#carrier.connect(host, port, bound))
  }

  async leave(user: string): Promise<void> {
    const open = await Promise.allSettled(this.#shells.values())
    await Promise.all(
      open.map(shell =>
        shell.status === 'fulfilled' && shell.value.identity.user === user && !this.#isLogin(shell.value.identity)
          ? shell.value.end()
          : undefined,
      ),
    )
  }

  async reset(): Promise<void> {
    for (const [key, shell] of this.#shells)
      await shell.then(
        open => open.close(),
        () => this.#shells.delete(key),
      )
    await this.#carrier.drop()
  }

  get stats(): SessionStats {
    const { handshakes, bytesSent, bytesReceived } = this.#carrier
    return { handshakes, trips: this.#trips, bytesSent, bytesReceived }
  }

  /** Ends what still runs, then the shells, then the connection. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled(this.#running)
    for (const shell of this.#shells.values()) await shell.then(open => open.close()).catch(() => undefined)
    this.#shells.clear()
    await this.#carrier.drop()
  }

  #isLogin(identity: Identity): boolean {
    return isSelf(identity, this.#carrier.user)
  }

  /** Equal identities share a shell; who is the login user already needs no other one. */
  #key(identity: Identity): string {
    if (this.#isLogin(identity)) return ''
    return [identity.become, identity.user, identity.flags ?? '', identity.password?.reveal() ?? ''].join('\0')
  }

  #during<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    // AbortSignal.any would do, but in Node 20 it keeps a reference for every trip as long as the run lives.
    const both = new AbortController()
    const stop = (): void => both.abort()
    const sources = [signal, this.#closing.signal]
    // One signal stops all hosts of a run: many listeners are no leak.
    setMaxListeners(0, ...sources, both.signal)
    for (const source of sources) source.addEventListener('abort', stop)
    if (sources.some(source => source.aborted)) stop()
    const running = work(both.signal)
    const forget = (): void => {
      this.#running.delete(running)
      for (const source of sources) source.removeEventListener('abort', stop)
    }
    this.#running.add(running)
    running.then(forget, forget)
    return running
  }

  async #endTree(identity: Identity, pid: number): Promise<string | null> {
    const { carrier, count } = this.#context
    const signal = AbortSignal.timeout(END_PATIENCE * 1000)
    try {
      const wire = await carrier.open('short', signal)
      try {
        await enter(wire, identity, carrier.user, carrier.where, signal)
        const mark = newMark()
        const decoder = new TripDecoder(mark, [{}])
        count()
        wire.stdin.write(oneLine(encodeTrip([{ script: endTree(pid) }], mark)))
        await converse(wire, { decoder, signal, where: carrier.where, endTree: async () => null })
        return null
      } finally {
        wire.close()
      }
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}
