import { TextDecoder } from 'node:util'
import { WINDOWS_1252 } from '../../base/windows-1252.ts'
import { failure } from '../errors.ts'
import { own } from '../python/callable.ts'

const ENCODINGS: Readonly<Record<string, BufferEncoding>> = {
  utf8: 'utf8',
  ascii: 'latin1',
  usascii: 'latin1',
  latin1: 'latin1',
  iso88591: 'latin1',
  utf16le: 'utf16le',
}

const plainName = (name: string): string => name.toLowerCase().replace(/[-_]/g, '')

/** Node's name for a Python encoding. */
export function encodingOf(name: string): BufferEncoding {
  const encoding = own(ENCODINGS, plainName(name))
  if (!encoding) throw failure(`the encoding '${name}' is not known; utf-8, ascii, latin-1 and utf-16-le are`)
  return encoding
}

/**
 * Bytes as text, in any encoding that the WHATWG lists or that `encodingOf` knows.
 * @throws TemplateError when the encoding is not known or the bytes are not of it
 */
export function decodedText(bytes: Uint8Array, name: string): string {
  const known = own(ENCODINGS, plainName(name))
  if (known === 'latin1') return Buffer.from(bytes).toString(known)
  let decoder: TextDecoder
  try {
    decoder = new TextDecoder(name.replaceAll('_', '-'), { fatal: true, ignoreBOM: true })
  } catch {
    throw failure(`the encoding '${name}' is not known`)
  }
  try {
    const text = decoder.decode(bytes)
    if (decoder.encoding !== 'windows-1252') return text
    return text.replace(/[\u0080-\u009f]/g, sign => WINDOWS_1252[sign.charCodeAt(0) - 0x80] ?? sign)
  } catch {
    throw failure(`what the file holds is no ${name} text`)
  }
}
