import { createPublicKey, randomBytes, sign, X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import type { Secret } from '../base/secret.ts'
import { type Certificate, ownKeyIdentifier, readCertificate } from './certificate.ts'
import { dnsNameFault, serverName } from './names.ts'
import { makeKey, openKey } from './private-key.ts'
import { keyIdentifier } from './public-key.ts'

const { asn1 } = forge
const { Class, Type } = asn1

/** node-forge has it and its types do not. */
const pki = forge.pki as typeof forge.pki & { getTBSCertificate(certificate: forge.pki.Certificate): forge.asn1.Asn1 }

const DAY = 86_400_000

/** A certificate and its private key, both PEM. */
export interface Pair {
  readonly certificatePem: string
  readonly key: Secret
}

/** Chance, as an argument so that a test can take it away. */
export type RandomBytes = (count: number) => Buffer

/** What every certificate needs beside its subject. */
interface Lifetime {
  readonly days: number
  readonly now: Date
  /** Milliseconds that the certificate is valid before `now`, for clocks that are behind; an hour when absent. */
  readonly backdate?: number
  readonly random?: RandomBytes
}

export interface CaRequest extends Lifetime {
  readonly name: string
  readonly bits: number
  /** Uses this key instead of making one. */
  readonly key?: Secret
}

export interface LeafRequest extends Lifetime {
  readonly ca: Pair
  readonly name: string
  /** DNS names and IP addresses, each of which becomes a subject alternative name of its type. */
  readonly hosts: readonly string[]
  readonly bits: number
}

/** How an issuer signs: an ECDSA algorithm has no parameters, RSA's are NULL. */
const SIGNATURES: Readonly<Record<string, { readonly oid: string; readonly parameters: boolean }>> = {
  rsa: { oid: '1.2.840.113549.1.1.11', parameters: true },
  ec: { oid: '1.2.840.10045.4.3.2', parameters: false },
}

/**
 * Makes a self-signed certificate authority for TLS servers. Its subject is `CN=name`, it signs leaves only (pathlen 0).
 *
 * @throws RangeError for days or bits that make no sense
 */
export async function makeCa(request: CaRequest): Promise<Pair> {
  const { name, bits, now } = request
  const key = request.key ?? (await makeKey({ bits, label: 'CA key' })).key
  const publicKeyPem = publicPem(key)
  const keyId = keyIdOf(publicKeyPem)
  const certificatePem = build({
    ...request,
    publicKeyPem,
    issuer: { key, keyId },
    notAfter: new Date(now.getTime() + days(request.days)),
    subject: name,
    extensions: [
      { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
      { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    ],
  })
  return { certificatePem, key }
}

/**
 * Makes a server certificate signed by `ca`, with typed subject alternative names (an IP address goes into iPAddress). It
 * does not outlive its CA.
 *
 * @throws RangeError when a host is neither a DNS name nor an IP address, or the CA's key cannot sign
 */
export async function makeLeaf(request: LeafRequest): Promise<Pair> {
  const { ca, name, bits, now, hosts } = request
  const altNames = altNamesOf(hosts)
  const authority = readCertificate(new X509Certificate(ca.certificatePem).raw)
  const { key, publicKeyPem } = await makeKey({ bits, label: 'server key' })
  const certificatePem = build({
    ...request,
    publicKeyPem,
    issuer: { key: ca.key, keyId: ownKeyIdentifier(authority), certificate: authority },
    notAfter: new Date(Math.min(now.getTime() + days(request.days), authority.notAfter.getTime())),
    subject: name,
    extensions: [
      { name: 'basicConstraints', critical: true, cA: false },
      { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  return { certificatePem, key }
}

interface Draft extends Lifetime {
  readonly subject: string
  readonly publicKeyPem: string
  readonly issuer: { readonly key: Secret; readonly keyId: Buffer; readonly certificate?: Certificate }
  readonly notAfter: Date
  readonly extensions: readonly object[]
}

/**
 * node-forge encodes the certificate, node:crypto signs it. The issuer's name is taken over byte by byte, for verifiers
 * compare bytes and a second encoding may choose another string type.
 */
function build({
  subject,
  publicKeyPem,
  issuer,
  notAfter,
  extensions,
  now,
  backdate = 3_600_000,
  random,
}: Draft): string {
  const key = openKey(issuer.key)
  const signature = SIGNATURES[key.asymmetricKeyType ?? '']
  if (!signature) throw new RangeError(`a CA key of type ${key.asymmetricKeyType} cannot sign: RSA or EC is needed`)
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.publicKeyFromPem(publicKeyPem)
  certificate.serialNumber = serialNumber(random ?? randomBytes)
  certificate.validity.notBefore = new Date(
    Math.max(now.getTime() - backdate, issuer.certificate?.notBefore.getTime() ?? Number.NEGATIVE_INFINITY),
  )
  certificate.validity.notAfter = notAfter
  // X.520 allows 64 characters in a common name; nobody but people reads it, the names that count are the SANs.
  const name = [
    { shortName: 'CN', value: subject.slice(0, 64), valueTagClass: Type.UTF8 as unknown as forge.asn1.Class },
  ]
  certificate.setSubject(name)
  certificate.setIssuer(name)
  certificate.setExtensions([
    ...extensions,
    { name: 'subjectKeyIdentifier', subjectKeyIdentifier: keyIdOf(publicKeyPem).toString('hex') },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.keyId.toString('latin1') },
  ])
  certificate.signatureOid = signature.oid
  certificate.siginfo.algorithmOid = signature.oid
  const algorithm = sequence([
    asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(signature.oid).getBytes()),
    ...(signature.parameters ? [asn1.create(Class.UNIVERSAL, Type.NULL, false, '')] : []),
  ])
  const tbs = pki.getTBSCertificate(certificate)
  const parts = tbs.value as forge.asn1.Asn1[]
  parts[2] = algorithm
  if (issuer.certificate) parts[3] = asn1.fromDer(issuer.certificate.subjectDer.toString('latin1'))
  const signed = sign('sha256', Buffer.from(asn1.toDer(tbs).getBytes(), 'latin1'), key)
  const bits = asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, `\0${signed.toString('latin1')}`)
  const der = asn1.toDer(sequence([tbs, algorithm, bits])).getBytes()
  return new X509Certificate(Buffer.from(der, 'latin1')).toString()
}

const sequence = (parts: forge.asn1.Asn1[]): forge.asn1.Asn1 => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts)

/** 127 random bits whose first byte is 01 to 7f: positive, never zero, and always 16 bytes long. */
function serialNumber(random: RandomBytes): string {
  const bytes = Buffer.from(random(16))
  bytes[0] = (bytes[0] ?? 0) & 0x7f || 0x01
  return bytes.toString('hex')
}

const publicPem = (key: Secret): string =>
  createPublicKey(openKey(key)).export({ type: 'spki', format: 'pem' }).toString()

const keyIdOf = (publicKeyPem: string): Buffer =>
  keyIdentifier(createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' }))

const days = (count: number): number => {
  if (!(count > 0 && count <= 36_500)) throw new RangeError(`a certificate for ${count} days is not made`)
  return count * DAY
}

/** Subject alternative names in the order given, each once. In node-forge's words type 2 is dNSName and 7 iPAddress. */
function altNamesOf(hosts: readonly string[]): object[] {
  const names = new Map(hosts.map(serverName).map(name => [`${name.kind}:${name.value}`, name]))
  if (names.size === 0) throw new RangeError('a server certificate needs at least one host')
  return [...names.values()].map(({ kind, value }) => {
    const fault = kind === 'dns' ? dnsNameFault(value, { wildcard: true }) : undefined
    if (fault) throw new RangeError(`'${value}' ${fault}`)
    return kind === 'ip' ? { type: 7, ip: value } : { type: 2, value }
  })
}
