import type { Secret } from '../../base/secret.ts'
import type { HostInfo } from '../../kit/host.ts'
import { readName } from '../../pki/distinguished-name.ts'
import { type Extension, generalNames } from '../../pki/extensions.ts'
import { readRequest } from '../../pki/request.ts'
import { at } from '../../questions/files.ts'
import type { Signer } from '../../questions/openssl.ts'
import { alternative } from './general-name.ts'
import { section, unwritable, value } from './openssl-config.ts'
import { extensionFault, extensionLines, type MoreExtensions, namesIn } from './request-extensions.ts'

/** What a request for a certificate shall say. */
export interface RequestWish extends MoreExtensions {
  /** Attributes of the name, in their order. */
  readonly subject: readonly (readonly [type: string, value: string])[]
  readonly alternatives: readonly string[]
  readonly subject_alt_name_critical: boolean
  readonly key_usage?: readonly string[] | undefined
  readonly key_usage_critical: boolean
  readonly extended_key_usage?: readonly string[] | undefined
  readonly extended_key_usage_critical: boolean
  readonly basic_constraints?: readonly string[] | undefined
  readonly basic_constraints_critical: boolean
  readonly ocsp_must_staple: boolean
  readonly ocsp_must_staple_critical: boolean
  readonly create_subject_key_identifier: boolean
  readonly subject_key_identifier?: string | undefined
}

/** Parameters of a name by Ansible's names, and what they are in a certificate. */
const PARTS = [
  ['country_name', 'C'],
  ['state_or_province_name', 'ST'],
  ['locality_name', 'L'],
  ['organization_name', 'O'],
  ['organizational_unit_name', 'OU'],
  ['common_name', 'CN'],
  ['email_address', 'emailAddress'],
] as const

type Part = (typeof PARTS)[number][0]

/** What a task says of a request. */
export interface RequestArgs
  extends Omit<RequestWish, 'subject' | 'alternatives'>,
    Readonly<Partial<Record<Part, string | undefined>>> {
  readonly subject?: Readonly<Record<string, unknown>> | undefined
  readonly subject_ordered?: readonly Readonly<Record<string, unknown>>[] | undefined
  readonly subject_alt_name?: readonly string[] | undefined
  readonly use_common_name_for_san: boolean
}

/** The wish behind a task: without alternative names the first common name is one, as clients look for no other. */
export function requestWish(args: RequestArgs): RequestWish {
  const subject = subjectOf(args)
  const common = subject.find(([type]) => type === 'CN' || type === 'commonName')?.[1]
  const named = args.use_common_name_for_san && common !== undefined ? [`DNS:${common}`] : []
  return { ...args, subject, alternatives: args.subject_alt_name ?? named }
}

/** Who signs, by the parameters that Ansible's modules have for it. */
export const signerOf = (
  args: {
    readonly privatekey_path?: string | undefined
    readonly privatekey_content?: Secret | undefined
    readonly privatekey_passphrase?: Secret | undefined
  },
  host: HostInfo,
): Signer => ({
  path: args.privatekey_path === undefined ? undefined : at(args.privatekey_path, host),
  content: args.privatekey_content,
  passphrase: args.privatekey_passphrase,
})

/** Everything that a task says of the name, in the order in which Ansible puts it together. */
function subjectOf(args: RequestArgs): [type: string, value: string][] {
  const spread = (from: Readonly<Record<string, unknown>>): [string, string][] =>
    Object.entries(from).flatMap(([type, values]) =>
      (Array.isArray(values) ? values : [values]).map((one): [string, string] => [type, String(one)]),
    )
  return [
    ...PARTS.flatMap(([name, short]): [string, string][] => {
      const given = args[name]
      return given === undefined ? [] : [[short, given]]
    }),
    ...(args.subject_ordered ?? []).flatMap(spread),
    ...spread(args.subject ?? {}),
  ]
}

