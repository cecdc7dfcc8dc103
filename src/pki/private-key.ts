import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { Secret } from '../base/secret.ts'

const generate = promisify(generateKeyPair)

/** A private key and its public half. */
export interface KeyPair {
  /** PKCS#8 PEM. */
  readonly key: Secret
  readonly publicKeyPem: string
}

/** The smallest RSA key that is made or accepted. */
export const MIN_RSA_BITS = 2048

/** Makes an RSA key, off the main thread. 2048 bits take about half a second, 4096 several. */
export async function makeKey({ bits, label }: { bits: number; label: string }): Promise<KeyPair> {
  if (!Number.isInteger(bits) || bits < MIN_RSA_BITS || bits > 8192)
    throw new RangeError(`an RSA key of ${bits} bits is not made: from ${MIN_RSA_BITS} to 8192`)
  const { privateKey, publicKey } = await generate('rsa', {
    modulusLength: bits,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { key: new Secret(privateKey, label), publicKeyPem: publicKey }
}

/**
 * Opens a private key for signing or comparing. This is the one place of `pki/` that reveals a key to the cryptography;
 * an encrypted or damaged one throws what node:crypto says.
 */
export const openKey = (key: Secret): KeyObject => createPrivateKey(key.reveal())

/** A key as unencrypted PKCS#8 PEM, whatever of PKCS#1, SEC1 or PKCS#8 it was. */
export const normaliseKey = (key: Secret): Secret =>
  new Secret(openKey(key).export({ type: 'pkcs8', format: 'pem' }).toString(), key.label)

/** The bytes of a key for its own file on the controller (mode 0600, see `ca-store.ts`). */
export const keyFileBytes = (key: Secret): Buffer => Buffer.from(key.reveal())
