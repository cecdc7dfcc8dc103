import type { Emit } from '../base/event.ts'

/** Every event as one line of JSON: the events are the format. Control characters are escapes in JSON, so lines stay lines. */
export const jsonLines =
  (write: (text: string) => void): Emit =>
  event =>
    write(`${JSON.stringify(event)}\n`)
