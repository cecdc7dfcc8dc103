import type { Diagnostic } from '../base/diagnostic.ts'
import { type Certificate, daysLeft } from './certificate.ts'
import { MIN_RSA_BITS } from './private-key.ts'
import { fault, warning } from './verdict.ts'

/** Signature algorithms that can be forged, by OID. */
const WEAK_SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'MD2',
  '1.2.840.113549.1.1.4': 'MD5',
  '1.2.840.113549.1.1.5': 'SHA-1',
  '1.2.840.10040.4.3': 'SHA-1',
  '1.2.840.10045.4.1': 'SHA-1',
}

/** Curves that Go's TLS offers. */
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

const WARN_DAYS = 30

export const day = (date: Date): string => date.toISOString().replace('.000Z', 'Z')

/** Validity at a time: over, not begun, or soon over (fewer than 30 days, or less than a third of its life). */
export function judgeDates(certificate: Certificate, what: string, now: Date): Diagnostic[] {
  const { notBefore, notAfter } = certificate
  const renew = 'Renew it'
  if (notAfter <= now)
    return [fault('certificate-expired', `${what} expired on ${day(notAfter)} (it is ${day(now)})`, renew)]
  if (notBefore > now)
    return [
      fault(
        'certificate-not-yet-valid',
        `${what} is valid only from ${day(notBefore)}, and it is ${day(now)}`,
        'Set the clock of this machine, or wait',
      ),
    ]
  const life = notAfter.getTime() - notBefore.getTime()
  const left = notAfter.getTime() - now.getTime()
  const days = daysLeft(certificate, now)
  if (days < WARN_DAYS || left < life / 3)
    return [warning('certificate-expires-soon', `${what} expires on ${day(notAfter)}, in ${days} days`, renew)]
  return []
}

/** Strength of key and signature, and extensions that a verifier would refuse. Judged the same for every certificate. */
export function judgeStrength(certificate: Certificate, what: string): Diagnostic[] {
  const found: Diagnostic[] = []
  const reissue = 'Issue it again'
  const { keyType, rsaBits, signatureAlgorithm, x509, unknownCritical, serial } = certificate
  const curve = x509.publicKey.asymmetricKeyDetails?.namedCurve
  if (keyType === 'rsa' && (rsaBits ?? 0) < MIN_RSA_BITS)
    found.push(
      fault(
        'key-too-short',
        `${what} has an RSA key of ${rsaBits} bits, fewer than ${MIN_RSA_BITS}`,
        `${reissue} with a key of ${MIN_RSA_BITS} bits or more`,
      ),
    )
  else if (keyType === 'ec' && curve !== undefined && !CURVES.has(curve))
    found.push(
      fault(
        'key-type',
        `${what} has an EC key on ${curve}, which Docker's TLS does not know`,
        `${reissue} with P-256 or RSA`,
      ),
    )
  else if (keyType !== 'rsa' && keyType !== 'ec')
    found.push(
      fault(
        'key-type',
        `${what} has a key of type ${keyType}, which not every Docker accepts`,
        `${reissue} with RSA or EC P-256`,
      ),
    )
  const weak = WEAK_SIGNATURES[signatureAlgorithm]
  if (weak)
    found.push(
      fault('signature-weak', `${what} is signed with ${weak}, which can be forged`, `${reissue} with SHA-256`),
    )
  if (unknownCritical.length > 0)
    found.push(
      fault(
        'extension-unknown',
        `${what} has a critical extension that Docker does not know: ${unknownCritical.join(', ')}`,
        `${reissue} without it`,
      ),
    )
  if (/^0*$/.test(serial))
    found.push(warning('serial-zero', `${what} has the serial number 0`, `${reissue} with a random serial number`))
  return found
}

/** Whether a certificate may sign others, and how deep: `below` counts the intermediates under it. */
export function judgeIssuer(certificate: Certificate, what: string, below = 0): Diagnostic[] {
  const { constraints, keyUsage } = certificate
  const remedy = 'Issue it again as a CA: basicConstraints CA:TRUE, keyUsage keyCertSign'
  if (!constraints?.ca)
    return [
      fault(
        'not-a-ca',
        `${what} is not a CA certificate (${constraints ? 'basicConstraints says CA:FALSE' : 'it has no basicConstraints'})`,
        remedy,
      ),
    ]
  const found: Diagnostic[] = []
  if (keyUsage && !keyUsage.includes('keyCertSign'))
    found.push(fault('not-a-ca', `${what} may not sign certificates: its keyUsage lacks keyCertSign`, remedy))
  if (constraints.pathLength !== undefined && constraints.pathLength < below)
    found.push(
      fault(
        'path-too-long',
        `${what} allows ${constraints.pathLength} intermediates below it (pathlen), the chain has ${below}`,
        'Sign the server certificate with this CA, or issue the CA again with a greater pathlen',
      ),
    )
  return found
}
