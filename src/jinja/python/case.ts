/** Letters that are two: their form at the head of a word is neither the upper nor the lower one. */
const DIGRAPHS = new Map<string, string>(
  ['Ǆǅǆ', 'Ǉǈǉ', 'Ǌǋǌ', 'Ǳǲǳ'].flatMap(([upper = '', title = '', lower = '']) => [
    [upper, title] as const,
    [title, title] as const,
    [lower, title] as const,
  ]),
)

/** A letter as it begins a word: `ß` is `Ss`. */
function headed(letter: string): string {
  const upper = letter.toUpperCase()
  const [first = ''] = upper
  return DIGRAPHS.get(letter) ?? first + upper.slice(first.length).toLowerCase()
}

/** Upper first letter, the rest lower. */
export const capitalised = (text: string): string => {
  const [first = ''] = text
  return headed(first) + text.slice(first.length).toLowerCase()
}

/** `str.title()`: a letter after anything that is no letter is upper. */
export const titled = (text: string): string => text.replace(/\p{L}+/gu, capitalised)

export const swapCase = (text: string): string =>
  text.replace(/[\p{Lu}\p{Ll}]/gu, letter => (/\p{Ll}/u.test(letter) ? letter.toUpperCase() : letter.toLowerCase()))
