import { PYTHON_CONTROLS } from '../../base/python-escape.ts'
import { BLANKS } from '../python/blanks.ts'

/** A piece of a pattern as JavaScript writes it, and where it ends; or what is wrong. */
export type Piece = { readonly source: string; readonly end: number } | { readonly fault: string }

/** One character as a JavaScript pattern with the flag `u`. */
export function literal(character: string): string {
  if (/[\w]/.test(character)) return character
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

const UNICODE: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: '[\\p{L}\\p{N}_]',
  W: '[^\\p{L}\\p{N}_]',
  s: `[${BLANKS}]`,
  S: `[^${BLANKS}]`,
}
const ASCII: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[A-Za-z0-9_]',
  W: '[^A-Za-z0-9_]',
  s: '[ \\t\\n\\r\\f\\v]',
  S: '[^ \\t\\n\\r\\f\\v]',
}
const CODE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(0[0-7]{0,2}|[1-3][0-7]{2}))/y

/** The character that an escape stands for; null when it stands for a set or is wrong. */
function escapedCharacter(text: string, at: number): { character: string; end: number } | null {
  CODE.lastIndex = at
  const code = CODE.exec(text)
  if (code) {
    const [whole, hex, short, long, octal] = code
    const number = octal === undefined ? Number.parseInt(hex ?? short ?? long ?? '0', 16) : Number.parseInt(octal, 8)
    return number > 0x10ffff ? null : { character: String.fromCodePoint(number), end: at + whole.length }
  }
  const next = text.codePointAt(at + 1)
  if (next === undefined) return null
  const character = String.fromCodePoint(next)
  // `\b` is a boundary there, and a backspace in a class only
  const control = character === 'b' ? undefined : PYTHON_CONTROLS[character]
  if (control === undefined && /[A-Za-z0-9]/.test(character)) return null
  return { character: control ?? character, end: at + 1 + character.length }
}

/** An escape outside or inside of a class, as a JavaScript class. */
export function classEscape(text: string, at: number, ascii: boolean): Piece {
  const set = (ascii ? ASCII : UNICODE)[text[at + 1] ?? '']
  if (set !== undefined) return { source: set, end: at + 2 }
  const found = escapedCharacter(text, at)
  if (found) return { source: literal(found.character), end: found.end }
  return { fault: at + 1 >= text.length ? 'bad escape (end of pattern)' : `bad escape ${text.slice(at, at + 2)}` }
}

interface Member {
  /** undefined for a set such as `\w`. */
  readonly character: string | undefined
  readonly source: string
  readonly end: number
}

function member(text: string, at: number, ascii: boolean): Member | { readonly fault: string } {
  if (text[at] !== '\\') {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
    return { character, source: literal(character), end: at + character.length }
  }
  if (text[at + 1] === 'b') return { character: '\b', source: '\\u{8}', end: at + 2 }
  const found = escapedCharacter(text, at)
  if (found) return { ...found, source: literal(found.character) }
  const set = classEscape(text, at, ascii)
  return 'fault' in set ? set : { ...set, character: undefined }
}

/** Reads `[...]` and writes it as an alternation of JavaScript classes, which need no nesting. */
export function readClass(
  text: string,
  start: number,
  ascii: boolean,
): { source: string; end: number; fault?: string } {
  let at = start + 1
  const negated = text[at] === '^'
  if (negated) at += 1
  const pieces: string[] = []
  const sets: string[] = []
  for (let first = true; first || text[at] !== ']'; first = false) {
    if (at >= text.length) return { source: '', end: at, fault: 'unterminated character set' }
    const low = member(text, at, ascii)
    if ('fault' in low) return { source: '', end: at, fault: low.fault }
    at = low.end
    if (text[at] === '-' && at + 1 < text.length && text[at + 1] !== ']') {
      const high = member(text, at + 1, ascii)
      if ('fault' in high) return { source: '', end: at, fault: high.fault }
      const [from, to] = [low.character?.codePointAt(0), high.character?.codePointAt(0)]
      if (from === undefined || to === undefined || from > to)
        return { source: '', end: at, fault: 'bad character range' }
      pieces.push(`${low.source}-${high.source}`)
      at = high.end
    } else if (low.character === undefined) sets.push(low.source)
    else pieces.push(low.source)
  }
  const inner = sets.map(set => (set.startsWith('[^') ? set : set.replace(/^\[|\]$/g, '')))
  const plain = inner.filter(set => !set.startsWith('[^'))
  const negatedSets = inner.filter(set => set.startsWith('[^'))
  const all = [...(pieces.length + plain.length > 0 ? [`[${pieces.join('')}${plain.join('')}]`] : []), ...negatedSets]
  const union = all.length === 1 ? (all[0] ?? '') : `(?:${all.join('|')})`
  if (!negated) return { source: union, end: at + 1 }
  const source =
    all.length === 1 && union.startsWith('[') && !union.startsWith('[^')
      ? `[^${union.slice(1)}`
      : `(?:(?!${union})[\\s\\S])`
  return { source, end: at + 1 }
}
