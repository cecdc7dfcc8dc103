import { unescapeArgument } from '../base/python-escape.ts'
import type { Span } from '../base/span.ts'

/** A word of an argument line with the blanks and line ends that follow it, and where it begins in the line. */
export interface Word {
  text: string
  readonly start: number
}

/** An argument line in parts: `key=value` pairs with quotes removed, and what is left of the text. */
export interface FreeForm {
  readonly pairs: readonly { readonly key: string; readonly value: string; readonly start: number }[]
  /** Everything that is no pair. Of a command its blanks and line ends are kept; otherwise it is trimmed. */
  readonly rest: string
  readonly restStart: number
}

/** The only pairs that are taken off the words of a command; any other `a=b` belongs to the command. */
const OFF_COMMANDS: ReadonlySet<string> = new Set([
  'creates',
  'removes',
  'chdir',
  'executable',
  'warn',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
  'expand_argument_vars',
])

/** Where a scan stands: inside a quote or one of Jinja's brackets, blanks divide nothing. */
class Openings {
  #quote = ''
  readonly #brackets = new Map([
    ['{{', '}}'],
    ['{%', '%}'],
    ['{#', '#}'],
  ])
  readonly #depth = new Map<string, number>()

  get any(): boolean {
    return this.#quote !== '' || [...this.#depth.values()].some(depth => depth > 0)
  }

  read(token: string): void {
    for (const [at, char] of [...token].entries())
      if ((char === '"' || char === "'") && token[at - 1] !== '\\') {
        if (this.#quote === '') this.#quote = char
        else if (this.#quote === char) this.#quote = ''
      }
    for (const [open, close] of this.#brackets) {
      const depth = (this.#depth.get(open) ?? 0) + token.split(open).length - token.split(close).length
      this.#depth.set(open, Math.max(depth, 0))
    }
  }
}

/**
 * Splits an argument line as Ansible does: at blanks and line ends outside quotes and Jinja's brackets; a backslash that
 * stands alone continues the line and vanishes.
 * @returns the words, or undefined when a quote or bracket stays open
 */
export function splitWords(text: string): readonly Word[] | undefined {
  const words: Word[] = []
  const openings = new Openings()
  const lines = text.split('\n')
  let at = 0
  for (const [number, line] of lines.entries()) {
    let continued = false
    for (const [index, token] of line.split(' ').entries()) {
      const last = words.at(-1)
      if (openings.any && last) last.text += index === 0 ? token : ` ${token}`
      else if (token === '\\') continued = true
      else if (token !== '') words.push({ text: token, start: at })
      else if (index > 0 && last) last.text += ' '
      if (openings.any || token !== '\\') openings.read(token)
      at += token.length + 1
    }
    const last = words.at(-1)
    if (number < lines.length - 1 && !continued && last) last.text += '\n'
  }
  return openings.any ? undefined : words
}

/**
 * Takes the pairs off an argument line: all of them, or for commands only those that Ansible knows (`creates=` ...).
 * @returns undefined when the line cannot be split into words
 */
export function parseFreeForm(text: string, command: boolean): FreeForm | undefined {
  const words = splitWords(text)
  if (!words) return undefined
  const pairs: { key: string; value: string; start: number }[] = []
  const kept: Word[] = []
  for (const word of words) {
    const decoded = unescapeArgument(word.text)
    const equals = unescapedEquals(decoded)
    const key = decoded.slice(0, Math.max(equals, 0))
    if (equals < 0) kept.push(decoded.includes('=') ? { ...word, text: decoded.replaceAll('\\=', '=') } : word)
    else if (command && !OFF_COMMANDS.has(key)) kept.push(word)
    else {
      const start = word.start + Math.max(word.text.indexOf('='), 0) + 1
      pairs.push({ key: key.trim(), value: unquote(decoded.slice(equals + 1).trim()), start })
    }
  }
  const rest = kept.reduce((line, { text: word }) => line + (line === '' || line.endsWith('\n') ? '' : ' ') + word, '')
  return { pairs, rest: command ? rest : rest.trim(), restStart: kept[0]?.start ?? 0 }
}

/** The first `=` that has something before it and no backslash. */
function unescapedEquals(word: string): number {
  let at = word.indexOf('=', 1)
  while (at > 0 && word[at - 1] === '\\') at = word.indexOf('=', at + 1)
  return at
}

/** One pair of quotes around the whole value goes. */
function unquote(text: string): string {
  const first = text.charAt(0)
  const quoted = text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) && text.at(-2) !== '\\'
  return quoted ? text.slice(1, -1) : text
}

/** The place of the character at `index` of a value that begins at `span`; exact for values of one line. */
export function within(span: Span, text: string, index: number): Span {
  const before = text.slice(0, index).split('\n')
  const offset = span.offset === undefined ? {} : { offset: span.offset + index }
  if (before.length === 1) return { ...span, col: span.col + index, ...offset }
  return { ...span, line: span.line + before.length - 1, ...offset }
}
