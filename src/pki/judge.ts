import type { Diagnostic } from '../base/diagnostic.ts'
import type { Secret } from '../base/secret.ts'
import { ANY_USE, type Certificate, SERVER_AUTH } from './certificate.ts'
import { judgeChain } from './chain.ts'
import { dnsNameFault, looksLikeIp, serverName } from './names.ts'
import { openKey } from './private-key.ts'
import { day, judgeDates, judgeIssuer, judgeStrength } from './soundness.ts'
import { fault, warning } from './verdict.ts'

/** A file of CA certificates that clients shall trust. */
export function judgeAnchors(anchors: readonly Certificate[], what: string, now: Date): Diagnostic[] {
  if (anchors.length === 0)
    return [fault('no-certificate', `${what} holds no certificate`, 'Give the CA certificate in PEM')]
  return anchors.flatMap((anchor, i) => {
    const name = anchors.length === 1 ? what : `certificate ${i + 1} of ${what} (${anchor.subject})`
    const found = [...judgeDates(anchor, name, now), ...judgeStrength(anchor, name)]
    if (anchor.subjectDer.length <= 2)
      found.push(fault('subject-empty', `${name} has an empty subject`, 'Issue it again with a common name'))
    const leaf = !anchor.constraints?.ca
    if (leaf && anchor.selfSigned)
      found.push(
        warning(
          'anchor-is-leaf',
          `${name} is a self-signed server certificate, not a CA: with each renewal every client must be given the new one`,
          'Make a CA once, and have it sign the server certificate',
        ),
      )
    else found.push(...judgeIssuer(anchor, name))
    if (!leaf && !anchor.selfSigned)
      found.push(
        warning(
          'anchor-is-intermediate',
          `${name} is an intermediate CA: Docker takes it as an anchor, OpenSSL and curl want the root`,
          `Add the certificate of ${anchor.issuer}`,
        ),
      )
    if (anchor.nameConstraints)
      found.push(
        warning(
          'name-constraints',
          `${name} limits the names that it may sign for (nameConstraints)`,
          'Check that repo_host is among them',
        ),
      )
    return found
  })
}

/** The certificate is good for every host that clients will dial. Only SANs count: Docker ignores the common name. */
function judgeNames(leaf: Certificate, hosts: readonly string[], what: string): Diagnostic[] {
  const found: Diagnostic[] = []
  const listed = leaf.names.map(({ kind, value }) => `${kind === 'ip' ? 'IP' : 'DNS'}:${value}`).join(', ')
  if (leaf.names.length === 0)
    return [
      fault(
        'san-missing',
        `${what} has no subject alternative names; Docker ignores the common name (${leaf.subject || 'empty'})`,
        `Issue it again with a SAN for ${hosts.join(', ') || 'each name of the server'}`,
      ),
    ]
  const mistyped = leaf.names.filter(
    ({ kind, value }) => kind === 'dns' && (serverName(value).kind === 'ip' || looksLikeIp(value)),
  )
  for (const { value } of mistyped)
    found.push(
      fault(
        'san-type',
        `${what} holds the address ${value} as a DNS name; an address must be of type IP`,
        `Issue it again with IP:${value}`,
      ),
    )
  for (const { kind, value } of leaf.names) {
    const odd = kind === 'dns' && dnsNameFault(value, { wildcard: true })
    if (odd && !looksLikeIp(value))
      found.push(
        warning(
          'san-odd',
          `${what} has the DNS name '${value.slice(0, 80)}', which ${odd}`,
          'Issue it again without it',
        ),
      )
  }
  if (leaf.names.length > 100)
    found.push(
      warning(
        'san-many',
        `${what} has ${leaf.names.length} subject alternative names`,
        'Some clients refuse so long a list',
      ),
    )
  for (const host of hosts) {
    const { kind, value } = serverName(host)
    const covered =
      kind === 'ip'
        ? leaf.x509.checkIP(value)
        : leaf.x509.checkHost(value, { subject: 'never', partialWildcards: false })
    if (covered === undefined)
      found.push(
        fault(
          'san-lacks-host',
          `${what} is not valid for ${host}: its names are ${shorten(listed)}`,
          `Issue it again with ${kind === 'ip' ? 'IP' : 'DNS'}:${value} among its subject alternative names`,
        ),
      )
  }
  return found
}

const shorten = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)} ...` : text)

/** A private key is the one of the certificate. */
export function judgeKey(leaf: Certificate, key: Secret, what: string): Diagnostic[] {
  try {
    if (leaf.x509.checkPrivateKey(openKey(key))) return []
  } catch (cause) {
    return [
      fault(
        'key-unreadable',
        `the key of ${what} cannot be read: ${(cause as Error).message}`,
        'Give the unencrypted PEM key that belongs to the certificate',
      ),
    ]
  }
  return [
    fault(
      'key-mismatch',
      `the private key does not match ${what} (${leaf.subject})`,
      'Give the key that the certificate was requested with, or issue the certificate again',
    ),
  ]
}

export interface ServerCase {
  /** Leaf first, then its issuers in order. */
  readonly chain: readonly Certificate[]
  /** The CA certificates that clients trust; without them the chain is judged as far as it goes. */
  readonly anchors?: readonly Certificate[]
  /** Every host that clients dial. */
  readonly hosts: readonly string[]
  readonly key?: Secret
  readonly now: Date
  /** How messages call the leaf; `the server certificate` when absent. */
  readonly what?: string
}

/** Everything that can be wrong with a TLS server's certificate, chain and key, as Docker's clients would see it. */
export function judgeServer({
  chain,
  anchors,
  hosts,
  key,
  now,
  what = 'the server certificate',
}: ServerCase): Diagnostic[] {
  const [leaf] = chain
  if (!leaf) return [fault('no-certificate', `${what} is missing`, 'Give it in PEM')]
  const found = [...judgeDates(leaf, what, now), ...judgeStrength(leaf, what), ...judgeNames(leaf, hosts, what)]
  const { extendedKeyUsage, keyUsage, constraints, selfSigned, notAfter, notBefore } = leaf
  if (extendedKeyUsage && !extendedKeyUsage.includes(SERVER_AUTH) && !extendedKeyUsage.includes(ANY_USE))
    found.push(
      fault(
        'usage-not-server',
        `${what} is not for servers: its extendedKeyUsage lacks serverAuth ("incompatible key usage" in Docker)`,
        'Issue it again with extendedKeyUsage serverAuth',
      ),
    )
  if (keyUsage && !keyUsage.some(usage => ['digitalSignature', 'keyEncipherment', 'keyAgreement'].includes(usage)))
    found.push(
      fault(
        'usage-not-server',
        `the keyUsage of ${what} (${keyUsage.join(', ')}) does not allow TLS`,
        'Issue it again with keyUsage digitalSignature and keyEncipherment',
      ),
    )
  if (constraints?.ca && !selfSigned)
    found.push(
      fault(
        'leaf-is-ca',
        `${what} is itself a CA (${leaf.subject})`,
        'Put the certificate of the server first, its issuers after it',
      ),
    )
  if (notAfter.getTime() - notBefore.getTime() > 10 * 366 * 86_400_000)
    found.push(
      warning(
        'validity-long',
        `${what} is valid until ${day(notAfter)}, for more than ten years`,
        'Prefer a short life and renewal',
      ),
    )
  if (key) found.push(...judgeKey(leaf, key, what))
  return [...found, ...judgeChain(chain, anchors, now, what)]
}
