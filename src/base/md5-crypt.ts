import { createHash } from 'node:crypto'
import { CRYPT_ALPHABET } from './sha-crypt.ts'

const ROUNDS = 1000
/** The bytes of the digest in the order in which they are written, three at a time. */
const ORDER: readonly (readonly number[])[] = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]]

const md5 = (...parts: readonly (Buffer | string)[]): Buffer =>
  createHash('md5')
    .update(Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : part))))
    .digest()

/** crypt(3) with MD5, as old systems have it. */
export const md5Crypt = (password: string, salt: string): string => marked('$1$', password, salt)

/** Apache's kind of it. */
export const apr1Crypt = (password: string, salt: string): string => marked('$apr1$', password, salt)

function marked(mark: string, password: string, salt: string): string {
  const key = Buffer.from(password)
  const inner = md5(key, salt, key)
  const parts: Buffer[] = [key, Buffer.from(mark + salt), Buffer.alloc(key.length, inner)]
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? Buffer.from([0]) : key.subarray(0, 1))
  let sum = md5(...parts)
  for (let round = 0; round < ROUNDS; round++)
    sum = md5(round % 2 ? key : sum, round % 3 ? salt : '', round % 7 ? key : '', round % 2 ? sum : key)
  let out = ''
  for (const group of ORDER) {
    let word = group.reduce((total, index) => total * 256 + (sum[index] ?? 0), 0)
    for (let letters = group.length + 1; letters > 0; letters--) {
      out += CRYPT_ALPHABET[word % 64] ?? ''
      word = Math.floor(word / 64)
    }
  }
  return `${mark}${salt}$${out}`
}
