import { dict } from '../base/value.ts'
import type { Outcome, Run } from '../kit/effect.ts'
import { join } from '../shell/script.ts'
import { NOW, timesOf } from '../shell/stopwatch.ts'
import type { Place } from '../transport/place.ts'
import type { Fragment } from '../transport/session.ts'
import { spoken } from './outcome.ts'

/** The effect as a piece of a trip. */
export const runFragment = (effect: Run, environment: Place['environment']): Fragment => ({
  script: join([environment, effect.script]),
  ...(effect.stdin === undefined ? {} : { stdin: effect.stdin }),
})

/** Runs shell text on the target. A non-zero status is an outcome: what it means is for the module to say. */
export async function run(effect: Run, place: Place): Promise<Outcome> {
  const options = effect.timeout === undefined ? {} : { timeout: effect.timeout }
  if (effect.leaves !== undefined) await place.session.leave(effect.leaves)
  const work = runFragment(effect, place.environment)
  const trip = effect.timed ? [{ script: NOW }, work, { script: NOW }] : [work]
  const answers = await place.shell.trip(trip, { signal: place.signal, ...options })
  const answer = answers[effect.timed ? 1 : 0]
  if (!answer) throw new Error('a trip came back without the answer')
  const outcome = spoken(effect, answer)
  const times = effect.timed && timesOf(answers[0]?.stdout ?? '', answers[2]?.stdout ?? '')
  return times ? { ...outcome, fields: new Map([...(outcome.fields ?? []), ...dict(times)]) } : outcome
}
