import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../base/secret.ts'
import { VaultFormat } from './envelope.ts'

const ITERATIONS = 10_000
/** Bytes of the cipher's key, of the authentication key, and of the counter's first value; also of a block. */
const [KEY, BLOCK] = [32, 16]
/** Bytes of salt that Ansible draws. */
export const SALT = 32

interface Keys {
  readonly cipher: Buffer
  readonly hmac: Buffer
  readonly iv: Buffer
}

/** A password as a `Secret` holds it: its bytes, one character each, since a password file need not be text. */
export const passwordText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

function keysOf(password: Secret, salt: Buffer): Keys {
  const bytes = pbkdf2Sync(Buffer.from(password.reveal(), 'latin1'), salt, ITERATIONS, KEY + KEY + BLOCK, 'sha256')
  return { cipher: bytes.subarray(0, KEY), hmac: bytes.subarray(KEY, KEY + KEY), iv: bytes.subarray(KEY + KEY) }
}

/** Encrypts bytes: AES-256 in counter mode, padded by PKCS7, authenticated by HMAC-SHA256; gives the body of an envelope. */
export function encrypt(plain: Uint8Array, password: Secret, salt: Buffer): string {
  const keys = keysOf(password, salt)
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, keys.iv)
  const fill = BLOCK - (plain.length % BLOCK)
  const sealed = Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(fill, fill)), cipher.final()])
  const parts = [salt, mac(keys, sealed), sealed].map(part => part.toString('hex'))
  return Buffer.from(parts.join('\n')).toString('hex')
}

/**
 * The bytes in the body of an envelope; undefined when the password is another one (or the text was changed: these
 * cannot be told apart).
 * @throws VaultFormat when the body is no body
 */
export function decrypt(body: string, password: Secret): Buffer | undefined {
  const [salt, proof, sealed] = partsOf(body)
  const keys = keysOf(password, salt)
  const wanted = mac(keys, sealed)
  if (proof.length !== wanted.length || !timingSafeEqual(proof, wanted)) return undefined
  const cipher = createDecipheriv('aes-256-ctr', keys.cipher, keys.iv)
  return unpadded(Buffer.concat([cipher.update(sealed), cipher.final()]))
}

const mac = (keys: Keys, sealed: Buffer): Buffer => createHmac('sha256', keys.hmac).update(sealed).digest()

/** Salt, HMAC and ciphertext, each in hex, parted by line ends, the whole in hex once more. */
function partsOf(body: string): [Buffer, Buffer, Buffer] {
  const inner = unhex(body, 'the body').toString('latin1')
  const [salt, proof, sealed, ...more] = inner.split('\n')
  if (salt === undefined || proof === undefined || sealed === undefined || more.length > 0)
    throw new VaultFormat('the body does not hold salt, HMAC and ciphertext: it was cut or mixed up')
  return [unhex(salt, 'the salt'), unhex(proof, 'the HMAC'), unhex(sealed, 'the ciphertext')]
}

function unhex(digits: string, what: string): Buffer {
  const odd = /[^0-9a-fA-F]/.exec(digits)
  if (odd) throw new VaultFormat(`${what} holds ${JSON.stringify(odd[0])}, which is no hex digit`)
  if (digits.length % 2 !== 0) throw new VaultFormat(`${what} has an odd number of hex digits: it was cut`)
  return Buffer.from(digits, 'hex')
}

function unpadded(padded: Buffer): Buffer {
  const fill = padded.at(-1) ?? 0
  const tail = padded.subarray(padded.length - fill)
  if (fill < 1 || fill > BLOCK || tail.length !== fill || tail.some(byte => byte !== fill))
    throw new VaultFormat('the padding is wrong: no program that we know wrote it')
  return padded.subarray(0, padded.length - fill)
}
