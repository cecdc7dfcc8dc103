import type { Diagnostic } from '../base/diagnostic.ts'
import type { Secret } from '../base/secret.ts'
import { type Certificate, issued } from './certificate.ts'
import { openKey } from './private-key.ts'
import { judgeDates, judgeIssuer, judgeStrength } from './soundness.ts'
import { fault } from './verdict.ts'

/** From the leaf to an anchor, link by link: each certificate really signed the one before it. */
export function judgeChain(
  chain: readonly Certificate[],
  anchors: readonly Certificate[] | undefined,
  now: Date,
  what: string,
): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const [i, issuer] of chain.slice(1).entries()) {
    const below = chain[i]
    if (!below) continue
    const name = `certificate ${i + 2} of the chain (${issuer.subject})`
    if (!issued(issuer, below)) found.push(notIssued(issuer, below, name))
    else found.push(...judgeIssuer(issuer, name, i), ...judgeStrength(issuer, name), ...judgeDates(issuer, name, now))
  }
  const last = chain.at(-1)
  if (!anchors || !last || found.some(({ code }) => code === 'chain-broken')) return found
  if (anchors.some(anchor => anchor.fingerprint === last.fingerprint)) return found
  const anchor = anchors.find(candidate => issued(candidate, last))
  if (anchor) return [...found, ...judgeIssuer(anchor, `the CA (${anchor.subject})`, chain.length - 1)]
  const namesake = anchors.find(candidate => candidate.subjectDer.equals(last.issuerDer))
  if (namesake) return [...found, notIssued(namesake, last, `the CA (${namesake.subject})`)]
  if (last.selfSigned)
    return [
      ...found,
      fault(
        'chain-untrusted',
        `${what} is signed by ${last.subject}, which is not in the CA file that clients are given`,
        'Put that certificate into ca.pem, or have the server certificate signed by the CA',
      ),
    ]
  return [
    ...found,
    fault(
      'chain-incomplete',
      `the issuer of ${last.subject || what} is missing: ${last.issuer}`,
      `Append the certificate of '${last.issuer}' to the server certificate (fullchain), or give it as the CA`,
    ),
  ]
}

/** The names agree and the signature does not, or not even the names agree. */
function notIssued(issuer: Certificate, certificate: Certificate, name: string): Diagnostic {
  if (!issuer.subjectDer.equals(certificate.issuerDer))
    return fault(
      'chain-broken',
      `${name} did not issue ${certificate.subject}, whose issuer is ${certificate.issuer}`,
      'Order the file: server certificate, then each issuer of the one before',
    )
  const ids =
    certificate.authorityKeyId && issuer.subjectKeyId && certificate.authorityKeyId !== issuer.subjectKeyId
      ? `: it was signed by another CA of the same name (key ${certificate.authorityKeyId}, not ${issuer.subjectKeyId})`
      : ': the signature does not verify'
  return fault(
    'chain-broken',
    `${name} did not sign ${certificate.subject}${ids}`,
    'Issue the server certificate again with this CA, or give the CA that signed it',
  )
}

/** Certificates in the order that a server sends them, and those that have no part in it. */
export interface Ordered {
  readonly chain: readonly Certificate[]
  readonly strangers: readonly Certificate[]
}

/**
 * Sorts certificates leaf first, whatever order they came in. The leaf is the one that `key` belongs to; without a key the
 * one that is no CA, or that issued none of the others.
 */
export function orderChain(certificates: readonly Certificate[], key?: Secret): Ordered {
  const others = (candidate: Certificate) => certificates.filter(other => other !== candidate)
  const opened = key && openKey(key)
  const leaf =
    (opened && certificates.find(candidate => candidate.x509.checkPrivateKey(opened))) ??
    certificates.find(candidate => !candidate.constraints?.ca) ??
    certificates.find(candidate => !others(candidate).some(other => issued(candidate, other)))
  const chain: Certificate[] = []
  for (let next = leaf; next && !chain.includes(next); ) {
    const current: Certificate = next
    chain.push(current)
    next = current.selfSigned ? undefined : others(current).find(other => issued(other, current))
  }
  return { chain, strangers: certificates.filter(other => !chain.includes(other)) }
}
