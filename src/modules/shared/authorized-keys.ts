import { linesOf } from './lines.ts'

/** A line of a file of authorized keys: a key with what stands around it, or a line that is left as it is. */
interface Line {
  /** The key itself; of a line that is left, the whole line. */
  readonly id: string
  /** Absent for a line that is left as it is. */
  readonly type?: string
  readonly options: readonly string[]
  readonly comment: string
}

/** What is to be done with keys. */
export interface KeyWish {
  readonly state: 'absent' | 'present'
  readonly exclusive: boolean
  readonly key_options?: string
  readonly comment?: string
}

/** Names of kinds of keys, as sshd knows them. */
const TYPE =
  /^(?:ssh-(?:rsa|dss|ed25519)(?:-cert-v01@openssh\.com)?|ssh-xmss(?:-cert-v01)?@openssh\.com|rsa-sha2-(?:256|512)(?:-cert-v01@openssh\.com)?|ecdsa-sha2-nistp(?:256|384|521)(?:-cert-v01@openssh\.com)?|(?:webauthn-)?sk-(?:ecdsa-sha2-nistp256|ssh-ed25519)(?:-cert-v01)?@openssh\.com)$/

/** Options are divided by commas outside quotes. */
const optionsIn = (text: string): string[] =>
  [...text.matchAll(/(?:[^,"']|"[^"]*"|'[^']*')+/g)].map(([option]) => option.trim())

/** A line with a key in it; undefined where there is none. */
function keyIn(text: string): Line | undefined {
  const words = text
    .replaceAll('\\#', '#')
    .split(/[ \t\r\n]+/)
    .filter(word => word !== '')
  const at = words.findIndex(word => TYPE.test(word))
  const id = words[at + 1]
  if (words[0] === '#' || at < 0 || id === undefined) return undefined
  return {
    id,
    type: words[at] ?? '',
    options: optionsIn(words.slice(0, at).join(' ')),
    comment: words.slice(at + 2).join(' '),
  }
}

const left = (line: string): Line => ({ id: line, options: [], comment: '' })

const written = ({ id, type, options, comment }: Line): string =>
  type === undefined ? id : `${options.length > 0 ? `${options.join(',')} ` : ''}${type} ${id} ${comment}\n`

const same = (a: Line, b: Line): boolean =>
  a.type === b.type && a.comment === b.comment && [...a.options].sort().join('\n') === [...b.options].sort().join('\n')

/** The keys that an argument holds, one a line, of a key that stands there twice the last; the line that holds none as a text. */
export function keysOf(text: string, { key_options, comment }: KeyWish): readonly Line[] | string {
  const out = new Map<string, Line>()
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue
    const key = keyIn(line)
    if (key === undefined) return line
    out.delete(key.id)
    out.set(key.id, {
      ...key,
      options: key_options === undefined ? key.options : optionsIn(key_options),
      comment: comment ?? key.comment,
    })
  }
  return [...out.values()]
}

/**
 * The text with the keys in it, or without them. A key that stands there otherwise is replaced by one at the end; of lines that
 * are alike the last stays. A text that has what is wanted stays as it is.
 */
export function withKeys(text: string, keys: readonly Line[], { state, exclusive }: KeyWish): string {
  const lines = new Map<string, Line>()
  for (const one of linesOf(text)) {
    const line = keyIn(one) ?? left(one)
    lines.delete(line.id)
    lines.set(line.id, line)
  }
  let changed = false
  for (const key of keys) {
    const there = lines.get(key.id)
    if (state === 'absent') changed = lines.delete(key.id) || changed
    else if (there === undefined || !same(there, key)) {
      lines.delete(key.id)
      lines.set(key.id, key)
      changed = true
    }
  }
  if (state === 'present' && exclusive)
    for (const id of lines.keys()) if (!keys.some(key => key.id === id)) changed = lines.delete(id) || changed
  if (!changed) return text
  return [...lines.values()].map((line, i) => ended(written(line), i < lines.size - 1)).join('')
}

const ended = (line: string, more: boolean): string => (more && !line.endsWith('\n') ? `${line}\n` : line)
