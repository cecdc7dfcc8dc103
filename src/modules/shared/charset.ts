import { TextDecoder } from 'node:util'
import { WINDOWS_1252 } from '../../base/windows-1252.ts'

/** Charsets whose every byte is a sign, by the names that the web gives them. */
const SINGLE = /^(windows-\d+|x-mac-\w+|macintosh|iso-8859-\d+(-i)?|koi8-\w+|ibm866)$/

/** Charsets that are the first signs of Unicode as they are; the web means Windows by their names. */
const FIRST: ReadonlyMap<string, number> = new Map([
  ['ascii', 0x80],
  ['usascii', 0x80],
  ['latin1', 0x100],
  ['iso88591', 0x100],
])

/**
 * The bytes of a text in a charset, by a name that Python has for it.
 * @returns why not, where the charset is not known or has no sign for a part of the text
 */
export function encoded(text: string, charset: string): Buffer | string {
  const plain = charset.toLowerCase().replace(/[-_]/g, '')
  if (plain === '' || plain === 'utf8') return Buffer.from(text)
  const signs = signsOf(charset, FIRST.get(plain))
  if (signs === undefined) return `the charset '${charset}' is none that texts are written in`
  const bytes: number[] = []
  for (const sign of text) {
    const byte = signs.get(sign)
    if (byte === undefined) return `the charset '${charset}' has no sign for '${sign}'`
    bytes.push(byte)
  }
  return Buffer.from(bytes)
}

/** The byte of each sign; undefined for charsets that need several bytes for some. */
function signsOf(charset: string, first: number | undefined): ReadonlyMap<string, number> | undefined {
  if (first !== undefined)
    return new Map(Array.from({ length: first }, (_sign, byte) => [String.fromCharCode(byte), byte]))
  let decoder: TextDecoder
  try {
    decoder = new TextDecoder(charset.replaceAll('_', '-'))
  } catch {
    return undefined
  }
  if (!SINGLE.test(decoder.encoding)) return undefined
  const known = decoder.encoding === 'windows-1252' ? WINDOWS_1252 : ''
  const sign = (byte: number): string => known[byte - 0x80] ?? decoder.decode(Buffer.from([byte]))
  return new Map(
    Array.from({ length: 0x100 }, (_sign, byte) => [sign(byte), byte] as const).filter(([one]) => one !== '\ufffd'),
  )
}
