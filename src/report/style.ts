/** What a text means, by the names of Ansible's settings for their colours. */
export type Tone = keyof typeof COLOURS | 'plain'

/** The colours that these meanings have when nobody says otherwise. */
export const COLOURS = {
  ok: 'green',
  changed: 'yellow',
  skip: 'cyan',
  error: 'red',
  unreachable: 'bright red',
  debug: 'dark gray',
  verbose: 'blue',
  warn: 'bright purple',
  diff_add: 'green',
  diff_remove: 'red',
  diff_lines: 'cyan',
} as const

const CODES: Readonly<Record<string, string>> = {
  black: '0;30',
  red: '0;31',
  green: '0;32',
  yellow: '0;33',
  blue: '0;34',
  purple: '0;35',
  magenta: '0;35',
  cyan: '0;36',
  'bright gray': '0;37',
  'dark gray': '1;30',
  'bright red': '1;31',
  'bright green': '1;32',
  'bright yellow': '1;33',
  'bright blue': '1;34',
  'bright purple': '1;35',
  'bright magenta': '1;35',
  'bright cyan': '1;36',
  white: '1;37',
  normal: '0',
}

/** The names of colours; others are `colorN` (N to 255), `rgbRGB` (each to 5) and `grayN` (N to 23). */
export const COLOUR_NAMES: readonly string[] = Object.keys(CODES)

/** What a terminal is told for a colour by Ansible's name; undefined for a word that is none. */
export function colourCode(name: string): string | undefined {
  if (Object.hasOwn(CODES, name)) return CODES[name]
  const [, number] = /^color(\d{1,3})$/.exec(name) ?? []
  const [, red, green, blue] = /^rgb([0-5])([0-5])([0-5])$/.exec(name) ?? []
  const [, gray] = /^gray(\d{1,2})$/.exec(name) ?? []
  const index =
    number !== undefined
      ? Number(number)
      : red !== undefined
        ? 16 + 36 * Number(red) + 6 * Number(green) + Number(blue)
        : gray !== undefined
          ? 232 + Number(gray)
          : Number.NaN
  return index <= 255 ? `38;5;${index}` : undefined
}

export type Paint = (text: string, tone: Tone) => string

/** Colours by their names; every line by itself, so that a pager or `grep` keeps them. */
export const painter =
  (names: Readonly<Record<Exclude<Tone, 'plain'>, string>>): Paint =>
  (text, tone) => {
    const code = tone === 'plain' ? undefined : colourCode(names[tone])
    if (code === undefined) return text
    const coloured = (line: string): string => (line === '' ? '' : `\u001b[${code}m${line}\u001b[0m`)
    return text.split('\n').map(coloured).join('\n')
  }

/** The usual colours. */
export const colours: Paint = painter(COLOURS)

export const colourless: Paint = text => text
