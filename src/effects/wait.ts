import { setTimeout as sleep } from 'node:timers/promises'
import { dict } from '../base/value.ts'
import type { Outcome, Wait } from '../kit/effect.ts'
import { sh } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { TransportError } from '../transport/session.ts'
import { failure } from './outcome.ts'

/** Waits until something is true of the target or its network, looking every `sleep` seconds until `timeout`. */
export async function wait(effect: Wait, place: Place): Promise<Outcome> {
  const start = Date.now()
  const elapsed = (): number => Math.floor((Date.now() - start) / 1000)
  await sleep(effect.delay * 1000, undefined, { signal: place.signal })
  for (;;) {
    if (!('nothing' in effect.until) && (await holds(effect.until, place)))
      return { code: 0, stdout: '', stderr: '', fields: dict({ elapsed: elapsed() }) }
    if (elapsed() >= effect.timeout) {
      if ('nothing' in effect.until) return { code: 0, stdout: '', stderr: '', fields: dict({ elapsed: elapsed() }) }
      return {
        ...failure(effect.message ?? `Timeout when waiting for ${subject(effect.until)}`),
        fields: dict({ elapsed: elapsed() }),
      }
    }
    await sleep(effect.sleep * 1000, undefined, { signal: place.signal })
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

async function holds(until: Wait['until'], place: Place): Promise<boolean> {
  if ('port' in until) return (until.state === 'started') === (await open(until.host, until.port, place))
  if ('path' in until) return fileHolds(until, place)
  return 'connection' in until && reachable(place)
}

/** Whether something listens, seen from the target; only a lost session is an error here. */
async function open(host: string, port: number, place: Place): Promise<boolean> {
  try {
    const socket = await place.session.connect(host, port, place.signal)
    socket.on('error', () => undefined)
    socket.destroy()
    return true
  } catch (error) {
    if (place.signal.aborted || (error instanceof TransportError && error.kind === 'lost')) throw error
    return false
  }
}

async function fileHolds(until: Extract<Wait['until'], { path: string }>, place: Place): Promise<boolean> {
  const present = until.state === 'present'
  const script =
    until.search === undefined ? sh`[ -e ${until.path} ]` : sh`grep -Eq -e ${until.search} -- ${until.path}`
  const [answer] = await place.shell.trip([{ script }], { signal: place.signal })
  return answer?.ok === present
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
