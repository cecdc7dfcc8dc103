import type { Outcome, Run } from '../kit/effect.ts'
import { join } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import type { Fragment } from '../transport/session.ts'
import { outcomeOf } from './outcome.ts'

/** The effect as a piece of a trip. */
export const runFragment = (effect: Run, environment: Place['environment']): Fragment => ({
  script: join([environment, effect.script]),
  ...(effect.stdin === undefined ? {} : { stdin: effect.stdin }),
})

/** Runs shell text on the target. A non-zero status is an outcome: what it means is for the module to say. */
export async function run(effect: Run, place: Place): Promise<Outcome> {
  const options = effect.timeout === undefined ? {} : { timeout: effect.timeout }
  const [answer] = await place.shell.trip([runFragment(effect, place.environment)], {
    signal: place.signal,
    ...options,
  })
  if (!answer) throw new Error('a trip of one fragment came back empty')
  return outcomeOf(answer)
}
