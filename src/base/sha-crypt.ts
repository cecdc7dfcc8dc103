import { createHash } from 'node:crypto'
import { TooCostly } from './crypt-error.ts'

/** crypt(3)'s letters for six bits each. */
export const CRYPT_ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const DEFAULT_ROUNDS = 5000

interface Kind {
  readonly id: string
  readonly hash: 'sha256' | 'sha512'
  readonly size: number
  /** The bytes of the digest in the order in which they are written, three at a time. */
  readonly order: readonly (readonly number[])[]
}

/** Triples that move along by one position in turn, as the specification lists them. */
function triples(first: readonly [number, number, number], count: number, turn: 1 | 2): number[][] {
  const out: number[][] = []
  let row = [...first]
  for (let index = 0; index < count; index++) {
    out.push(row)
    const [a = 0, b = 0, c = 0] = row
    row = turn === 1 ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1]
  }
  return out
}

const KINDS: Readonly<Record<'sha256' | 'sha512', Kind>> = {
  sha256: { id: '5', hash: 'sha256', size: 32, order: [...triples([0, 10, 20], 10, 2), [31, 30]] },
  sha512: { id: '6', hash: 'sha512', size: 64, order: [...triples([0, 21, 42], 21, 1), [63]] },
}

/** As many bytes of a repeated block as are wanted. */
const stretched = (block: Buffer, length: number): Buffer => Buffer.alloc(length, block)

function encoded(digest: Buffer, order: Kind['order']): string {
  let out = ''
  for (const group of order) {
    let word = group.reduce((total, index) => total * 256 + (digest[index] ?? 0), 0)
    for (let letters = group.length + 1; letters > 0; letters--) {
      out += CRYPT_ALPHABET[word % 64] ?? ''
      word = Math.floor(word / 64)
    }
  }
  return out
}

/** The sum that the rounds begin with. */
function beginning(kind: Kind, password: Buffer, salt: Buffer): Buffer {
  const alternate = createHash(kind.hash).update(password).update(salt).update(password).digest()
  const hash = createHash(kind.hash).update(password).update(salt).update(stretched(alternate, password.length))
  for (let bits = password.length; bits > 0; bits >>= 1) hash.update(bits & 1 ? alternate : password)
  return hash.digest()
}

/** crypt(3) with SHA-256 or SHA-512, as specified by Ulrich Drepper; `rounds` is written when it is not 5000. */
export function shaCrypt(type: 'sha256' | 'sha512', password: string, salt: string, rounds: number): string {
  const kind = KINDS[type]
  if (rounds < 1000 || rounds > 999_999_999) throw new RangeError('rounds must be between 1000 and 999999999')
  if (rounds > 5_000_000) throw new TooCostly('more than 5000000 rounds take too long')
  const [key, saltBytes] = [Buffer.from(password), Buffer.from(salt.slice(0, 16))]
  let sum: Buffer = beginning(kind, key, saltBytes)
  const passwordHash = createHash(kind.hash)
  for (let count = 0; count < key.length; count++) passwordHash.update(key)
  const p = stretched(passwordHash.digest(), key.length)
  const saltHash = createHash(kind.hash)
  for (let count = 0; count < 16 + (sum[0] ?? 0); count++) saltHash.update(saltBytes)
  const s = stretched(saltHash.digest(), saltBytes.length)
  for (let round = 0; round < rounds; round++) {
    const parts = [round % 2 ? p : sum, ...(round % 3 ? [s] : []), ...(round % 7 ? [p] : []), round % 2 ? sum : p]
    sum = createHash(kind.hash).update(Buffer.concat(parts)).digest()
  }
  const count = rounds === DEFAULT_ROUNDS ? '' : `rounds=${rounds}$`
  return `$${kind.id}$${count}${saltBytes.toString()}$${encoded(sum, kind.order)}`
}
