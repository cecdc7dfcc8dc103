import { createPublicKey, type KeyObject } from 'node:crypto'
import { elements, readDer, readOid } from './der.ts'
import { type Extension, readExtensions } from './extensions.ts'

/** What a certificate signing request (PKCS#10, RFC 2986) asks for. */
export interface SigningRequest {
  /** The name as DER. */
  readonly subjectDer: Buffer
  readonly publicKey: KeyObject
  /** SubjectPublicKeyInfo. */
  readonly publicKeyDer: Buffer
  /** Extensions that the certificate shall have, by OID. */
  readonly extensions: ReadonlyMap<string, Extension>
}

/** The attribute of a request that holds extensions (RFC 2985, 5.4.2). */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14'

/**
 * Reads a request in PEM, the first of the text.
 *
 * @throws Error when there is none, DerError when it is none
 */
export function readRequest(pem: string): SigningRequest {
  const block = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([\s\S]*?)-----END/.exec(pem)?.[1]
  if (block === undefined) throw new Error('not a certificate signing request')
  const [info] = elements(readDer(Buffer.from(block, 'base64')).content)
  const [, subject, key, attributes] = info ? elements(info.content) : []
  if (!subject || !key) throw new Error('not a certificate signing request')
  const asked = (attributes ? elements(attributes.content) : [])
    .map(attribute => elements(attribute.content))
    .find(([oid]) => oid && readOid(oid.content) === EXTENSION_REQUEST)
  const list = asked?.[1] && elements(asked[1].content)[0]
  return {
    subjectDer: subject.raw,
    publicKey: createPublicKey({ key: key.raw, format: 'der', type: 'spki' }),
    publicKeyDer: key.raw,
    extensions: list ? readExtensions(list) : new Map(),
  }
}
