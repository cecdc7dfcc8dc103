/** Upper first letter, the rest lower. */
export const capitalised = (text: string): string => {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length).toLowerCase()
}

/** `str.title()`: a letter after anything that is no letter is upper. */
export const titled = (text: string): string => text.replace(/\p{L}+/gu, capitalised)

export const swapCase = (text: string): string =>
  text.replace(/\p{L}/gu, letter => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
