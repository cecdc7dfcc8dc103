/** The table of the CRC-32 that POSIX gives for cksum: polynomial 0x04C11DB7, not reflected. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  return crc >>> 0
})

const step = (crc: number, byte: number): number => ((crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0

/** What `cksum` prints for these bytes on standard input: CRC and length. */
export function cksum(bytes: Buffer): string {
  let crc = 0
  for (const byte of bytes) crc = step(crc, byte)
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) crc = step(crc, length % 256)
  return `${~crc >>> 0} ${bytes.length}`
}
