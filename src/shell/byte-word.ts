import { quote, raw, type Script } from './script.ts'

/** A word from a byte string (a sign a byte): what is no UTF-8 is told to `printf`, since scripts travel as text. */
export function byteWord(bytes: string): Script {
  const buffer = Buffer.from(bytes, 'latin1')
  const text = buffer.toString()
  if (Buffer.from(text).equals(buffer)) return raw(quote(text))
  const ends = /\n*$/.exec(bytes)?.[0] ?? ''
  const octal = [...buffer.subarray(0, buffer.length - ends.length)].map(
    byte => `\\${byte.toString(8).padStart(3, '0')}`,
  )
  // What stands in for a command loses the line ends at its end.
  return raw(`"$(printf '${octal.join('')}')"${ends === '' ? '' : quote(ends)}`)
}
