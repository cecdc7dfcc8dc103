import { TransportError } from './session.ts'

/** Lets at most so many hold it at once; the others wait in line. */
export class Limit {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(size: number) {
    this.#free = size
  }

  /** Resolves with the way to give the place back; calling that twice does no harm. Rejects when the signal aborts first. */
  async take(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw new TransportError('aborted', 'stopped while waiting for a turn')
    if (this.#free > 0) this.#free -= 1
    else await this.#turn(signal)
    let held = true
    return () => {
      if (!held) return
      held = false
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', stop)
        resolve()
      }
      const stop = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1)
        reject(new TransportError('aborted', 'stopped while waiting for a turn'))
      }
      signal.addEventListener('abort', stop, { once: true })
      this.#waiting.push(go)
    })
  }
}

/** Waits so many milliseconds, or rejects when the signal aborts. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(new TransportError('aborted', 'stopped while waiting'))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
