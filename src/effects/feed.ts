import type { Feed, Outcome } from '../kit/effect.ts'
import { join } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { outcomeOf } from './outcome.ts'
import { fileSource, pour, sizeOf } from './pour.ts'

/**
 * Streams a file of the controller into a command of the target. To the command a lost connection looks like end of
 * input, so what it made is proven by asking afterwards, never by its status alone.
 */
export async function feed(effect: Feed, place: Place): Promise<Outcome> {
  const size = await sizeOf(effect.file)
  if (typeof size !== 'number') return size
  const poured = await pour(
    join([place.environment, effect.script]),
    { what: effect.file, size, source: fileSource(effect.file) },
    place,
  )
  return 'broken' in poured ? poured.broken : outcomeOf(poured.answer)
}
