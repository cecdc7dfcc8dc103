import { CouldNotTell } from '../../kit/question.ts'
import { raw, type Script, sh } from '../../shell/script.ts'

/** A line of words whose quotes do not fit: the task cannot be understood. */
export class Unsplittable extends CouldNotTell {}

/**
 * Splits a command line into words as a POSIX shell quotes them, without any other interpretation (Python's `shlex.split`).
 * Throws `Unsplittable`.
 */
export function split(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quoted: '"' | "'" | undefined
  for (let i = 0; i < line.length; i++) {
    const letter = line.charAt(i)
    if (quoted === undefined && /\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (quoted === undefined && (letter === '"' || letter === "'")) {
      quoted = letter
      word ??= ''
    } else if (letter === quoted) quoted = undefined
    else if (letter === '\\' && quoted !== "'") {
      i++
      if (i >= line.length) throw new Unsplittable('No escaped character')
      const next = line.charAt(i)
      word = `${word ?? ''}${quoted === '"' && next !== '"' && next !== '\\' ? '\\' : ''}${next}`
    } else word = `${word ?? ''}${letter}`
  }
  if (quoted !== undefined) throw new Unsplittable('No closing quotation')
  if (word !== undefined) words.push(word)
  return words
}

/** A word with `~` and the variables that are set on the target put in; a variable that is not set stays as it was written. */
export function expanding(word: string): Script {
  const home = /^~(?=\/|$)/.test(word) ? sh`"\${HOME-~}"` : raw('')
  const parts = (home.wire === '' ? word : word.slice(1)).split(
    /(\$\{[A-Za-z_][A-Za-z0-9_]*\}|\$[A-Za-z_][A-Za-z0-9_]*)/,
  )
  const texts = parts.map((part, i) => (i % 2 === 1 ? variable(part) : part === '' ? '' : sh`${part}`.wire))
  const whole = `${home.wire}${texts.join('')}`
  return raw(whole === '' ? "''" : whole)
}

const variable = (written: string): string => {
  const name = written.replaceAll(/[${}]/g, '')
  return `"\${${name}-\\${written.replace('}', '\\}')}}"`
}
