import { failure } from '../errors.ts'
import type { Runtime } from '../python/callable.ts'
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

/** Cuts a text after so many letters. Cutting by units takes no time, however long the rest is. */
function cut(text: string, letters: number, wide: boolean): [head: string, rest: string] {
  const units = wide ? characters(text).slice(0, letters).join('').length : letters
  return [text.slice(0, units), text.slice(units)]
}

/** What of a word that does not fit comes into the room: up to its last hyphen there, if it has one. */
function fitting(word: string, room: number, { breakHyphens }: Wrapping, wide: boolean): [head: string, rest: string] {
  const [head, rest] = cut(word, room, wide)
  const hyphen = breakHyphens ? head.lastIndexOf('-') : -1
  return hyphen > 0 && /[^-]/.test(head.slice(0, hyphen))
    ? [word.slice(0, hyphen + 1), word.slice(hyphen + 1)]
    : [head, rest]
}

/** Python's textwrap.wrap of one line, blanks kept as they are. */
export function wrapped(text: string, options: Wrapping, run: Runtime): string[] {
  const { width } = options
  if (width <= 0) throw failure(`invalid width ${width} (must be > 0)`)
  const wide = textLength(text) !== text.length
  const lengthOf = (part: string): number => (wide ? textLength(part) : part.length)
  const pending = chunks(text, options.breakHyphens).reverse()
  run.charge(pending.length)
  const lines: string[] = []
  while (pending.length > 0) {
    run.charge(wide ? 1 + text.length / 256 : 1)
    if (lines.length > 0 && blank(pending.at(-1))) pending.pop()
    const line: string[] = []
    let size = 0
    for (let next = pending.at(-1); next !== undefined && size + lengthOf(next) <= width; next = pending.at(-1)) {
      line.push(next)
      size += lengthOf(next)
      pending.pop()
    }
    const long = pending.at(-1)
    if (long !== undefined && lengthOf(long) > width) {
      if (options.breakLong) {
        const [head, rest] = fitting(long, Math.max(0, width - size), options, wide)
        line.push(head)
        pending[pending.length - 1] = rest
      } else if (line.length === 0) line.push(pending.pop() ?? '')
    }
    if (blank(line.at(-1))) line.pop()
    if (line.length > 0) lines.push(line.join(''))
  }
  return lines
}