/** What of a wish cannot be written down, as a sentence; undefined when all can. */
export function requestFault(wish: RequestWish): string | undefined {
  if (wish.subject.length === 0) return 'the request would have no subject'
  for (const [type, text] of wish.subject) {
    if (!/^[A-Za-z0-9.]+$/.test(type)) return `${type} is no attribute of a name`
    if (unwritable(text) || text === '') return `the ${type} of the subject is empty or has more than one line`
  }
  for (const name of wish.alternatives)
    if (alternative(name) === undefined || unwritable(name))
      return `the alternative name ${name} is none of DNS:, IP:, email:, URI: and RID:`
  return extensionFault(wish)
}

/** OpenSSL's configuration for a wish without a fault. */
export function requestConfig(wish: RequestWish): string {
  const extension = (name: string, values: readonly string[] | undefined, critical: boolean): [string, string][] =>
    values === undefined || values.length === 0
      ? []
      : [[name, [...(critical ? ['critical'] : []), ...values].join(',')]]
  const more = extensionLines(wish)
  const identifier = wish.create_subject_key_identifier ? 'hash' : wish.subject_key_identifier
  const extensions = [
    ...extension('subjectAltName', wish.alternatives.length === 0 ? [] : ['@names'], wish.subject_alt_name_critical),
    ...extension('keyUsage', wish.key_usage, wish.key_usage_critical),
    ...extension('extendedKeyUsage', wish.extended_key_usage, wish.extended_key_usage_critical),
    ...extension('basicConstraints', wish.basic_constraints, wish.basic_constraints_critical),
    ...extension('tlsfeature', wish.ocsp_must_staple ? ['status_request'] : [], wish.ocsp_must_staple_critical),
    ...extension('subjectKeyIdentifier', identifier === undefined ? [] : [identifier], false),
    ...more.lines,
  ]
  return [
    section('req', [
      ['prompt', 'no'],
      ['utf8', 'yes'],
      ['string_mask', 'utf8only'],
      ['distinguished_name', 'subject'],
      ...(extensions.length === 0 ? [] : ([['req_extensions', 'extensions']] as const)),
    ]),
    section(
      'subject',
      wish.subject.map(([type, text], i) => [`${i}.${type}`, value(text)]),
    ),
    section('extensions', extensions),
    namesIn('names', wish.alternatives),
    ...more.sections,
  ].join('\n')
}

/** What is wrong with the request of a file, as words: all that the wanted one has otherwise. */
export function wrongRequest(text: string | undefined, pem: string): string[] {
  const now = attempt(() => readRequest(text ?? ''))
  if (now === undefined) return ['no request']
  const wanted = readRequest(pem)
  const out: string[] = []
  if (JSON.stringify(readName(now.subjectDer)) !== JSON.stringify(readName(wanted.subjectDer)))
    out.push('another subject')
  if (!now.publicKeyDer.equals(wanted.publicKeyDer)) out.push('another key')
  return [...out, ...unlikeExtensions(now.extensions, wanted.extensions)]
}

/** What a reader makes of a text that may be none of its kind. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

type Extensions = ReadonlyMap<string, Extension>

/** Extensions by OID that are missing on one side or otherwise there; the order of alternative names says nothing. */
export const unlikeExtensions = (now: Extensions, wanted: Extensions): string[] =>
  [...new Set([...now.keys(), ...wanted.keys()])]
    .filter(oid => written(oid, now.get(oid)) !== written(oid, wanted.get(oid)))
    .map(oid => `another ${EXTENSIONS[oid] ?? oid}`)

const written = (oid: string, extension: Extension | undefined): string | undefined =>
  extension &&
  `${extension.critical} ${oid === SAN ? generalNames(extension)?.sort() : extension.value.toString('hex')}`

const SAN = '2.5.29.17'

const EXTENSIONS: Readonly<Record<string, string>> = {
  '2.5.29.14': 'subjectKeyIdentifier',
  '2.5.29.15': 'keyUsage',
  [SAN]: 'subjectAltName',
  '2.5.29.19': 'basicConstraints',
  '2.5.29.30': 'nameConstraints',
  '2.5.29.31': 'crlDistributionPoints',
  '2.5.29.35': 'authorityKeyIdentifier',
  '2.5.29.37': 'extendedKeyUsage',
  '1.3.6.1.5.5.7.1.24': 'tlsfeature',
}
