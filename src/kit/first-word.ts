/** A command line whose first word is a path: that word without its quotes, and everything behind it as it is written. */
export function firstWord(line: string): { readonly word: string; readonly rest: string } {
  const [, quoted, single, bare = '', rest = ''] = /^\s*(?:"([^"]*)"|'([^']*)'|(\S+))(.*)$/s.exec(line) ?? []
  return { word: quoted ?? single ?? bare, rest: rest.trim() }
}

/** The line again with another first word. */
export const withFirstWord = (word: string, rest: string): string =>
  [/[\s"']/.test(word) ? `"${word}"` : word, rest].filter(part => part !== '').join(' ')
