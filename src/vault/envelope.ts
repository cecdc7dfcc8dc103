/** The words that every vaulted text begins with. */
const MARK = '$ANSIBLE_VAULT'
const CIPHER = 'AES256'
/** Characters in a line of the body. */
const WIDTH = 80
/** The id of texts that name none, which is what version 1.1 means. */
export const DEFAULT_ID = 'default'

/** A text that begins as a vault and cannot be one. The message says why; whoever knows the place adds it. */
export class VaultFormat extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'VaultFormat'
  }
}

/** What stands around the ciphertext. */
export interface Envelope {
  /** The vault id that the header names; undefined when it names none. */
  readonly id: string | undefined
  /** Hex digits, without line ends. */
  readonly body: string
}

/** Whether a text, or the bytes of a file, are vaulted as a whole. */
export const isVaulted = (data: string | Buffer): boolean =>
  typeof data === 'string' ? data.startsWith(MARK) : data.subarray(0, MARK.length).toString('latin1') === MARK

/**
 * Reads header and body: `$ANSIBLE_VAULT;VERSION;AES256[;ID]`, then lines of hex digits. Blanks around lines do not count.
 * @throws VaultFormat
 */
export function parseEnvelope(text: string): Envelope {
  const [head = '', ...lines] = text.split(/\r\n|[\n\r]/)
  const [mark = '', version = '', cipher = '', id] = head.split(';').map(part => part.trim())
  if (mark !== MARK) throw new VaultFormat(`the header must begin with ${MARK};`)
  if (version !== '1.1' && version !== '1.2')
    throw new VaultFormat(`the format version ${JSON.stringify(version)} is not known; 1.1 and 1.2 are`)
  if (cipher !== CIPHER) throw new VaultFormat(`the cipher ${JSON.stringify(cipher)} is not known; ${CIPHER} is`)
  const body = lines.map(line => line.trim()).join('')
  if (body === '') throw new VaultFormat('there is nothing after the header')
  return { id: id === undefined || id === '' ? undefined : id, body }
}

/** Why a vault id cannot be written into a header; undefined when it can. */
export function badId(id: string): string | undefined {
  if (id.includes(';')) return 'the character ";" parts the fields of the header'
  // Ansible takes a text with any other character for no vault at all.
  return /^[ -~]+$/.test(id) ? undefined : 'it must be printable ASCII'
}

/** Header and body as Ansible writes them: version 1.2 with an id, 1.1 without; lines of 80 characters. */
export function formatEnvelope(body: string, id?: string): string {
  const head = id === undefined || id === DEFAULT_ID ? [MARK, '1.1', CIPHER] : [MARK, '1.2', CIPHER, id]
  const lines = [head.join(';')]
  for (let start = 0; start < body.length; start += WIDTH) lines.push(body.slice(start, start + WIDTH))
  return `${lines.join('\n')}\n`
}
