import type { Duplex } from 'node:stream'
import { milliseconds } from '../base/timer.ts'

/** Opens a TCP connection that starts at some machine. */
export type Connect = (host: string, port: number, signal: AbortSignal) => Promise<Duplex>

/** Nothing came within the time that was given. */
export class NoAnswer extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoAnswer'
  }
}

/** A TCP connection that is given up after so many seconds: a firewall that drops would take minutes. */
export const dial = (
  connect: Connect,
  host: string,
  port: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Duplex> =>
  within(seconds, signal, bound => connect(host, port, bound), `${host}:${port} did not answer within ${seconds} s`)

/** Work that is stopped after so many seconds; then this is said of it. */
export async function within<T>(
  seconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  said: string,
): Promise<T> {
  const patience = new AbortController()
  const stop = (): void => patience.abort()
  const late = setTimeout(stop, milliseconds(seconds))
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    return await work(patience.signal)
  } catch (error) {
    if (patience.signal.aborted && !signal.aborted) throw new NoAnswer(said)
    throw error
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', stop)
  }
}
