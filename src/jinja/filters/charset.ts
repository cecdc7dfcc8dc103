import { failure } from '../errors.ts'

const ENCODINGS: Readonly<Record<string, BufferEncoding>> = {
  utf8: 'utf8',
  ascii: 'latin1',
  usascii: 'latin1',
  latin1: 'latin1',
  iso88591: 'latin1',
  utf16le: 'utf16le',
}

/** Node's name for a Python encoding. */
export function encodingOf(name: string): BufferEncoding {
  const encoding = ENCODINGS[name.toLowerCase().replace(/[-_]/g, '')]
  if (!encoding) throw failure(`the encoding '${name}' is not known; utf-8, ascii, latin-1 and utf-16-le are`)
  return encoding
}
