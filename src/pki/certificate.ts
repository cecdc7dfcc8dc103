import { X509Certificate } from 'node:crypto'
import { type Der, elements, readDer, readOid } from './der.ts'
import { canonicalIp, type ServerName } from './names.ts'

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

const USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

/** Extensions that crypto/x509 of Go processes; any other critical one makes it refuse the certificate. */
const KNOWN = new Set([14, 15, 17, 19, 30, 31, 32, 35, 36, 37, 54].map(arc => `2.5.29.${arc}`))

interface Extension {
  readonly critical: boolean
  readonly value: Buffer
}

function readExtensions(tbs: readonly Der[]): Map<string, Extension> {
  const found = new Map<string, Extension>()
  const holder = tbs.find(element => element.tag === 0xa3)
  if (!holder) return found
  for (const extension of elements(readDer(holder.content).content)) {
    const [oid, ...rest] = elements(extension.content)
    const value = rest.at(-1)
    if (!oid || !value) continue
    const critical = rest.length > 1 && rest[0]?.tag === 0x01 && rest[0].content[0] !== 0
    found.set(readOid(oid.content), { critical, value: value.content })
  }
  return found
}

function readConstraints(extension: Extension | undefined): Certificate['constraints'] {
  if (!extension) return undefined
  const parts = elements(readDer(extension.value).content)
  const ca = parts.some(part => part.tag === 0x01 && part.content[0] !== 0)
  const length = parts.find(part => part.tag === 0x02)
  return length && length.content.length > 0 && length.content.length <= 4
    ? { ca, pathLength: length.content.readUIntBE(0, length.content.length) }
    : { ca }
}

function readUsage(extension: Extension | undefined): string[] | undefined {
  if (!extension) return undefined
  const bits = readDer(extension.value).content.subarray(1)
  return USAGES.filter((_name, i) => ((bits[i >> 3] ?? 0) >> (7 - (i & 7))) & 1)
}

function readNames(extension: Extension | undefined): ServerName[] {
  if (!extension) return []
  const names: ServerName[] = []
  for (const name of elements(readDer(extension.value).content)) {
    if (name.tag === 0x82) names.push({ kind: 'dns', value: name.content.toString('latin1') })
    if (name.tag === 0x87) names.push({ kind: 'ip', value: addressText(name.content) })
  }
  return names
}

/** The bytes of an iPAddress as text; a length that is neither 4 nor 16 shows as hex. */
function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.')
  if (bytes.length !== 16) return `0x${bytes.toString('hex')}`
  return canonicalIp(Array.from({ length: 8 }, (_part, i) => bytes.readUInt16BE(i * 2).toString(16)).join(':'))
}

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
  const extensions = readExtensions(tbs)
  const keyId = extensions.get('2.5.29.14')
  const authority = extensions.get('2.5.29.35')
  const authorityKey = authority && elements(readDer(authority.value).content).find(part => part.tag === 0x80)
  const extended = extensions.get('2.5.29.37')
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
    extendedKeyUsage: extended && elements(readDer(extended.value).content).map(({ content }) => readOid(content)),
    names: readNames(extensions.get('2.5.29.17')),
    keyType: x509.publicKey.asymmetricKeyType ?? 'unknown',
    rsaBits: x509.publicKey.asymmetricKeyDetails?.modulusLength,
    signatureAlgorithm: readOid(readDer(algorithm.content).content),
    subjectKeyId: keyId && readDer(keyId.value).content.toString('hex'),
    authorityKeyId: authorityKey?.content.toString('hex'),
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
