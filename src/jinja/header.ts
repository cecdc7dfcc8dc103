import { nearest } from '../base/nearest.ts'
import { SyntaxFault } from './errors.ts'
import { type Marks, USUAL_MARKS } from './marks.ts'
import type { RenderOptions } from './options.ts'

const BEGINNING = '#jinja2:'

/** Options of a template under Jinja2's own names. */
const FLAGS = { trim_blocks: 'trimBlocks', lstrip_blocks: 'lstripBlocks', keep_trailing_newline: 'keepTrailingNewline' }
const MARKS: Readonly<Record<string, readonly [keyof Marks, 0 | 1]>> = {
  variable_start_string: ['variable', 0],
  variable_end_string: ['variable', 1],
  block_start_string: ['block', 0],
  block_end_string: ['block', 1],
  comment_start_string: ['comment', 0],
  comment_end_string: ['comment', 1],
}
const NEWLINES: ReadonlyMap<string, NonNullable<RenderOptions['newline']>> = new Map([
  ['\\n', '\n'],
  ['\\r\\n', '\r\n'],
  ['\\r', '\r'],
])
const NAMES = [...Object.keys(FLAGS), ...Object.keys(MARKS), 'newline_sequence']

/** The length of a first line `#jinja2: name: value, ...` with its newline; 0 where a text has none. */
export function headerLength(source: string): number {
  if (!source.startsWith(BEGINNING)) return 0
  const end = source.indexOf('\n')
  return end < 0 ? source.length : end + 1
}

/**
 * The options that the first line of a template asks for.
 * @throws SyntaxFault for what is no pair, an unknown name and a value that does not fit
 */
export function headerOptions(source: string): RenderOptions {
  const length = headerLength(source)
  if (length === 0) return {}
  let options: RenderOptions = {}
  let at = BEGINNING.length
  for (const pair of pairsOf(source.slice(at, length).trimEnd())) {
    const sign = pair.indexOf(':')
    if (sign < 0) throw new SyntaxFault(`Missing key-value separator ':' in '${pair.trim()}' after ${BEGINNING}`, at)
    options = withOption(options, pair.slice(0, sign).trim(), pair.slice(sign + 1).trim(), at)
    at += pair.length + 1
  }
  const { variable, block, comment } = options.marks ?? USUAL_MARKS
  if (new Set([variable[0], block[0], comment[0]]).size < 3)
    throw new SyntaxFault('block, variable and comment start strings must be different', BEGINNING.length)
  return options
}

/** The parts between commas that stand in no quotes. */
const pairsOf = (line: string): string[] => line.match(/(?:'[^']*'|"[^"]*"|[^,'"])+/g) ?? []

/** The options with one more, by Jinja2's name; `text` is a Python literal. */
function withOption(options: RenderOptions, name: string, text: string, at: number): RenderOptions {
  const string = /^(["'])(.*)\1$/.exec(text)?.[2]
  if (Object.hasOwn(FLAGS, name)) {
    // In quotes, every text was true before ansible-core 2.19: what also reads so is taken, "false" is not.
    const on = text === 'True' || /^(?:true|yes|on)$/i.test(string ?? '')
    if (!on && text !== 'False') throw new SyntaxFault(`${name} is ${text}, True or False is expected`, at)
    return { ...options, [FLAGS[name as keyof typeof FLAGS]]: on }
  }
  if (string === undefined && NAMES.includes(name))
    throw new SyntaxFault(`${name} is ${text}, a string is expected`, at)
  if (name === 'newline_sequence' && string !== undefined) {
    const newline = NEWLINES.get(string)
    if (newline === undefined)
      throw new SyntaxFault(`newline_sequence is ${text}, expected one of ${[...NEWLINES.keys()].join(', ')}`, at)
    return { ...options, newline }
  }
  if (!Object.hasOwn(MARKS, name) || string === undefined) {
    const guess = nearest(name, NAMES)
    const hint = guess === undefined ? '' : `; did you mean '${guess}'?`
    throw new SyntaxFault(`a template has no option '${name}'${hint}`, at)
  }
  if (string === '') throw new SyntaxFault(`${name} is empty`, at)
  return { ...options, marks: withMark(options.marks ?? USUAL_MARKS, name, string) }
}

/** Marks with one of them set by Jinja2's name for it. */
export function withMark(marks: Marks, name: string, text: string): Marks {
  const [kind, side] = MARKS[name] ?? []
  if (kind === undefined) return marks
  const [begin, end] = marks[kind]
  return { ...marks, [kind]: side === 0 ? [text, end] : [begin, text] }
}

export const MARK_NAMES: readonly string[] = Object.keys(MARKS)
