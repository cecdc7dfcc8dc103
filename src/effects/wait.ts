import { setTimeout as sleep } from 'node:timers/promises'
import { dict } from '../base/value.ts'
import type { Outcome, Wait } from '../kit/effect.ts'
import { sh } from '../shell/script.ts'
import { milliseconds } from '../transport/limit.ts'
import type { Place } from '../transport/place.ts'
import { TransportError } from '../transport/session.ts'
import { Unanswered } from '../transport/unanswered.ts'
import { dial } from './dial.ts'
import { failure } from './outcome.ts'

/** Seconds that one try to connect may take. */
const CONNECT = 5

/** What one look told: whether it is so, and what stood in the way of telling. */
interface Seen {
  readonly holds: boolean
  readonly trouble?: string
}

/** Waits until something is true of the target or its network, looking every `sleep` seconds until `timeout`. */
export async function wait(effect: Wait, place: Place): Promise<Outcome> {
  const { until, timeout, message } = effect
  const start = Date.now()
  const elapsed = (): number => Math.floor((Date.now() - start) / 1000)
  const fields = () => ({ fields: dict({ elapsed: elapsed() }) })
  const pause = (seconds: number): Promise<void> => sleep(milliseconds(seconds), undefined, { signal: place.signal })
  await pause(effect.delay)
  for (;;) {
    const left = timeout - elapsed()
    const idle = 'nothing' in until
    const seen = idle ? { holds: left <= 0 } : await look(effect, left, place)
    if (seen.holds) return { code: 0, stdout: '', stderr: '', ...fields() }
    if (elapsed() >= timeout && !idle) {
      const trouble = 'trouble' in seen ? ` (${seen.trouble})` : ''
      return { ...failure(message ?? `Timeout when waiting for ${subject(until)}${trouble}`), ...fields() }
    }
    await pause(effect.sleep)
  }
}

const subject = (until: Wait['until']): string => {
  if ('port' in until) return `${until.host}:${until.port} to be ${until.state}`
  if ('path' in until)
    return until.search === undefined
      ? `file ${until.path} to be ${until.state}`
      : `search string ${until.search} in ${until.path}`
  return 'connection'
}

async function look({ until, connectTimeout = CONNECT }: Wait, left: number, place: Place): Promise<Seen> {
  if ('port' in until) {
    const seconds = Math.min(connectTimeout, Math.max(left, 1))
    return { holds: (until.state === 'started') === (await listens(until.host, until.port, seconds, place)) }
  }
  if ('path' in until) return fileHolds(until, place)
  return { holds: await reachable(place) }
}

/** Whether something listens, seen from the target. A target that is lost itself is an error. */
async function listens(host: string, port: number, seconds: number, place: Place): Promise<boolean> {
  try {
    const socket = await dial(host, port, seconds, place)
    socket.on('error', () => undefined)
    socket.destroy()
    return true
  } catch (error) {
    if (error instanceof Unanswered) return false
    throw error
  }
}

async function fileHolds(until: Extract<Wait['until'], { path: string }>, place: Place): Promise<Seen> {
  const present = until.state === 'present'
  const there = sh`[ -e ${until.path} ]`
  const script =
    until.search === undefined ? there : sh`${there} || exit 1; grep -Eq -e ${until.search} -- ${until.path}`
  const [answer] = await place.shell.trip([{ script }], { signal: place.signal })
  if (!answer) throw new Error('a trip of one fragment came back empty')
  // grep says 1 where there is no such text, and more where it could not look.
  if (answer.code !== 0 && answer.code !== 1) return { holds: false, trouble: answer.stderr.trim() }
  return { holds: answer.ok === present }
}

/** Whether the machine answers on a connection of its own, made anew. */
async function reachable(place: Place): Promise<boolean> {
  try {
    await place.session.reset()
    await place.session.shell(place.shell.identity, place.signal)
    return true
  } catch (error) {
    if (place.signal.aborted) throw error
    if (
      error instanceof TransportError &&
      (error.kind === 'unreachable' || error.kind === 'lost' || error.kind === 'timeout')
    )
      return false
    throw error
  }
}
