/** Sequences of UTF-8 as signs of Latin-1; what is left over is one byte that belongs to none. */
const SEQUENCES =
  /[\x00-\x7f]+|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g

/** Where bytes that are no UTF-8 stand in a text, as in Python's `surrogateescape`: halves of surrogate pairs, U+DC80 to U+DCFF. */
const ESCAPES = 0xdc00

/** Bytes as a text from which `bytesOfText` makes the same bytes, whatever they are. */
export function textOfBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (Buffer.from(text).equals(bytes)) return text
  return bytes
    .toString('latin1')
    .replaceAll(SEQUENCES, found =>
      found.length === 1 && found >= '\x80'
        ? String.fromCharCode(ESCAPES + found.charCodeAt(0))
        : Buffer.from(found, 'latin1').toString('utf8'),
    )
}

/** The bytes that a text of `textOfBytes` stands for; UTF-8 where it holds none that are not. */
export const bytesOfText = (text: string): Buffer =>
  Buffer.concat(
    text
      .split(/([\u{dc80}-\u{dcff}])/u)
      .map((part, i) => (i % 2 ? Buffer.of(part.charCodeAt(0) - ESCAPES) : Buffer.from(part))),
  )
