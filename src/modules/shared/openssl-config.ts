/** A value for OpenSSL's configuration; in double quotes only the quote and the backslash mean something. */
export const value = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`

/** Text that one line of a configuration cannot hold. */
export const unwritable = (text: string): boolean => /[\0\r\n]/.test(text)

/** A section: its name and its lines. */
export const section = (name: string, lines: readonly (readonly [key: string, value: string])[]): string =>
  [`[${name}]`, ...lines.map(([key, text]) => `${key} = ${text}`)].join('\n')
