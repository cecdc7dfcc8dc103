import type { KeyObject } from 'node:crypto'
import { dict, type Value } from '../../base/value.ts'
import type { Fields } from '../../kit/effect.ts'
import type { Certificate } from '../../pki/certificate.ts'
import { elements, readDer, readOid } from '../../pki/der.ts'
import { readName } from '../../pki/distinguished-name.ts'
import { type Extension, generalNames, readGeneralNames } from '../../pki/extensions.ts'
import { fingerprints, readPublicKey } from '../../pki/public-key.ts'

/** Usages of a key by the words of `USAGES`, as OpenSSL prints them. */
const USAGES: Readonly<Record<string, string>> = {
  digitalSignature: 'Digital Signature',
  nonRepudiation: 'Non Repudiation',
  keyEncipherment: 'Key Encipherment',
  dataEncipherment: 'Data Encipherment',
  keyAgreement: 'Key Agreement',
  keyCertSign: 'Certificate Sign',
  cRLSign: 'CRL Sign',
  encipherOnly: 'Encipher Only',
  decipherOnly: 'Decipher Only',
}

/** Extended usages by OID, as OpenSSL prints them. */
const PURPOSES: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'TLS Web Server Authentication',
  '1.3.6.1.5.5.7.3.2': 'TLS Web Client Authentication',
  '1.3.6.1.5.5.7.3.3': 'Code Signing',
  '1.3.6.1.5.5.7.3.4': 'E-mail Protection',
  '1.3.6.1.5.5.7.3.8': 'Time Stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP Signing',
  '2.5.29.37.0': 'Any Extended Key Usage',
}

/** Signature algorithms by OID, as OpenSSL prints them. */
const SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.10040.4.3': 'dsaWithSHA1',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
  '2.16.840.1.101.3.4.3.1': 'dsa_with_SHA224',
  '2.16.840.1.101.3.4.3.2': 'dsa_with_SHA256',
}

/** A time as certificates write it: `20301231235959Z`. */
export const time = (date: Date): string => `${date.toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`

/**
 * Everything that community.crypto's x509_certificate_info returns of a certificate.
 * @param now when the host was asked
 */
export function certificateFields(certificate: Certificate, now: Date): Fields {
  const { extensions, constraints, x509 } = certificate
  const of = (arc: number): Extension | undefined => extensions.get(`2.5.29.${arc}`)
  const critical = (arc: number): boolean => of(arc)?.critical ?? false
  const staple = extensions.get('1.3.6.1.5.5.7.1.24')
  const [subject, issuer] = [readName(certificate.subjectDer), readName(certificate.issuerDer)]
  const key = readPublicKey(x509.publicKey.export({ type: 'spki', format: 'pem' }).toString())
  return {
    ...authorityFields(of(35)),
    basic_constraints: constraints
      ? [
          `CA:${constraints.ca ? 'TRUE' : 'FALSE'}`,
          ...(constraints.pathLength === undefined ? [] : [`pathlen:${constraints.pathLength}`]),
        ]
      : null,
    basic_constraints_critical: critical(19),
    expired: certificate.notAfter < now,
    extended_key_usage: certificate.extendedKeyUsage?.map(oid => PURPOSES[oid] ?? oid).sort() ?? null,
    extended_key_usage_critical: critical(37),
    extensions_by_oid: dict(
      Object.fromEntries(
        [...extensions].map(([oid, { critical: must, value }]) => [
          oid,
          dict({ critical: must, value: value.toString('base64') }),
        ]),
      ),
    ),
    fingerprints: dict(fingerprints(x509.raw)),
    issuer: dict(Object.fromEntries(issuer)),
    issuer_ordered: issuer,
    ...accessFields(extensions.get('1.3.6.1.5.5.7.1.1')),
    key_usage: certificate.keyUsage?.map(name => USAGES[name] ?? name).sort() ?? null,
    key_usage_critical: critical(15),
    not_after: time(certificate.notAfter),
    not_before: time(certificate.notBefore),
    // The list of features holds status_request, which has number 5.
    ocsp_must_staple: staple ? staple.value.includes(Buffer.from([0x02, 0x01, 0x05])) : null,
    ocsp_must_staple_critical: staple?.critical ?? false,
    public_key: x509.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    public_key_data: dict(keyData(key.type, key.key, key.size, key.curve)),
    public_key_fingerprints: dict(fingerprints(key.der)),
    public_key_type: key.type,
    serial_number: integer(certificate.serial),
    signature_algorithm: SIGNATURES[certificate.signatureAlgorithm] ?? certificate.signatureAlgorithm,
    subject: dict(Object.fromEntries(subject)),
    subject_alt_name: generalNames(of(17)) ?? null,
    subject_alt_name_critical: critical(17),
    subject_key_identifier: certificate.subjectKeyId === undefined ? null : pairs(certificate.subjectKeyId),
    subject_ordered: subject,
    version: 3,
  }
}

const pairs = (hex: string): string => hex.match(/../g)?.join(':') ?? ''

/** Hexadecimal digits as the language's integer. */
export function integer(hex: string): number | bigint {
  const whole = BigInt(`0x${hex || '0'}`)
  return whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole
}

/** authorityKeyIdentifier (RFC 5280, 4.2.1.1): the key, and the issuer's certificate by names and number. */
function authorityFields(extension: Extension | undefined): Fields {
  const parts = extension ? elements(readDer(extension.value).content) : []
  const part = (tag: number) => parts.find(one => one.tag === tag)?.content
  const [key, names, serial] = [part(0x80), part(0xa1), part(0x82)]
  return {
    authority_key_identifier: key === undefined ? null : pairs(key.toString('hex')),
    authority_cert_issuer: names === undefined ? null : readGeneralNames(names),
    authority_cert_serial_number: serial === undefined ? null : integer(serial.toString('hex')),
  }
}

/** authorityInfoAccess: where the issuer answers, and where its certificate is. */
function accessFields(extension: Extension | undefined): Fields {
  const found = new Map<string, string>()
  for (const description of extension ? elements(readDer(extension.value).content) : []) {
    const [method, location] = elements(description.content)
    const oid = method ? readOid(method.content) : ''
    if (location?.tag === 0x86 && !found.has(oid)) found.set(oid, location.content.toString('latin1'))
  }
  return { issuer_uri: found.get('1.3.6.1.5.5.7.48.2') ?? null, ocsp_uri: found.get('1.3.6.1.5.5.7.48.1') ?? null }
}

/** The numbers of a public key; node tells those of curves that JSON Web Keys know. */
function keyData(type: string, key: KeyObject, size: number, curve: string | undefined): Record<string, Value> {
  if (type !== 'RSA' && type !== 'ECC') return {}
  const number = (text: string | undefined): number | bigint =>
    integer(Buffer.from(text ?? '', 'base64url').toString('hex'))
  const known = type === 'RSA' || ['secp256r1', 'secp384r1', 'secp521r1', 'secp256k1'].includes(curve ?? '')
  const { n, e, x, y } = known ? key.export({ format: 'jwk' }) : {}
  if (type === 'RSA') return { modulus: number(n), exponent: number(e), size }
  return { curve: curve ?? null, exponent_size: size, ...(x === undefined ? {} : { x: number(x), y: number(y) }) }
}
