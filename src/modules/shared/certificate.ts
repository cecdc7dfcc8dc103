import type { Fields } from '../../kit/effect.ts'
import { type Certificate, issued, ownKeyIdentifier } from '../../pki/certificate.ts'
import { readName } from '../../pki/distinguished-name.ts'
import type { Extension } from '../../pki/extensions.ts'
import { keyIdentifier } from '../../pki/public-key.ts'
import type { SigningRequest } from '../../pki/request.ts'
import { integer, time } from './certificate-fields.ts'
import { section } from './openssl-config.ts'
import { unlikeExtensions } from './request.ts'

const SUBJECT_KEY = '2.5.29.14'
const AUTHORITY_KEY = '2.5.29.35'

/** Which key identifiers a certificate gets beside what its request asks for. */
export interface Identifiers {
  readonly subject: 'always_create' | 'create_if_not_provided' | 'never_create'
  /** Whether the authority's key is named; of no use where a certificate signs itself. */
  readonly authority: boolean
}

/** The extensions of a certificate: the request's, and identifiers of the keys. */
export function wantedExtensions(
  request: SigningRequest,
  identifiers: Identifiers,
  authority: Certificate | undefined,
): Map<string, Extension> {
  const wanted = new Map(request.extensions)
  const create = identifiers.subject === 'always_create' || !wanted.has(SUBJECT_KEY)
  if (create && identifiers.subject !== 'never_create')
    wanted.set(SUBJECT_KEY, { critical: false, value: der(0x04, keyIdentifier(request.publicKeyDer)) })
  if (authority && identifiers.authority)
    wanted.set(AUTHORITY_KEY, { critical: false, value: der(0x30, der(0x80, ownKeyIdentifier(authority))) })
  return wanted
}

/** An element of DER with fewer than 128 bytes of content. */
const der = (tag: number, content: Buffer): Buffer => Buffer.concat([Buffer.from([tag, content.length]), content])

/** Key identifiers that a certificate with these extensions has not. */
export const unnamedIn = (extensions: ReadonlyMap<string, Extension>): string[] => [
  ...(extensions.has(SUBJECT_KEY) ? [] : ['subjectKeyIdentifier']),
  ...(extensions.has(AUTHORITY_KEY) ? [] : ['authorityKeyIdentifier']),
]

/** OpenSSL's configuration for signing with these extensions, which are written as their bytes. */
export const authorityConfig = (extensions: ReadonlyMap<string, Extension>, digest: string): string =>
  [
    section('authority', [
      ['database', '$ENV::d/index.txt'],
      ['serial', '$ENV::d/serial'],
      ['new_certs_dir', '$ENV::d'],
      ['unique_subject', 'no'],
      ['email_in_dn', 'yes'],
      ['policy', 'any'],
      // Ed25519 and its kin have no digest to choose, and the usual one is OpenSSL's own.
      ['default_md', digest === 'sha256' ? 'default' : digest],
    ]),
    '[any]',
    section(
      'extensions',
      [...extensions].map(([oid, { critical, value }]) => [
        oid,
        `${critical ? 'critical,' : ''}DER:${value.toString('hex').replaceAll(/..(?=.)/g, '$&:')}`,
      ]),
    ),
  ].join('\n')

/** When a certificate begins and ends, and its number, by the names of x509_certificate. */
export const datesOf = ({ notBefore, notAfter, serial }: Certificate): Fields => ({
  notBefore: time(notBefore),
  notAfter: time(notAfter),
  serial_number: integer(serial),
})

/** What is wrong with the times of a certificate, as words; the wanted ones as `YYYYMMDDhhmmssZ`. */
export const mistimed = ({ notBefore, notAfter }: Certificate, from: string, until: string): string[] => [
  ...(time(notBefore) === from ? [] : ['another beginning']),
  ...(time(notAfter) === until ? [] : ['another end']),
]

/** What is wrong with a certificate, as words: it is not what its request asks for, or not who signs has signed it. */
export function wrongCertificate(
  now: Certificate,
  request: SigningRequest,
  extensions: ReadonlyMap<string, Extension>,
  authority: Certificate | undefined,
): string[] {
  const out: string[] = []
  const names = (bytes: Buffer): string => JSON.stringify(readName(bytes))
  if (!now.x509.publicKey.equals(request.publicKey)) out.push('another key')
  if (names(now.subjectDer) !== names(request.subjectDer)) out.push('another subject')
  if (authority ? !issued(authority, now) : !now.selfSigned) out.push('another issuer')
  return [...out, ...unlikeExtensions(now.extensions, extensions)]
}

/** Seconds of `+3650d`, `-1h`, `+1w2d`, or a time as it is (`20301231235959Z`). */
export function moment(text: string): string | number {
  if (text.endsWith('Z')) return text
  const units: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 }
  const seconds = [...text.matchAll(/(\d+)([wdhms])/g)].reduce(
    (sum, [, n, unit = 's']) => sum + Number(n) * (units[unit] ?? 1),
    0,
  )
  return text.startsWith('-') ? -seconds : seconds
}

/** What `moment` reads. */
export const MOMENT = '^(?:[+-](?:\\d+[wdhms])+|\\d{14}Z)$'

const FOREIGN = {
  type: 'string',
  refused: 'certificates of other authorities are fetched by their own programs',
} as const

/** Parameters of Ansible's providers acme and entrust. */
export const ELSEWHERE = {
  acme_accountkey_path: FOREIGN,
  acme_chain: { type: 'boolean', refused: FOREIGN.refused },
  acme_challenge_path: FOREIGN,
  acme_directory: FOREIGN,
  entrust_api_client_cert_key_path: FOREIGN,
  entrust_api_client_cert_path: FOREIGN,
  entrust_api_key: FOREIGN,
  entrust_api_specification_path: FOREIGN,
  entrust_api_user: FOREIGN,
  entrust_cert_type: FOREIGN,
  entrust_not_after: FOREIGN,
  entrust_requester_email: FOREIGN,
  entrust_requester_name: FOREIGN,
  entrust_requester_phone: FOREIGN,
} as const
