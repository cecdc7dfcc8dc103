import { ambiguous } from './yaml-scalar.ts'

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

/** The style that PyYAML's `default_style` asks for, by its sign. */
export const STYLE_SIGNS: Readonly<Record<string, ScalarStyle>> = {
  "'": 'single',
  '"': 'double',
  '|': 'literal',
  '>': 'folded',
}

interface Analysis {
  readonly multiline: boolean
  readonly flowPlain: boolean
  readonly blockPlain: boolean
  readonly single: boolean
  readonly block: boolean
}

const BREAK = /[\n\x85\u2028\u2029]/
const BLANK_OR_END = new Set(['', ' ', '\t', '\r', '\n', '\x85', '\u2028', '\u2029'])
const PRINTABLE = /[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u

const ASCII = /[\n\x20-\x7e]/

/** What indicators, blanks and breaks a scalar has, and the styles that these leave: PyYAML's analyze_scalar. */
function analyse(text: string, unicode: boolean): Analysis {
  if (text === '') return { multiline: false, flowPlain: false, blockPlain: true, single: true, block: false }
  const letters = Array.from(text)
  let [flowIndicators, blockIndicators] = [/^(?:---|\.\.\.)/.test(text), /^(?:---|\.\.\.)/.test(text)]
  for (const [index, letter] of letters.entries()) {
    const after = BLANK_OR_END.has(letters[index + 1] ?? '')
    const before = index === 0 || BLANK_OR_END.has(letters[index - 1] ?? '')
    if (index === 0) {
      if ('#,[]{}&*!|>\'"%@`'.includes(letter)) [flowIndicators, blockIndicators] = [true, true]
      if ('?:'.includes(letter)) [flowIndicators, blockIndicators] = [true, blockIndicators || after]
      if (letter === '-' && after) [flowIndicators, blockIndicators] = [true, true]
    } else {
      if (',?[]{}'.includes(letter)) flowIndicators = true
      if (letter === ':') [flowIndicators, blockIndicators] = [true, blockIndicators || after]
      if (letter === '#' && before) [flowIndicators, blockIndicators] = [true, true]
    }
  }
  const multiline = BREAK.test(text)
  const special = letters.some(letter => !(unicode ? PRINTABLE : ASCII).test(letter))
  const edges = /^[ \n\x85\u2028\u2029]|[ \n\x85\u2028\u2029]$/.test(text)
  const spaceBreak = / [\n\x85\u2028\u2029]/.test(text)
  const breakSpace = /[\n\x85\u2028\u2029] /.test(text)
  const plain = !edges && !breakSpace && !spaceBreak && !special && !multiline
  return {
    multiline,
    flowPlain: plain && !flowIndicators,
    blockPlain: plain && !blockIndicators,
    single: !spaceBreak && !breakSpace && !special,
    block: !spaceBreak && !special && !text.endsWith(' '),
  }
}

/** The style in which PyYAML writes a str: plain when nothing forbids it, then single quotes, then double. */
export function scalarStyle(text: string, flow: boolean, simpleKey: boolean, unicode = true): ScalarStyle {
  const found = analyse(text, unicode)
  const plain = flow ? found.flowPlain : found.blockPlain
  if (plain && !ambiguous(text) && !(simpleKey && (text === '' || found.multiline))) return 'plain'
  return found.single && !(simpleKey && found.multiline) ? 'single' : 'double'
}

/** The style in which libyaml writes a scalar that is to have one: another where it cannot have it. */
export function wantedStyle(
  wanted: ScalarStyle,
  text: string,
  flow: boolean,
  simpleKey: boolean,
  unicode = true,
): ScalarStyle {
  const found = analyse(text, unicode)
  if (simpleKey && found.multiline) return 'double'
  if (wanted === 'single') return found.single ? 'single' : 'double'
  if (wanted === 'literal' || wanted === 'folded') return found.block && !flow && !simpleKey ? wanted : 'double'
  return wanted
}
