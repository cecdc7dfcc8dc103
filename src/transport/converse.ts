import { milliseconds } from '../base/timer.ts'
import type { Answer } from '../shell/answer.ts'
import type { TripDecoder } from '../shell/decoder.ts'
import { plain } from './plain.ts'
import { TransportError } from './session.ts'
import { type Ended, endedText, type Wire } from './wire.ts'

/** Milliseconds to wait for what was sent to begin, so that it can be ended: it may be on its way. */
const GRACE = 2000

/** How to listen to the reply of one trip. */
export interface Listening {
  readonly decoder: TripDecoder
  readonly signal: AbortSignal
  /** Seconds. */
  readonly timeout?: number
  /** For messages: `deploy@10.0.0.5:22`. */
  readonly where: string
  /** Called once, when the far shell has read the whole script and runs it. */
  readonly onBegun?: () => void
  /** Ends the process that runs the trip, with its family; answers why that could not be done, or null. */
  readonly endTree: (pid: number) => Promise<string | null>
}

/**
 * Waits for all replies of a trip that has been written to a wire. Rejects with TransportError `lost`, `timeout` or
 * `aborted`; in the latter two the far processes have been ended before it rejects.
 */
export const converse = (wire: Wire, listening: Listening): Promise<Answer[]> =>
  new Promise((resolve, reject) => new Conversation(wire, listening, resolve, reject).begin())

/** One trip, from its first word to its end. */
class Conversation {
  readonly #wire: Wire
  readonly #listening: Listening
  readonly #resolve: (answers: Answer[]) => void
  readonly #reject: (error: TransportError) => void
  #timer: NodeJS.Timeout | undefined
  #settled = false
  #begun = false
  #stopping = false
  /** Called when there is nothing to wait for any more: the trip has begun, or its wire has ended. */
  #onward = (): void => undefined

  constructor(
    wire: Wire,
    listening: Listening,
    resolve: (answers: Answer[]) => void,
    reject: (error: TransportError) => void,
  ) {
    this.#wire = wire
    this.#listening = listening
    this.#resolve = resolve
    this.#reject = reject
  }

  begin(): void {
    const { signal, timeout } = this.#listening
    if (timeout !== undefined)
      this.#timer = setTimeout(() => void this.#stop('timeout', `timed out after ${timeout} s`), milliseconds(timeout))
    this.#wire.stdout.on('data', this.#out)
    this.#wire.stderr.on('data', this.#err)
    this.#wire.ending.on(this.#onEnded)
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  readonly #out = (chunk: Buffer): void => {
    this.#listening.decoder.stdout(chunk)
    this.#heard()
  }

  readonly #err = (chunk: Buffer): void => {
    this.#listening.decoder.stderr(chunk)
    this.#heard()
  }

  #heard(): void {
    const { decoder, onBegun } = this.#listening
    if (!this.#begun && decoder.begun) {
      this.#begun = true
      if (!this.#stopping) onBegun?.()
      this.#onward()
    }
    if (decoder.done) this.#settle(() => this.#resolve(decoder.answers()))
  }

  #settle(how: () => void): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#timer)
    this.#listening.signal.removeEventListener('abort', this.#onAbort)
    this.#wire.ending.off(this.#onEnded)
    this.#wire.stdout.off('data', this.#out)
    this.#wire.stderr.off('data', this.#err)
    how()
  }

  readonly #onAbort = (): void => void this.#stop('aborted', 'stopped before the answer came')

  readonly #onEnded = (ended: Ended): void => {
    this.#onward()
    if (this.#stopping) return
    const { decoder, where } = this.#listening
    const said = plain(decoder.stray)
    const what = `${where} was lost before the answer came (${endedText(ended)}); what became of the command is unknown`
    this.#settle(() => this.#reject(new TransportError('lost', said === '' ? what : `${what}; it said: ${said}`)))
  }

  async #stop(kind: 'aborted' | 'timeout', what: string): Promise<void> {
    if (this.#settled || this.#stopping) return
    this.#stopping = true
    if (!this.#begun) await this.#beginning()
    const { decoder, endTree, where } = this.#listening
    const left = decoder.pid > 0 ? await endTree(decoder.pid) : null
    const tail = left === null ? '' : `; what it runs there could not be ended: ${left}`
    this.#settle(() => this.#reject(new TransportError(kind, `${what} on ${where}${tail}`)))
  }

  #beginning(): Promise<void> {
    return new Promise(resolve => {
      const late = setTimeout(resolve, GRACE)
      this.#onward = () => {
        clearTimeout(late)
        resolve()
      }
    })
  }
}
