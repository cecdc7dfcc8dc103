/** A backslash sequence that Python refuses in a string literal; `at` is its index in the text. */
export class BadEscape extends Error {
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

const SEQUENCE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g

/** What Python's escapes of one letter stand for, in string literals and regular expressions. */
export const PYTHON_CONTROLS: Readonly<Record<string, string>> = {
  '\\': '\\',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

const LETTERS: Readonly<Record<string, string>> = { ...PYTHON_CONTROLS, "'": "'", '"': '"' }

const LAST = 0x10ffff

/**
 * What stands between the quotes of a Python string literal, its escapes read; an unknown escape stays as it is written.
 * @throws BadEscape where Python refuses the literal, and for \N{...}: nobody here knows the names of characters
 */
export const unescapeLiteral = (body: string): string =>
  body.replace(SEQUENCE, (whole, hex?: string, short?: string, long?: string, octal?: string, ...rest: unknown[]) => {
    const [letter, at] = rest as [string | undefined, number]
    const digits = hex ?? short ?? long
    if (digits !== undefined) {
      const code = Number.parseInt(digits, 16)
      if (code > LAST) throw new BadEscape(`${whole} is no character`, at)
      return String.fromCodePoint(code)
    }
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    if (letter === 'x' || letter === 'u' || letter === 'U') throw new BadEscape(`the escape \\${letter} is cut off`, at)
    if (letter === 'N') throw new BadEscape('characters are not known by name: write \\u and four digits', at)
    return letter === '\n' ? '' : (LETTERS[letter ?? ''] ?? whole)
  })

/** An argument line's escapes as Ansible reads them: those of a literal without octal ones; what is odd stays as it is. */
export const unescapeArgument = (text: string): string =>
  text.replace(SEQUENCE, (whole, hex?: string, short?: string, long?: string, _octal?: string, letter?: string) => {
    const code = Number.parseInt(hex ?? short ?? long ?? '', 16)
    if (!Number.isNaN(code)) return code <= LAST ? String.fromCodePoint(code) : whole
    return LETTERS[letter ?? ''] ?? whole
  })
