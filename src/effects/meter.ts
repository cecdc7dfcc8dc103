import { Transform } from 'node:stream'
import type { Place } from '../transport/place.ts'

/** Counts bytes as they pass, for the live view and for whoever wants to know how many there were. */
export const meter = (what: string, total: number, place: Place, tell?: (done: number) => void): Transform => {
  let done = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length
      place.progress(what, done, total)
      tell?.(done)
      next(null, chunk)
    },
  })
}
