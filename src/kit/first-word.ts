import { quote } from '../shell/script.ts'

/** A part of a word as a POSIX shell reads it: in single quotes, in double ones, after a backslash, or bare. */
const PART = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/sy

/** A command line whose first word is a path: that word without its quotes, and everything behind it as it is written. */
export function firstWord(line: string): { readonly word: string; readonly rest: string } {
  const text = line.trimStart()
  let [word, end] = ['', 0]
  PART.lastIndex = 0
  for (let part = PART.exec(text); part !== null; part = PART.exec(text)) {
    const [, single, double, escaped, bare = ''] = part
    word += single ?? double?.replaceAll(/\\(["\\])/g, '$1') ?? escaped ?? bare
    end = PART.lastIndex
  }
  // A quote that is never closed is a letter like others.
  if (/^\S/.test(text.slice(end))) [word = '', end] = [/^\S+/.exec(text)?.[0], /^\S+/.exec(text)?.[0].length ?? 0]
  return { word, rest: text.slice(end).trim() }
}

/** The line again with another first word. */
export const withFirstWord = (word: string, rest: string): string =>
  [/[\s"'\\]/.test(word) ? quote(word) : word, rest].filter(part => part !== '').join(' ')
