import { SyntaxFault } from './errors.ts'

const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g

/** A string literal's value: Python's escapes; an unknown one stays as it is written. */
export function stringValue(body: string, at: number): string {
  if (!body.includes('\\')) return body
  return body.replace(ESCAPE, (whole, hex?: string, short?: string, long?: string, octal?: string, other?: string) => {
    const digits = hex ?? short ?? long
    if (digits !== undefined) {
      const code = Number.parseInt(digits, 16)
      if (code > 0x10ffff) throw new SyntaxFault('illegal Unicode character in the string', at)
      return String.fromCodePoint(code)
    }
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    if (other === 'x' || other === 'u' || other === 'U')
      throw new SyntaxFault(`truncated \\${other} escape in the string`, at)
    return SIMPLE[other ?? ''] ?? whole
  })
}
