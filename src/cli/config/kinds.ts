import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { compilePattern } from '../../jinja/regex/pattern.ts'
import { COLOUR_NAMES, colourCode } from '../../report/style.ts'

/** Where a value was written, as far as its meaning depends on that. */
export interface Written {
  /** Relative paths start here: the folder of the file, or where we are. */
  readonly base: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A kind of value: how text becomes one. `T` is what the program sees. */
export interface Kind<T> {
  readonly kind: string
  readonly default: T
  /** Throws `BadValue` when the text is none of these. */
  readonly read: (text: string, written: Written) => T
}

/** The text is no value of its kind; the message says what would be. */
export class BadValue extends Error {}

const YES = /^(?:y|yes|t|true|on|1)$/i
const NO = /^(?:n|no|f|false|off|0|none|)$/i

/** yes or no, in Ansible's words. Any other word is a mistake: read as `no` it would switch a guard off. */
export const bool = <D extends boolean | undefined>(by: D): Kind<boolean | D> => ({
  kind: 'yes or no',
  default: by,
  read: text => {
    if (YES.test(text)) return true
    if (NO.test(text)) return false
    throw new BadValue('write yes or no')
  },
})

/** A whole number in a range. */
export const whole = <D extends number | undefined>(by: D, from = 0, to = 999_999): Kind<number | D> => ({
  kind: `number from ${from}`,
  default: by,
  read: text => {
    if (/^\d+$/.test(text) && Number(text) >= from && Number(text) <= to) return Number(text)
    throw new BadValue(`write a whole number from ${from} to ${to}`)
  },
})

export const text = <D extends string | undefined>(by: D): Kind<string | D> => ({
  kind: 'text',
  default: by,
  read: said => (said === '' ? by : said),
})

/** A colour by Ansible's name. */
export const colour = (by: string): Kind<string> => ({
  kind: 'colour',
  default: by,
  read: said => {
    const name = said === '' ? by : said
    if (colourCode(name) !== undefined) return name
    throw new BadValue(`it is one of ${COLOUR_NAMES.join(', ')}, or colorN, rgbRGB, grayN`)
  },
})

/** One of some words; a collection's name before the word is passed over. */
export const oneOf = <const W extends string, const D extends W | undefined>(
  words: readonly W[],
  by: D,
): Kind<W | D> => ({
  kind: words.join(', '),
  default: by,
  read: said => {
    const short = said.replace(/^.*\./, '').toLowerCase()
    const found = words.find(word => word === short)
    if (found !== undefined) return found
    throw new BadValue(`it is one of ${words.join(', ')}`)
  },
})

const split = (said: string, by: RegExp): string[] =>
  said
    .split(by)
    .map(word => word.trim())
    .filter(word => word !== '')

/** Words with commas between them. */
export const words = (...by: string[]): Kind<readonly string[]> => ({
  kind: 'list',
  default: by,
  read: said => split(said, /,/),
})

/** Python regular expressions with commas between them. */
export const regexes = (): Kind<readonly string[]> => ({
  kind: 'list of regular expressions',
  default: [],
  read: said =>
    split(said, /,/).map(source => {
      try {
        compilePattern(source)
      } catch (error) {
        throw new BadValue(`${source} is no regular expression: ${(error as Error).message}`)
      }
      return source
    }),
})

/** `~`, `$NAME` and `{{CWD}}` are filled in; a relative path starts where it was written. */
function expanded(path: string, { base, cwd, env }: Written): string {
  const filled = path
    .replace(/^~(?=\/|$)/, env['HOME'] ?? homedir())
    .replace(/\{\{\s*CWD\s*\}\}/g, cwd)
    .replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare, braced) => env[bare ?? braced] ?? whole)
  return resolve(base, filled)
}

export const path = (): Kind<string | undefined> => ({
  kind: 'path',
  default: undefined,
  read: (said, written) => (said === '' ? undefined : expanded(said, written)),
})

/** Paths with colons between them. */
export const paths = (): Kind<readonly string[]> => ({
  kind: 'paths, with colons between',
  default: [],
  read: (said, written) => split(said, /:/).map(each => expanded(each, written)),
})

/** Sources of an inventory with commas between them; a comma at the end makes all of it one list of hosts, as with `-i`. */
export const sources = (): Kind<readonly string[]> => ({
  kind: 'paths, with commas between',
  default: [],
  read: (said, written) => (/,\s*$/.test(said) ? [said.trim()] : split(said, /,/).map(each => expanded(each, written))),
})

/** `id@file` or a file, with commas between; `prompt` stays as it is. */
export const vaultIds = (): Kind<readonly string[]> => ({
  kind: 'list of `id@file`',
  default: [],
  read: (said, written) =>
    split(said, /,/).map(each => {
      const at = each.indexOf('@')
      const file = each.slice(at + 1)
      return /^prompt/.test(file) ? each : each.slice(0, at + 1) + expanded(file, written)
    }),
})
