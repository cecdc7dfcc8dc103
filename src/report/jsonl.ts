import type { Emit } from '../base/event.ts'
import type { Mask } from './mask.ts'

/** Every event as one line of JSON: the events are the format. Control characters are escapes in JSON, so lines stay lines. */
export const jsonLines =
  (write: (text: string) => void, mask: Mask): Emit =>
  event =>
    write(`${JSON.stringify(mask.data(event))}\n`)
