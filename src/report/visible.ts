import { toUSVString } from 'node:util'

/** Characters that act on a terminal, or that make text read in another order than it is written. */
const ACTING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

const spelled = (char: string): string => {
  const code = char.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** Text from elsewhere as it may reach a terminal: what would act is shown as an escape; tabs and line ends stay. */
export const visible = (text: string): string => toUSVString(text.replaceAll('\r\n', '\n').replace(ACTING, spelled))

/** The same on one line. */
export const visibleLine = (text: string): string => visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')

/** At most `limit` characters, and how many are left out. */
export const clip = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit)}... (${text.length - limit} more characters)`
