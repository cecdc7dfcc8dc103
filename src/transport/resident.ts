import type { HostInfo } from '../kit/host.ts'
import type { Answer } from '../shell/answer.ts'
import { BECOME_RESIDENT, oneLine } from '../shell/bootstrap.ts'
import { TripDecoder } from '../shell/decoder.ts'
import { encodeTrip, newMark } from '../shell/frames.ts'
import { type Entry, enter, isSelf } from './become.ts'
import { converse } from './converse.ts'
import { HELLO, prelude, readHello } from './hello.ts'
import { type Fragment, type Identity, type Shell, TransportError, type TripOptions } from './session.ts'
import type { Carrier, Ended, Wire } from './wire.ts'

/** A fresh shell has this long to say hello: a home directory may hang on the network. */
const HELLO_PATIENCE = 60
/** Seconds that a shell which is told to end may take. */
const END_PATIENCE = 5

/** What a shell needs of its session. */
export interface ShellContext {
  readonly name: string
  readonly carrier: Carrier
  /** Counts one awaited request. */
  count(): void
  /** Does work that the session's `close` stops and waits for. */
  during<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Ends a process and its family on the machine; answers why that could not be done, or null. */
  endTree(identity: Identity, pid: number): Promise<string | null>
}

/**
 * A shell that stays. It holds at most one wire; when that has died (a timeout ended it, the connection was lost or
 * reset), the next trip opens a new one. Trips go one after another.
 */
export class ResidentShell implements Shell {
  readonly identity: Identity
  readonly #context: ShellContext
  #open: Wire | null = null
  #info: HostInfo | null = null
  #last: Promise<unknown> = Promise.resolve()
  #lives = 0

  constructor(identity: Identity, context: ShellContext) {
    this.identity = identity
    this.#context = context
  }

  get info(): HostInfo {
    if (!this.#info) throw new Error('the shell has not said hello yet')
    return this.#info
  }

  get life(): number {
    return this.#open ? this.#lives : this.#lives + 1
  }

  /** Opens the shell unless it is open. */
  async ready(signal: AbortSignal): Promise<this> {
    await this.#queued(signal, async bound => void (await this.#wire(bound)))
    return this
  }

  trip(fragments: readonly Fragment[], options: TripOptions): Promise<readonly Answer[]> {
    if (fragments.length === 0) return Promise.resolve([])
    return this.#queued(options.signal, async signal => {
      const mark = newMark()
      const text = encodeTrip(fragments, mark)
      const wire = await this.#wire(signal)
      return this.#talk(wire, text, new TripDecoder(mark, fragments, options.onOutput), { ...options, signal })
    })
  }

  /** Ends the shell after the trips that are on their way, and waits until it is gone; the next trip opens another. */
  end(): Promise<void> {
    const gone = this.#last.then(async () => {
      const wire = this.#open
      if (!wire) return
      this.#open = null
      await new Promise<void>(resolve => {
        const late = setTimeout(resolve, END_PATIENCE * 1000)
        wire.ending.on(() => {
          clearTimeout(late)
          resolve()
        })
        wire.stdin.end()
      })
      wire.close()
    })
    this.#last = gone
    return gone
  }

  /** Lets go of the wire; the next trip opens another. */
  close(): void {
    this.#open?.close()
    this.#open = null
  }

  /** Runs after all that was asked before, whether that went well or not. */
  #queued<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { during, name } = this.#context
    const turn = this.#last.then(() =>
      during(signal, async bound => {
        if (bound.aborted) throw new TransportError('aborted', `stopped before anything was sent to ${name}`)
        return work(bound)
      }),
    )
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #talk(wire: Wire, text: string, decoder: TripDecoder, options: TripOptions): Promise<Answer[]> {
    const { carrier, count, endTree } = this.#context
    count()
    wire.stdin.write(text)
    const { signal, timeout } = options
    try {
      return await converse(wire, {
        decoder,
        signal,
        where: carrier.where,
        endTree: pid => endTree(this.identity, pid),
        ...(timeout === undefined ? {} : { timeout }),
      })
    } catch (error) {
      wire.close()
      if (this.#open === wire) this.#open = null
      throw error
    }
  }

  async #wire(signal: AbortSignal): Promise<Wire> {
    if (this.#open) return this.#open
    const { carrier, name } = this.#context
    const wire = await carrier.open('resident', signal)
    try {
      const entry = await enter(wire, this.identity, carrier.user, carrier.where, signal)
      const mark = newMark()
      const decoder = new TripDecoder(mark, [{}])
      const asked = Date.now() / 1000
      const moved = !isSelf(this.identity, carrier.user)
      const text = `${oneLine(BECOME_RESIDENT)}${prelude(moved)}${encodeTrip([{ script: HELLO }], mark)}`
      const [answer] = await this.#talk(wire, text, decoder, { signal, timeout: HELLO_PATIENCE }).catch(async error => {
        throw decoder.begun ? error : await firstWords(wire, error, decoder.stray, entry.explain)
      })
      if (!answer) throw new Error('a hello came back empty')
      this.#info = readHello(name, answer, asked, Date.now() / 1000)
    } catch (error) {
      wire.close()
      throw error
    }
    this.#open = wire
    this.#lives += 1
    wire.ending.on(() => {
      if (this.#open === wire) this.#open = null
    })
    return wire
  }
}

/** A wire that ended, or stayed silent, before it ran anything of ours: what it said instead is the reason. */
export async function firstWords(
  wire: Wire,
  error: unknown,
  said: string,
  explain: Entry['explain'],
): Promise<unknown> {
  if (!(error instanceof TransportError)) return error
  if (error.kind === 'timeout') return explain({ how: 'lost', why: `no answer within ${HELLO_PATIENCE} s` }, said)
  if (error.kind !== 'lost') return error
  return explain(await new Promise<Ended>(resolve => wire.ending.on(resolve)), said)
}
