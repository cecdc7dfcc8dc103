/** What Python calls white space in a str, as the inside of a character class: JavaScript's `\s` lacks some and has a byte order mark. */
export const BLANKS = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

const BLANK = new RegExp(`[${BLANKS}]`)
const RUN = new RegExp(`[${BLANKS}]+`)
const ONLY = new RegExp(`^[${BLANKS}]+$`)

/** True for one blank. */
export const isBlank = (character: string | undefined): boolean => character !== undefined && BLANK.test(character)

/** True for a text of blanks, at least one. */
export const allBlank = (text: string): boolean => ONLY.test(text)

/** `str.lstrip()`. */
export function trimmedStart(text: string): string {
  let from = 0
  while (isBlank(text[from])) from += 1
  return text.slice(from)
}

/** `str.rstrip()`. */
export function trimmedEnd(text: string): string {
  let to = text.length
  while (isBlank(text[to - 1])) to -= 1
  return text.slice(0, to)
}

/** `str.strip()`. */
export const trimmed = (text: string): string => trimmedStart(trimmedEnd(text))

/** `str.split()`: the words between runs of blanks. */
export const wordsOf = (text: string): string[] => text.split(RUN).filter(word => word !== '')
