import type { Script } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { TransportError } from '../transport/session.ts'

/** Seconds that a new connection gets when nobody says otherwise, and that a question over it gets besides. */
const PATIENCE = 20

/** What a machine said on a connection of its own, or why there was none. */
export type Reached = { readonly stdout: string; readonly code: number | null } | { readonly trouble: string }

/**
 * Asks a machine on a connection made anew. One that starts or ends may refuse anything for a while; only a key that is not its own
 * is believed at once.
 * @param seconds that it may take to be there; a little more when absent
 */
export async function reach(script: Script, place: Place, seconds = PATIENCE): Promise<Reached> {
  const late = AbortSignal.timeout((seconds + PATIENCE) * 1000)
  const signal = AbortSignal.any([place.signal, late])
  try {
    await place.session.reset()
    const shell = await place.session.shell(
      place.shell.identity,
      AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]),
    )
    const [answer] = await shell.trip([{ script }], { signal })
    if (!answer) throw new Error('a trip of one fragment came back empty')
    return { stdout: answer.stdout, code: answer.code }
  } catch (error) {
    if (place.signal.aborted || !(error instanceof TransportError) || error.kind === 'hostkey') throw error
    return { trouble: error.message }
  }
}
