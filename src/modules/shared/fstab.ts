import { linesOf } from './lines.ts'

/** A file system as a line of fstab tells it. */
export interface Fstab {
  readonly src: string
  readonly path: string
  readonly fstype: string
  readonly opts: string
  readonly dump: string
  readonly passno: string
}

/** Signs that separate fields stand as octal numbers. */
const escaped = (text: string): string =>
  text.replaceAll('\\', '\\134').replaceAll(/\s/g, sign => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`)

const lineOf = ({ src, path, fstype, opts, dump, passno }: Fstab): string =>
  `${[src, path, fstype, opts, dump, passno].map(escaped).join(' ')}\n`

/** Whether a line is the one of a place; of swap, which has none, the source tells. */
function isOf(line: string, path: string, src: string | undefined): boolean {
  if (/^\s*(#|$)/.test(line)) return false
  const [source, place, fstype] = line.trim().split(/\s+/)
  if (place !== escaped(path)) return false
  return !(place === 'none' && fstype === 'swap' && src !== undefined) || source === escaped(src)
}

/** The text in which a file system has its line; lines that say the same in other spacing stay. */
export function withMount(text: string, wanted: Fstab): string {
  let found = false
  const fresh = lineOf(wanted)
  const lines = linesOf(text).map(line => {
    if (!isOf(line, wanted.path, wanted.src)) return line
    found = true
    const [src = '', path = '', fstype = '', opts = '', dump = '0', passno = '0'] = line.trim().split(/\s+/)
    return `${[src, path, fstype, opts, dump, passno].join(' ')}\n` === fresh ? line : fresh
  })
  const whole = lines.join('')
  if (found) return whole
  return `${whole}${whole === '' || whole.endsWith('\n') ? '' : '\n'}${fresh}`
}

/** The text without the line of a place. */
export const withoutMount = (text: string, path: string, src: string | undefined): string =>
  linesOf(text)
    .filter(line => !isOf(line, path, src))
    .join('')
