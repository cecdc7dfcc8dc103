import { formatMoment, parseMoment } from '../../jinja/python/date-time.ts'

/** The format of times where a task gives none. */
export const TOUCH_FORMAT = '%Y%m%d%H%M.%S'

interface Given {
  readonly modification_time?: string
  readonly access_time?: string
  readonly modification_time_format: string
  readonly access_time_format: string
}

/** The times that a task gives, as `touch -t` takes them; `now` and `preserve` stay. */
export interface Times {
  readonly modification_time?: string
  readonly access_time?: string
}

/** Reads the times of a task by their formats, or says why they cannot be read. A time in touch's own words needs no seconds. */
export function timesOf(args: Given): Times | { readonly wrong: string } {
  try {
    return {
      ...named('modification_time', args.modification_time, args.modification_time_format),
      ...named('access_time', args.access_time, args.access_time_format),
    }
  } catch (error) {
    return { wrong: (error as Error).message }
  }
}

const named = (name: keyof Times, text: string | undefined, format: string): Times =>
  text === undefined ? {} : { [name]: touched(text, format) }

function touched(text: string, format: string): string {
  if (text === 'now' || text === 'preserve') return text
  if (format === TOUCH_FORMAT && /^\d{12}$/.test(text)) return text
  try {
    return formatMoment(TOUCH_FORMAT, parseMoment(text, format))
  } catch (error) {
    const why = (error as Error).message
    throw new Error(`Error while obtaining timestamp for time ${text} using format ${format}: ${why}`)
  }
}
