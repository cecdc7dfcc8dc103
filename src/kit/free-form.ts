import type { Span } from '../base/span.ts'

/** A word of an argument line, where it begins in the line, and the text as it stands. */
export interface Word {
  readonly text: string
  readonly start: number
}

/** An argument line in parts: `key=value` pairs with quotes removed, and what is left of the text. */
export interface FreeForm {
  readonly pairs: readonly { readonly key: string; readonly value: string; readonly start: number }[]
  /** Everything that is no pair, trimmed, its inner blanks kept. */
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

/**
 * Splits an argument line at blanks that stand outside quotes and Jinja's brackets, as Ansible does.
 * @returns the words, or undefined when a quote or bracket stays open
 */
export function splitWords(text: string): readonly Word[] | undefined {
  const words: Word[] = []
  const open = { '{{': 0, '{%': 0, '{#': 0 }
  let quote = ''
  let start = -1
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    const free = quote === '' && open['{{'] === 0 && open['{%'] === 0 && open['{#'] === 0
    if (free && /\s/.test(char)) {
      if (start >= 0) words.push({ text: text.slice(start, at), start })
      start = -1
      continue
    }
    if (start < 0) start = at
    if ((char === '"' || char === "'") && text[at - 1] !== '\\')
      quote = quote === '' ? char : quote === char ? '' : quote
    const two = text.slice(at, at + 2)
    if (two === '{{' || two === '{%' || two === '{#') open[two]++
    else if (two === '}}' && open['{{'] > 0) open['{{']--
    else if (two === '%}' && open['{%'] > 0) open['{%']--
    else if (two === '#}' && open['{#'] > 0) open['{#']--
    else continue
    at++
  }
  if (quote !== '' || open['{{'] + open['{%'] + open['{#'] > 0) return undefined
  if (start >= 0) words.push({ text: text.slice(start), start })
  return words
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
    const equals = unescapedEquals(word.text)
    const key = word.text.slice(0, Math.max(equals, 0)).trim()
    if (equals <= 0 || (command && !OFF_COMMANDS.has(key))) kept.push(word)
    else
      pairs.push({
        key,
        value: unquote(decodeEscapes(word.text.slice(equals + 1)).trim()),
        start: word.start + equals + 1,
      })
  }
  if (pairs.length === 0) return { pairs, rest: text.trim(), restStart: kept[0]?.start ?? 0 }
  return { pairs, rest: without(text, kept), restStart: kept[0]?.start ?? 0 }
}

/** The kept words with the blanks that stood before each; a pair leaves with the blanks before it. */
function without(text: string, kept: readonly Word[]): string {
  return kept
    .map(({ text: word, start }) => `${/\s*$/.exec(text.slice(0, start))?.[0] ?? ''}${word}`)
    .join('')
    .trim()
}

function unescapedEquals(word: string): number {
  let at = word.indexOf('=')
  while (at > 0 && word[at - 1] === '\\') at = word.indexOf('=', at + 1)
  return at
}

/** One pair of quotes around the whole value goes. */
export function unquote(text: string): string {
  const first = text.charAt(0)
  const quoted = text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) && text.at(-2) !== '\\'
  return quoted ? text.slice(1, -1) : text
}

const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** Python's escapes, which Ansible reads in the value of a pair: `line=a\nb` has two lines. */
const decodeEscapes = (text: string): string =>
  text.replace(/\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\\'"abfnrtv]))/g, (all, U, u, x, c) => {
    const code = Number.parseInt(U ?? u ?? x ?? '', 16)
    if (Number.isNaN(code)) return SIMPLE[c] ?? all
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })

/** The place of the character at `index` of a value that begins at `span`; exact for values of one line. */
export function within(span: Span, text: string, index: number): Span {
  const before = text.slice(0, index).split('\n')
  const offset = span.offset === undefined ? {} : { offset: span.offset + index }
  if (before.length === 1) return { ...span, col: span.col + index, ...offset }
  return { ...span, line: span.line + before.length - 1, ...offset }
}
