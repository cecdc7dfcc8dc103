import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Feed, Outcome } from '../kit/effect.ts'
import { join } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { meter } from './meter.ts'
import { outcomeOf } from './outcome.ts'

/**
 * Streams a file of the controller into a command of the target. To the command a lost connection looks like end of
 * input, so what it made is proven by asking afterwards, never by its status alone.
 */
export async function feed(effect: Feed, place: Place): Promise<Outcome> {
  const { size } = await stat(effect.file)
  const source = createReadStream(effect.file, { highWaterMark: 256 * 1024 })
  const body = meter(effect.file, size, place)
  source.on('error', error => body.destroy(error))
  source.pipe(body)
  const answer = await place.session.send(place.shell.identity, join([place.environment, effect.script]), body, {
    signal: place.signal,
  })
  return outcomeOf(answer)
}
