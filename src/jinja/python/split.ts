import { failure } from '../errors.ts'
import { isBlank, trimmed, trimmedEnd, trimmedStart, wordsOf } from './blanks.ts'

type Side = 'left' | 'right' | 'both'

/** `str.strip`: blanks, or any of the given characters, at the ends. */
export function stripText(text: string, characters: string | undefined, side: Side): string {
  if (characters === undefined) {
    if (side === 'both') return trimmed(text)
    return side === 'left' ? trimmedStart(text) : trimmedEnd(text)
  }
  const unwanted = new Set(characters)
  const letters = Array.from(text)
  let [from, to] = [0, letters.length]
  if (side !== 'right') while (from < to && unwanted.has(letters[from] ?? '')) from += 1
  if (side !== 'left') while (to > from && unwanted.has(letters[to - 1] ?? '')) to -= 1
  return letters.slice(from, to).join('')
}

/** `str.split` and `str.rsplit`; without a separator at runs of blanks. A negative `most` means all. */
export function splitText(text: string, separator: string | undefined, most: number, fromRight: boolean): string[] {
  if (separator === '') throw failure('empty separator')
  if (separator === undefined) return splitBlanks(text, most, fromRight)
  const pieces = text.split(separator)
  if (most < 0 || pieces.length <= most + 1) return pieces
  if (fromRight) return [pieces.slice(0, pieces.length - most).join(separator), ...pieces.slice(pieces.length - most)]
  return [...pieces.slice(0, most), pieces.slice(most).join(separator)]
}

/** What follows the last blank. */
function lastWord(text: string): string {
  let from = text.length
  while (from > 0 && !isBlank(text[from - 1])) from -= 1
  return text.slice(from)
}

function splitBlanks(text: string, most: number, fromRight: boolean): string[] {
  const words = wordsOf(text)
  if (most < 0 || words.length <= most) return words
  const out: string[] = []
  let rest = fromRight ? trimmedEnd(text) : trimmedStart(text)
  while (out.length < most && rest !== '') {
    const word = fromRight ? lastWord(rest) : (words[out.length] ?? '')
    out.push(word)
    rest = fromRight ? trimmedEnd(rest.slice(0, rest.length - word.length)) : trimmedStart(rest.slice(word.length))
  }
  if (rest !== '') out.push(rest)
  return fromRight ? out.reverse() : out
}

const LINE = /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g

/** `str.splitlines`. */
export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines = (text.match(LINE) ?? []).filter(line => line !== '')
  return keepEnds ? lines : lines.map(line => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''))
}
