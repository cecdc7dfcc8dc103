import type { Emit, Event } from '../base/event.ts'
import { jsonLine } from '../base/value.ts'

/**
 * Every event as one line of JSON: the events are the format, with the name of its play in every event of a task, so that each
 * line says all by itself. Control characters are escapes in JSON, so lines stay lines.
 */
export function jsonLines(write: (text: string) => void): Emit {
  let play = ''
  return (event: Event) => {
    if (event.type === 'play-start') play = event.name
    const { type, ...rest } = event
    write(`${jsonLine('path' in event ? { type, play, ...rest } : event)}\n`)
  }
}
