import { createHash } from 'node:crypto'

/** The kinds of keys that `ssh-keygen -t` makes, as public keys name them. */
const KINDS: Readonly<Record<string, string>> = {
  'ssh-rsa': 'rsa',
  'ssh-dss': 'dsa',
  'ssh-ed25519': 'ed25519',
  'ecdsa-sha2-nistp256': 'ecdsa',
  'ecdsa-sha2-nistp384': 'ecdsa',
  'ecdsa-sha2-nistp521': 'ecdsa',
}

/** A public key of OpenSSH, as one line of text holds it. */
export interface PublicKey {
  /** What stands first in the line, such as `ssh-rsa`. */
  readonly name: string
  /** rsa, dsa, ecdsa or ed25519; for others the name itself. */
  readonly type: string
  /** Bits. */
  readonly size: number
  /** The key in base64. */
  readonly data: string
  readonly comment: string
  /** SHA256:..., as `ssh-keygen -l` prints it. */
  readonly fingerprint: string
}

/** The key in a line of a `.pub` file or of `ssh-keygen -y`; undefined where there is none. */
export function publicKey(text: string): PublicKey | undefined {
  const [, name, data, comment = ''] = /^(\S+)[ \t]+([A-Za-z0-9+/]+=*)(?:[ \t]+(.*))?\s*$/m.exec(text) ?? []
  if (name === undefined || data === undefined) return undefined
  const blob = Buffer.from(data, 'base64')
  const [inside, second, third] = strings(blob)
  if (inside?.toString() !== name) return undefined
  const sha256 = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')
  // An RSA key holds exponent and modulus, a DSA key begins with its modulus.
  const number = name === 'ssh-rsa' ? third : second
  const size = /^ssh-(?:rsa|dss)$/.test(name) ? bits(number) : Number(/nistp(\d+)$/.exec(name)?.[1] ?? 256)
  return { name, type: KINDS[name] ?? name, size, data, comment: comment.trim(), fingerprint: `SHA256:${sha256}` }
}

/** The line of a public key. */
export const publicLine = ({ name, data, comment }: PublicKey): string =>
  [name, data, ...(comment === '' ? [] : [comment])].join(' ')

/** The strings of the wire format: four bytes of length before each. */
function strings(blob: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 4 <= blob.length; ) {
    const length = blob.readUInt32BE(at)
    if (at + 4 + length > blob.length) break
    found.push(blob.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return found
}

/** How many bits a number of the wire format has; it begins with a zero byte where its highest bit is set. */
const bits = (number: Buffer | undefined): number =>
  number === undefined || number.length === 0 ? 0 : BigInt(`0x${number.toString('hex')}`).toString(2).length
