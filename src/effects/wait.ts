import { setTimeout as sleep } from 'node:timers/promises'
import { milliseconds } from '../base/timer.ts'
import { dict } from '../base/value.ts'
import type { Fields, Outcome, Wait } from '../kit/effect.ts'
import { sh } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { Unanswered } from '../transport/unanswered.ts'
import { dial, NoAnswer } from '../web/dial.ts'
import { failure } from './outcome.ts'
import { reach } from './reach.ts'

/** Seconds that one try to connect may take. */
const CONNECT = 5

/** What one look told: whether it is so, and what stood in the way of telling. */
interface Seen {
  readonly holds: boolean
  readonly trouble?: string
  readonly fields?: Fields
}

/** Bytes of a file in which a text is looked for; a longer one does not answer. */
const KEPT = 32 * 1024 * 1024

/** Waits until something is true of the target or its network, looking every `sleep` seconds until `timeout`. */
export async function wait(effect: Wait, place: Place): Promise<Outcome> {
  const { until, timeout, message } = effect
  const start = Date.now()
  const elapsed = (): number => Math.floor((Date.now() - start) / 1000)
  const fields = (more: Fields = {}) => ({ fields: dict({ elapsed: elapsed(), ...more }) })
  const pause = (seconds: number): Promise<void> => sleep(milliseconds(seconds), undefined, { signal: place.signal })
  await pause(effect.delay)
  const read: { last?: string } = {}
  for (;;) {
    const idle = 'nothing' in until
    // A wait for nothing lasts its time after the delay; all others have the delay in theirs.
    const left = timeout - elapsed() + (idle ? effect.delay : 0)
    const seen = idle ? { holds: left <= 0 } : await look(effect, left, place, read)
    if (seen.holds) return { code: 0, stdout: '', stderr: '', ...fields('fields' in seen ? seen.fields : {}) }
    if (elapsed() >= timeout && !idle) {
      const trouble = 'trouble' in seen ? ` (${seen.trouble})` : ''
      return { ...failure(message ?? `Timeout when waiting for ${subject(until)}${trouble}`), ...fields() }
    }
    await pause(effect.sleep)
  }
}

const subject = (until: Wait['until']): string => {
  if ('port' in until) return `${until.host}:${until.port}${until.state === 'started' ? '' : ' to stop.'}`
  if ('path' in until) {
    if (until.state === 'absent') return `${until.path} to be absent.`
    return until.search ? `search string ${until.search.pattern} in ${until.path}` : `file ${until.path}`
  }
  return 'connection'
}

async function look(
  { until, connectTimeout = CONNECT }: Wait,
  left: number,
  place: Place,
  read: { last?: string },
): Promise<Seen> {
  if ('port' in until) {
    const seconds = Math.min(connectTimeout, Math.max(left, 1))
    return { holds: (until.state === 'started') === (await listens(until.host, until.port, seconds, place)) }
  }
  if ('path' in until) return fileHolds(until, place, read)
  const seen = await reach(sh`:`, place, connectTimeout)
  return 'trouble' in seen ? { holds: false, trouble: seen.trouble } : { holds: seen.code === 0 }
}

/** Whether something listens, seen from the target. A target that is lost itself is an error. */
async function listens(host: string, port: number, seconds: number, place: Place): Promise<boolean> {
  try {
    const socket = await dial((...to) => place.session.connect(...to), host, port, seconds, place.signal)
    socket.on('error', () => undefined)
    socket.destroy()
    return true
  } catch (error) {
    if (error instanceof Unanswered || error instanceof NoAnswer) return false
    throw error
  }
}

/** @param read the state in which the file was read last: what did not change is not read again */
async function fileHolds(
  until: Extract<Wait['until'], { path: string }>,
  place: Place,
  read: { last?: string },
): Promise<Seen> {
  const { path, state, search } = until
  const there = sh`[ -e ${path} ]`
  const script =
    search === undefined
      ? there
      : sh`${there} || exit 1; s=$(stat -L -c '%s %z' -- ${path}) || exit 2; [ "$s" != ${read.last ?? ''} ] || exit 1; printf '%s\\n' "$s"; cat -- ${path} || exit 2`
  const [answer] = await place.shell.trip([{ script, keep: KEPT }], { signal: place.signal })
  if (!answer) throw new Error('a trip of one fragment came back empty')
  if (answer.code !== 0 && answer.code !== 1) return { holds: false, trouble: answer.stderr.trim() }
  if (search === undefined || !answer.ok) return { holds: answer.ok === (state === 'present') }
  const line = answer.stdout.indexOf('\n')
  read.last = answer.stdout.slice(0, line)
  const fields = search.find(answer.stdout.slice(line + 1))
  return fields === null ? { holds: state === 'absent' } : { holds: state === 'present', fields }
}
