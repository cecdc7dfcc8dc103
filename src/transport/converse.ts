import type { Answer } from '../shell/answer.ts'
import type { TripDecoder } from '../shell/decoder.ts'
import { milliseconds } from './limit.ts'
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
export function converse(wire: Wire, listening: Listening): Promise<Answer[]> {
  const { decoder, signal, timeout, where, onBegun, endTree } = listening
  return new Promise((resolve, reject) => {
    let settled = false
    let begun = false
    const hear = (feed: (chunk: Buffer) => void) => (chunk: Buffer) => {
      feed(chunk)
      if (!begun && decoder.begun) {
        begun = true
        if (!stopping) onBegun?.()
        onward()
      }
      if (decoder.done) settle(() => resolve(decoder.answers()))
    }
    const out = hear(chunk => decoder.stdout(chunk))
    const err = hear(chunk => decoder.stderr(chunk))
    const settle = (how: () => void): void => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      wire.ending.off(onEnded)
      wire.stdout.off('data', out)
      wire.stderr.off('data', err)
      how()
    }
    const stop = async (kind: 'aborted' | 'timeout', what: string): Promise<void> => {
      if (settled || stopping) return
      stopping = true
      if (!begun) await beginning()
      const left = decoder.pid > 0 ? await endTree(decoder.pid) : null
      const tail = left === null ? '' : `; what it runs there could not be ended: ${left}`
      settle(() => reject(new TransportError(kind, `${what} on ${where}${tail}`)))
    }
    let stopping = false
    let onward = (): void => undefined
    const beginning = (): Promise<void> =>
      new Promise(resolve => {
        const late = setTimeout(resolve, GRACE)
        onward = () => {
          clearTimeout(late)
          resolve()
        }
      })
    const onAbort = (): void => void stop('aborted', 'stopped before the answer came')
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => void stop('timeout', `timed out after ${timeout} s`), milliseconds(timeout))
    wire.stdout.on('data', out)
    wire.stderr.on('data', err)
    const onEnded = (ended: Ended): void => {
      if (stopping) {
        onward()
        return
      }
      const said = plain(decoder.stray)
      const what = `${where} was lost before the answer came (${endedText(ended)}); what became of the command is unknown`
      settle(() => reject(new TransportError('lost', said === '' ? what : `${what}; it said: ${said}`)))
    }
    wire.ending.on(onEnded)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
