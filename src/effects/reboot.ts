import { setTimeout as sleep } from 'node:timers/promises'
import { milliseconds } from '../base/timer.ts'
import { dict } from '../base/value.ts'
import type { Outcome, Reboot } from '../kit/effect.ts'
import type { Place } from '../transport/place.ts'
import { TransportError } from '../transport/session.ts'
import { failure, outcomeOf } from './outcome.ts'
import { type Reached, reach } from './reach.ts'

/** Seconds for the command: a machine that goes down at once may never answer it. */
const GOODBYE = 60
/** Seconds between two looks, at most. */
const PAUSE = 5

/** Starts a machine anew, and waits until it is another start and the machine is fit for work. */
export async function reboot(effect: Reboot, place: Place): Promise<Outcome> {
  if (place.session.spec.connection === 'local')
    return failure('Running reboot with local connection would reboot the control node.')
  const start = Date.now()
  const told = (rebooted: boolean) => ({
    fields: dict({ rebooted, elapsed: Math.floor((Date.now() - start) / 1000) }),
  })
  const ordered = await order(effect, place)
  if (ordered && ordered.code !== 0)
    return {
      ...ordered,
      failed: `Reboot command failed. Error was: '${ordered.stdout.trim()}, ${ordered.stderr.trim()}'`,
      ...told(false),
    }
  await pause(effect.delay, place)
  const { was, seconds } = effect
  const another = (seen: Reached) => 'code' in seen && seen.code === 0 && !['', was].includes(seen.stdout.trim())
  const fit = (seen: Reached) => 'code' in seen && seen.code === 0
  for (const [what, script, is] of [
    ['last boot time check', effect.boot, another],
    ['post-reboot test command', effect.test, fit],
  ] as const) {
    const trouble = await until(() => reach(script, place, seconds), is, effect.timeout, place)
    if (trouble !== undefined)
      return { ...failure(`Timed out waiting for ${what} (timeout=${effect.timeout})${trouble}`), ...told(true) }
  }
  return { code: 0, stdout: '', stderr: '', ...told(true) }
}

/** Gives the command. No answer is one, too: the machine is going down. */
async function order({ command, delay }: Reboot, place: Place): Promise<Outcome | undefined> {
  const late = AbortSignal.timeout((GOODBYE + delay) * 1000)
  try {
    const [answer] = await place.shell.trip([{ script: command }], { signal: AbortSignal.any([place.signal, late]) })
    return answer && outcomeOf(answer)
  } catch (error) {
    if (place.signal.aborted || !(error instanceof TransportError)) throw error
    return undefined
  }
}

const pause = (seconds: number, { signal }: Place): Promise<void> => sleep(milliseconds(seconds), undefined, { signal })

/** Looks again and again; when it was never so, what stood in the way at last. */
async function until(
  look: () => Promise<Reached>,
  is: (seen: Reached) => boolean,
  timeout: number,
  place: Place,
): Promise<string | undefined> {
  const end = Date.now() + timeout * 1000
  for (let tries = 0; ; tries++) {
    const seen = await look()
    if (is(seen)) return undefined
    if (Date.now() >= end) return 'trouble' in seen ? `: ${seen.trouble}` : ''
    await pause(Math.min(2 ** tries, PAUSE), place)
  }
}
