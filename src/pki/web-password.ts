import { createHash, timingSafeEqual } from 'node:crypto'
import { bcrypt } from '../base/bcrypt.ts'
import { apr1Crypt, md5Crypt } from '../base/md5-crypt.ts'
import type { Secret } from '../base/secret.ts'
import { shaCrypt } from '../base/sha-crypt.ts'

/** How a web server may keep passwords. */
export const SCHEMES = [
  'apr_md5_crypt',
  'bcrypt',
  'ldap_sha1',
  'md5_crypt',
  'plaintext',
  'sha256_crypt',
  'sha512_crypt',
] as const
export type Scheme = (typeof SCHEMES)[number]

const COST = 12
const ROUNDS = { sha256: 535_000, sha512: 656_000 } as const
/** What crypt(3) does when a hash names no number. */
const USUAL = 5000

const sha1 = (password: string): string => `{SHA}${createHash('sha1').update(password).digest('base64')}`

/** Letters that every kind of salt may hold. */
const LETTERS = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A salt of so many letters, made of a text that is another one for every host, user and change. */
function saltOf(seed: string, size: number): string {
  const bytes = createHash('sha512').update(seed).digest()
  // The last letter of bcrypt's salt holds two bits only: a dot is one of the four that do not lose any.
  return [...bytes.subarray(0, size - 1)]
    .map(byte => LETTERS[byte % LETTERS.length])
    .join('')
    .concat('.')
}

/**
 * A password as a web server keeps it.
 * @param seed what the salt is made of; no secret, and nothing that tells of the password
 */
export function webPassword(password: Secret, scheme: Scheme, seed: string): string {
  const text = password.reveal()
  if (scheme === 'plaintext') return text
  if (scheme === 'ldap_sha1') return sha1(text)
  if (scheme === 'bcrypt') return bcrypt(text, saltOf(seed, 22), COST, '2y')
  if (scheme === 'sha256_crypt') return shaCrypt('sha256', text, saltOf(seed, 16), ROUNDS.sha256)
  if (scheme === 'sha512_crypt') return shaCrypt('sha512', text, saltOf(seed, 16), ROUNDS.sha512)
  return (scheme === 'md5_crypt' ? md5Crypt : apr1Crypt)(text, saltOf(seed, 8))
}

/** Whether what a web server keeps is of this password; undefined where it is kept in a way that nobody here knows. */
export function isPassword(password: Secret, kept: string): boolean | undefined {
  const made = remade(password.reveal(), kept)
  if (made === undefined) return undefined
  const [a, b] = [Buffer.from(made), Buffer.from(kept)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function remade(text: string, kept: string): string | undefined {
  if (kept.startsWith('{SHA}')) return sha1(text)
  const [, kind = '', rest = ''] = /^\$([^$]+)\$(.*)$/.exec(kept) ?? []
  if (kind === 'apr1') return apr1Crypt(text, rest.split('$')[0] ?? '')
  if (kind === '1') return md5Crypt(text, rest.split('$')[0] ?? '')
  if (/^2[aby]$/.test(kind)) return bcrypt(text, rest.slice(3, 25), Number(rest.slice(0, 2)), kind)
  const sha = { 5: 'sha256', 6: 'sha512' }[kind] as 'sha256' | 'sha512' | undefined
  if (sha !== undefined) {
    const [, rounds, salt = ''] = /^(?:rounds=(\d+)\$)?([^$]*)\$/.exec(rest) ?? []
    return shaCrypt(sha, text, salt, rounds === undefined ? USUAL : Number(rounds))
  }
  return kind === '' && !/^[./\w]{13}$/.test(kept) && !kept.startsWith('{') ? text : undefined
}
