import { failure } from '../errors.ts'
import { characters, textLength } from '../python/iterate.ts'

interface Wrapping {
  readonly width: number
  readonly breakLong: boolean
  readonly breakHyphens: boolean
}

const WORDS_AND_BLANKS = /[\t\n\v\f\r ]+|[^\t\n\v\f\r ]+/g
/** After a hyphen that stands between letters, and around a dash of several. */
const HYPHENS =
  /(?<=(?:[\p{L}_]{2}|[\p{L}_]-[\p{L}_])-)(?=[\p{L}_]-?[\p{L}_])|(?<=[\p{L}\p{N}_!"'&.,?])(?=-{2,}[\p{L}\p{N}_])|(?<=[\p{L}\p{N}_!"'&.,?]-{2,})(?=[\p{L}\p{N}_])/u

/** The pieces between which a line may be broken. */
function chunks(text: string, breakHyphens: boolean): string[] {
  const words = text.match(WORDS_AND_BLANKS) ?? []
  return breakHyphens ? words.flatMap(word => (word.includes('-') ? word.split(HYPHENS) : [word])) : words
}

const blank = (text: string | undefined): boolean => text !== undefined && text.trim() === ''

/** Where a word that does not fit is broken: after its last hyphen in the room, else at the end of the room. */
function breakAt(letters: readonly string[], room: number, { breakHyphens }: Wrapping): number {
  const hyphen = breakHyphens && room > 0 ? letters.lastIndexOf('-', room - 1) : -1
  return hyphen > 0 && letters.slice(0, hyphen).some(letter => letter !== '-') ? hyphen + 1 : room
}

/** Python's textwrap.wrap of one line, blanks kept as they are. */
export function wrapped(text: string, options: Wrapping): string[] {
  const { width } = options
  if (width <= 0) throw failure(`invalid width ${width} (must be > 0)`)
  const pending = chunks(text, options.breakHyphens).reverse()
  const lines: string[] = []
  while (pending.length > 0) {
    if (lines.length > 0 && blank(pending.at(-1))) pending.pop()
    const line: string[] = []
    let size = 0
    for (let next = pending.at(-1); next !== undefined && size + textLength(next) <= width; next = pending.at(-1)) {
      line.push(next)
      size += textLength(next)
      pending.pop()
    }
    const long = pending.at(-1)
    if (long !== undefined && textLength(long) > width) {
      if (options.breakLong) {
        const letters = characters(long)
        const end = breakAt(letters, Math.max(0, width - size), options)
        line.push(letters.slice(0, end).join(''))
        pending[pending.length - 1] = letters.slice(end).join('')
      } else if (line.length === 0) line.push(pending.pop() ?? '')
    }
    if (blank(line.at(-1))) line.pop()
    if (line.length > 0) lines.push(line.join(''))
  }
  return lines
}
