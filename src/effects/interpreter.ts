import type { Effect, Outcome } from '../kit/effect.ts'
import type { Answer } from '../shell/answer.ts'
import type { Script } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import type { Fragment } from '../transport/session.ts'
import { feed } from './feed.ts'
import { http } from './http.ts'
import { issue } from './issue.ts'
import { mirror } from './mirror.ts'
import { outcomeOf, spoken } from './outcome.ts'
import { populate } from './populate.ts'
import { put, putFragment, putOutcome } from './put.ts'
import { reboot } from './reboot.ts'
import { retrieve } from './retrieve.ts'
import { run, runFragment } from './run.ts'
import { unpack } from './unpack.ts'
import { wait } from './wait.ts'

/** The effect as a piece of a trip, when it is shell text and small; null when it needs a way of its own. */
export function inline(effect: Effect, environment: Script): Fragment | null {
  if (effect.kind === 'run')
    return effect.timeout === undefined && effect.leaves === undefined ? runFragment(effect, environment) : null
  if (effect.kind === 'put') return putFragment(effect)
  return null
}

/** What the answer to an inlined effect amounts to. */
export function read(effect: Effect, answer: Answer): Outcome {
  if (effect.kind === 'put') return putOutcome(effect, answer)
  return effect.kind === 'run' ? spoken(effect, answer) : outcomeOf(answer)
}

type Makers = {
  readonly [K in Effect['kind']]: (effect: Extract<Effect, { kind: K }>, place: Place) => Promise<Outcome>
}

/** The one place where every kind of touching the world is told apart. */
const MAKERS: Makers = { run, feed, put, retrieve, unpack, mirror, populate, issue, http, wait, reboot }

/** Makes an effect. */
export const apply = (effect: Effect, place: Place): Promise<Outcome> =>
  (MAKERS[effect.kind] as (effect: Effect, place: Place) => Promise<Outcome>)(effect, place)
