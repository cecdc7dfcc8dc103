import { X509Certificate } from 'node:crypto'
import { elements, readDer, readOid } from './der.ts'
import {
  type Extension,
  readAuthorityKeyId,
  readConstraints,
  readExtensions,
  readNames,
  readOids,
  readUsage,
} from './extensions.ts'
import type { ServerName } from './names.ts'
import { keyIdentifier } from './public-key.ts'

/** What a certificate says, as far as the verdicts of `judge.ts` need it. */
export interface Certificate {
  readonly x509: X509Certificate
  readonly pem: string
  /** `CN=..., O=...` on one line. */
  readonly subject: string
  readonly issuer: string
  /** The names as DER: Go compares these bytes when it looks for an issuer. */
  readonly subjectDer: Buffer
  readonly issuerDer: Buffer
  readonly notBefore: Date
  readonly notAfter: Date
  /** Upper-case hex. */
  readonly serial: string
  /** basicConstraints; undefined when the extension is missing. */
  readonly constraints: { readonly ca: boolean; readonly pathLength?: number } | undefined
  /** Names of the usage bits; undefined when the extension is missing. */
  readonly keyUsage: readonly string[] | undefined
  /** Extended key usage OIDs; undefined when the extension is missing, which allows every use. */
  readonly extendedKeyUsage: readonly string[] | undefined
  readonly names: readonly ServerName[]
  /** All of them by OID, as they are. */
  readonly extensions: ReadonlyMap<string, Extension>
  readonly keyType: string
  /** RSA modulus bits; undefined for other keys. */
  readonly rsaBits: number | undefined
  /** Dotted OID. */
  readonly signatureAlgorithm: string
  readonly subjectKeyId: string | undefined
  readonly authorityKeyId: string | undefined
  /** Critical extensions that Go's TLS does not know, and so refuses. */
  readonly unknownCritical: readonly string[]
  readonly nameConstraints: boolean
  /** Issuer and subject are the same and the own key verifies the signature. */
  readonly selfSigned: boolean
  /** SHA-256 of the DER, upper-case hex pairs with colons, as OpenSSL prints it. */
  readonly fingerprint: string
}

/** extendedKeyUsage of a TLS server (RFC 5280, 4.2.1.12), and the one that stands for all. */
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
export const ANY_USE = '2.5.29.37.0'

/** Extensions that crypto/x509 of Go processes; any other critical one makes it refuse the certificate. */
const KNOWN = new Set([14, 15, 17, 19, 30, 31, 32, 35, 36, 37, 54].map(arc => `2.5.29.${arc}`))

const oneLine = (name: string): string => name.split('\n').reverse().join(', ')

/**
 * Reads one certificate. OpenSSL (through node:crypto) judges that it is one; the extensions that node does not show are
 * read from its DER.
 *
 * @throws Error of node:crypto or DerError when it is not a certificate, or has bytes after its end
 */
export function readCertificate(der: Buffer): Certificate {
  const x509 = new X509Certificate(der)
  const whole = readDer(der)
  if (whole.raw.length !== der.length) throw new Error(`${der.length - whole.raw.length} bytes follow the certificate`)
  const [tbsElement, algorithm] = elements(whole.content)
  if (!tbsElement || !algorithm) throw new Error('not a certificate')
  const tbs = elements(tbsElement.content)
  const at = tbs[0]?.tag === 0xa0 ? 1 : 0
  const holder = tbs.find(element => element.tag === 0xa3)
  const extensions = holder ? readExtensions(readDer(holder.content)) : new Map<string, Extension>()
  const keyId = extensions.get('2.5.29.14')
  const issuerDer = tbs[at + 2]?.raw ?? Buffer.alloc(0)
  const subjectDer = tbs[at + 4]?.raw ?? Buffer.alloc(0)
  return {
    x509,
    pem: x509.toString(),
    subject: oneLine(x509.subject ?? ''),
    issuer: oneLine(x509.issuer ?? ''),
    subjectDer,
    issuerDer,
    notBefore: new Date(x509.validFrom),
    notAfter: new Date(x509.validTo),
    serial: x509.serialNumber,
    constraints: readConstraints(extensions.get('2.5.29.19')),
    keyUsage: readUsage(extensions.get('2.5.29.15')),
    extendedKeyUsage: readOids(extensions.get('2.5.29.37')),
    names: readNames(extensions.get('2.5.29.17')),
    extensions,
    keyType: x509.publicKey.asymmetricKeyType ?? 'unknown',
    rsaBits: x509.publicKey.asymmetricKeyDetails?.modulusLength,
    signatureAlgorithm: readOid(readDer(algorithm.content).content),
    subjectKeyId: keyId && readDer(keyId.value).content.toString('hex'),
    authorityKeyId: readAuthorityKeyId(extensions.get('2.5.29.35'))?.toString('hex'),
    unknownCritical: [...extensions].filter(([oid, { critical }]) => critical && !KNOWN.has(oid)).map(([oid]) => oid),
    nameConstraints: extensions.has('2.5.29.30'),
    selfSigned: issuerDer.equals(subjectDer) && x509.verify(x509.publicKey),
    fingerprint: x509.fingerprint256,
  }
}

/** `issuer` really signed `certificate`: the names are the same bytes and the signature verifies. */
export const issued = (issuer: Certificate, certificate: Certificate): boolean =>
  issuer.subjectDer.equals(certificate.issuerDer) && certificate.x509.verify(issuer.x509.publicKey)

/** Whole days that are left at `now`; negative when it is past. */
export const daysLeft = (certificate: Certificate, now: Date): number =>
  Math.floor((certificate.notAfter.getTime() - now.getTime()) / 86_400_000)

/** The key identifier that an issuer calls itself by; computed when it has none. */
export const ownKeyIdentifier = ({ subjectKeyId, x509 }: Certificate): Buffer =>
  subjectKeyId === undefined
    ? keyIdentifier(x509.publicKey.export({ type: 'spki', format: 'der' }))
    : Buffer.from(subjectKeyId, 'hex')
