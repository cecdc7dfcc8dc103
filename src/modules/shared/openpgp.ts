import { createHash } from 'node:crypto'

/** Bytes of a key, taken out of their armor if they wear one; undefined for armor that holds nothing. */
function bare(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1')
  if (!text.includes('-----BEGIN PGP')) return bytes
  const [, body] =
    /-----BEGIN PGP [^\n]*-----\r?\n(?:[^\n]+:[^\n]*\n)*\r?\n?([\s\S]*?)(?:\r?\n=[^\n]*)?\r?\n-----END PGP/.exec(
      text,
    ) ?? []
  return body === undefined ? undefined : Buffer.from(body.replaceAll(/\s/g, ''), 'base64')
}

/** The length of a packet that begins at `at`, and where its body does. */
function bodyOf(
  bytes: Buffer,
  at: number,
): { readonly tag: number; readonly start: number; readonly end: number } | undefined {
  const head = bytes[at] ?? 0
  if ((head & 0x80) === 0) return undefined
  const first = bytes[at + 1] ?? 0
  const packet = (tag: number, size: number, length: number) => {
    const start = at + 1 + size
    return start + length <= bytes.length ? { tag, start, end: start + length } : undefined
  }
  if (head & 0x40) {
    const tag = head & 0x3f
    if (first < 192) return packet(tag, 1, first)
    if (first < 224) return packet(tag, 2, ((first - 192) << 8) + (bytes[at + 2] ?? 0) + 192)
    return first === 255 && at + 6 <= bytes.length ? packet(tag, 5, bytes.readUInt32BE(at + 2)) : undefined
  }
  const tag = (head >> 2) & 0x0f
  const size = [1, 2, 4][head & 3]
  return size === undefined || at + 1 + size > bytes.length
    ? undefined
    : packet(tag, size, bytes.readUIntBE(at + 1, size))
}

/** The fingerprint of the first public key, in capital hex digits; undefined where there is none of the usual kind. */
export function fingerprintOf(armored: Buffer): string | undefined {
  const bytes = bare(armored)
  const packet = bytes && bodyOf(bytes, 0)
  if (!bytes || packet?.tag !== 6 || bytes[packet.start] !== 4) return undefined
  const body = bytes.subarray(packet.start, packet.end)
  const length = Buffer.from([0x99, body.length >> 8, body.length & 0xff])
  return createHash('sha1').update(length).update(body).digest('hex').toUpperCase()
}
