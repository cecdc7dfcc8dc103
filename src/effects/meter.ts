import { Transform } from 'node:stream'
import type { Place } from '../transport/place.ts'

/** Counts bytes as they pass, for the live view. */
export const meter = (what: string, total: number, place: Place): Transform => {
  let done = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length
      place.progress(what, done, total)
      next(null, chunk)
    },
  })
}
