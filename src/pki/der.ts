/** One element of DER: its tag byte, its content, and all of its bytes. */
export interface Der {
  readonly tag: number
  readonly content: Buffer
  readonly raw: Buffer
}

/** The bytes are not the DER that they should be. */
export class DerError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DerError'
  }
}

/**
 * The element that starts at `offset`. Reads one level only, so nesting cannot exhaust the stack; high tag numbers and
 * indefinite lengths (BER) are refused, for certificates have neither.
 */
export function readDer(bytes: Buffer, offset = 0): Der {
  const tag = bytes[offset]
  const first = bytes[offset + 1]
  if (tag === undefined || first === undefined) throw new DerError('the data ends in the middle of an element')
  if ((tag & 0x1f) === 0x1f) throw new DerError('a high tag number does not belong here')
  let length = first
  let start = offset + 2
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) throw new DerError('the length of an element is not DER')
    if (start + count > bytes.length) throw new DerError('the data ends in the middle of a length')
    length = bytes.readUIntBE(start, count)
    start += count
  }
  if (start + length > bytes.length) throw new DerError('the data ends in the middle of an element')
  return { tag, content: bytes.subarray(start, start + length), raw: bytes.subarray(offset, start + length) }
}

/** The elements inside a constructed element. */
export function elements(content: Buffer): Der[] {
  const found: Der[] = []
  for (let offset = 0; offset < content.length; ) {
    const element = readDer(content, offset)
    found.push(element)
    offset += element.raw.length
  }
  return found
}

/** An object identifier in dotted form. */
export function readOid(content: Buffer): string {
  const arcs: number[] = []
  let value = 0
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      arcs.push(value)
      value = 0
    }
  }
  const [first = 0, ...rest] = arcs
  const root = Math.min(2, Math.floor(first / 40))
  return [root, first - root * 40, ...rest].join('.')
}
