const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
}
const IN_DOUBLE = /[\x20\x21\x23-\x5b\x5d-\x7e]/
const IN_DOUBLE_UNICODE = /[\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/

/** Whether a letter stands for itself between double quotes. */
export const standsPlain = (letter: string, unicode: boolean): boolean =>
  IN_DOUBLE.test(letter) || (unicode && IN_DOUBLE_UNICODE.test(letter))

/** A letter as it stands between double quotes when it can not stand for itself. */
export function escaped(letter: string): string {
  const short = ESCAPES[letter]
  if (short !== undefined) return `\\${short}`
  const code = letter.codePointAt(0) ?? 0
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
