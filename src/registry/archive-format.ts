/** What a file is, by its first bytes. */
export type Format =
  | 'tar'
  | 'gzip'
  | 'xz'
  | 'zstd'
  | 'bzip2'
  | 'zip'
  | '7z'
  | 'lz4'
  | 'cpio'
  | 'markup'
  | 'text'
  | 'empty'
  | 'unknown'

/** How many bytes of a file `detectFormat` wants to see. */
export const HEAD_BYTES = 1024

const MAGIC: readonly [Format, number, string][] = [
  ['gzip', 0, '1f8b08'],
  ['xz', 0, 'fd377a585a00'],
  ['zstd', 0, '28b52ffd'],
  ['bzip2', 0, '425a68'],
  ['zip', 0, '504b0304'],
  ['zip', 0, '504b0506'],
  ['7z', 0, '377abcaf271c'],
  ['lz4', 0, '04224d18'],
  ['cpio', 0, '3037303730'],
  ['cpio', 0, 'c771'],
  ['tar', 257, '7573746172'],
]

/** Judges by content, never by name: a `.tar.gz` may be anything. */
export function detectFormat(head: Buffer): Format {
  if (head.length === 0) return 'empty'
  for (const [format, at, magic] of MAGIC)
    if (head.subarray(at, at + magic.length / 2).toString('hex') === magic) return format
  // A tar without members is only zeros; the reader of members says that it holds nothing.
  if (head.length >= 512 && head.every(byte => byte === 0)) return 'tar'
  const text = head.toString('latin1')
  if (/^\s*<(!doctype|html|\?xml|head|error)/i.test(text)) return 'markup'
  return /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? 'unknown' : 'text'
}

/** The command that unpacks a format to its standard output; formats that node unpacks itself have none. */
export const TOOLS: Readonly<Partial<Record<Format, string>>> = { xz: 'xz', zstd: 'zstd', bzip2: 'bzip2' }

/** How to say that a file is not an archive that can be read, and what to do about it. */
export const NOT_READ: Readonly<Partial<Record<Format, { readonly what: string; readonly remedy: string }>>> = {
  zip: { what: 'a zip archive', remedy: 'Unpack it and pack it again with tar -czf' },
  '7z': { what: 'a 7z archive', remedy: 'Unpack it and pack it again with tar -czf' },
  lz4: { what: 'compressed with lz4', remedy: 'Unpack it with lz4 -d and give the tar, or pack it with gzip' },
  cpio: { what: 'a cpio archive', remedy: 'Unpack it and pack it again with tar -czf' },
  markup: {
    what: 'an HTML or XML page, probably an error page that was saved',
    remedy: 'Download it again and look at what the server says',
  },
  text: { what: 'plain text', remedy: 'Give the tar or tar.gz itself' },
  empty: { what: 'empty', remedy: 'Download or copy it again' },
  unknown: { what: 'no tar, gzip, xz, zstd or bzip2', remedy: 'Give a tar or tar.gz' },
}
