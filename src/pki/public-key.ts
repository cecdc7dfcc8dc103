import { createHash, createPublicKey, getHashes, type KeyObject } from 'node:crypto'
import { elements, readDer } from './der.ts'

/** What a public key says about the private key that it belongs to. */
export interface PublicKey {
  readonly key: KeyObject
  /** Ansible's word for the kind: RSA, DSA, ECC, Ed25519, Ed448, X25519, X448. */
  readonly type: string
  /** Bits of the modulus or of the curve. */
  readonly size: number
  /** Name of the curve as cryptographers write it (`secp256r1`), for ECC. */
  readonly curve?: string
  /** SubjectPublicKeyInfo. */
  readonly der: Buffer
}

const TYPES: Readonly<Record<string, { readonly type: string; readonly size?: number }>> = {
  rsa: { type: 'RSA' },
  'rsa-pss': { type: 'RSA' },
  dsa: { type: 'DSA' },
  ec: { type: 'ECC' },
  ed25519: { type: 'Ed25519', size: 256 },
  ed448: { type: 'Ed448', size: 456 },
  x25519: { type: 'X25519', size: 256 },
  x448: { type: 'X448', size: 448 },
}

/** Curves that OpenSSL calls otherwise than the standards that Ansible's names come from. */
const OPENSSL_CURVES: Readonly<Record<string, string>> = { secp192r1: 'prime192v1', secp256r1: 'prime256v1' }

/** A curve's name as OpenSSL takes it. */
export const opensslCurve = (name: string): string => OPENSSL_CURVES[name] ?? name

const standardCurve = (name: string): string =>
  Object.entries(OPENSSL_CURVES).find(([, openssl]) => openssl === name)?.[0] ?? name

/**
 * Reads a public key in PEM.
 *
 * @throws Error of node:crypto when it is none, or of a kind that it does not know
 */
export function readPublicKey(pem: string): PublicKey {
  const key = createPublicKey(pem)
  const kind = TYPES[key.asymmetricKeyType ?? '']
  const details = key.asymmetricKeyDetails ?? {}
  const curve = details.namedCurve
  return {
    key,
    type: kind?.type ?? String(key.asymmetricKeyType),
    size: kind?.size ?? details.modulusLength ?? Number(/\d{3}/.exec(curve ?? '')?.[0] ?? 0),
    ...(curve === undefined ? {} : { curve: standardCurve(curve) }),
    der: key.export({ type: 'spki', format: 'der' }),
  }
}

/** Digests by the names that Python gives them, and what node calls them; an XOF gives 32 bytes. */
const DIGESTS: Readonly<Record<string, string>> = {
  blake2b: 'blake2b512',
  blake2s: 'blake2s256',
  md5: 'md5',
  sha1: 'sha1',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha3_224: 'sha3-224',
  sha3_256: 'sha3-256',
  sha3_384: 'sha3-384',
  sha3_512: 'sha3-512',
  sha512: 'sha512',
  shake_128: 'shake128',
  shake_256: 'shake256',
}

/** Digests of bytes as pairs of hex with colons, by algorithm, as community.crypto returns fingerprints. */
export function fingerprints(bytes: Buffer): Record<string, string> {
  const known = new Set(getHashes().map(name => name.toLowerCase()))
  return Object.fromEntries(
    Object.entries(DIGESTS)
      .filter(([, name]) => known.has(name))
      .map(([python, name]) => {
        const length = name.startsWith('shake') ? { outputLength: 32 } : {}
        const hex = createHash(name, length).update(bytes).digest('hex')
        return [python, hex.match(/../g)?.join(':') ?? '']
      }),
  )
}

/** SHA-1 of the public key's bits (RFC 5280, 4.2.1.2, method 1): a name for the key, not a protection. */
export function keyIdentifier(spki: Buffer): Buffer {
  const bits = elements(readDer(spki).content)[1]
  if (!bits) throw new Error('the public key has no bits')
  return createHash('sha1').update(bits.content.subarray(1)).digest()
}
