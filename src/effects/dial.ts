import type { Duplex } from 'node:stream'
import { milliseconds } from '../transport/limit.ts'
import type { Place } from '../transport/place.ts'
import { Unanswered } from '../transport/unanswered.ts'

/** A TCP connection that starts at the target, given up after so many seconds: a firewall that drops would take minutes. */
export async function dial(host: string, port: number, seconds: number, { session, signal }: Place): Promise<Duplex> {
  const patience = new AbortController()
  const stop = (): void => patience.abort()
  const late = setTimeout(stop, milliseconds(seconds))
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    return await session.connect(host, port, patience.signal)
  } catch (error) {
    if (patience.signal.aborted && !signal.aborted)
      throw new Unanswered(`${host}:${port} did not answer within ${seconds} s`)
    throw error
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', stop)
  }
}
