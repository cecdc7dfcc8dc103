import { defineModule } from '../kit/module.ts'
import { type Plan, refuse } from '../kit/plan.ts'
import { readPem } from '../pki/pem.ts'
import { readRequest } from '../pki/request.ts'
import { at, entry, text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { certifying, type SeenKey, seenKey } from '../questions/openssl.ts'
import { worn } from '../questions/worn.ts'
import { OWNERSHIP } from './shared/attributes.ts'
import {
  authorityConfig,
  datesOf,
  ELSEWHERE,
  MOMENT,
  mistimed,
  moment,
  unnamedIn,
  wantedExtensions,
  wrongCertificate,
} from './shared/certificate.ts'
import { makeAlways, makeWhole, removeFile } from './shared/made.ts'
import { attempt, signerOf } from './shared/request.ts'

const SUBJECT_KEY = {
  type: 'string',
  enum: ['always_create', 'create_if_not_provided', 'never_create'],
  default: 'create_if_not_provided',
  description: "Whether the digest of the key is written down as the key's name",
} as const
const DIGEST = { type: 'string', pattern: '^[A-Za-z0-9-]+$', default: 'sha256' } as const
const VERSION = { type: 'integer', minimum: 3, maximum: 3, default: 3 } as const
const FROM = { type: 'string', pattern: MOMENT, default: '+0s' } as const
const UNTIL = { type: 'string', pattern: MOMENT, default: '+3650d' } as const

/** A certificate for a request, signed by its own key or by an authority whose key is on the host. */
export default defineModule({
  name: 'x509_certificate',
  collection: 'community.crypto',
  summary: 'A certificate for a request is there, signed by itself or by an authority of the host, or is not there',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    exclusive: [
      ['csr_path', 'csr_content'],
      ['privatekey_path', 'privatekey_content'],
      ['ownca_path', 'ownca_content'],
      ['ownca_privatekey_path', 'ownca_privatekey_content'],
    ],
    properties: {
      path: { type: 'string', path: true, minLength: 1, description: 'The file of the certificate' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      provider: { type: 'string', enum: ['ownca', 'selfsigned'], description: 'Who signs' },
      csr_path: { type: 'string', path: true, description: 'The request, a file of the host' },
      csr_content: { type: 'string', description: 'The request itself' },
      privatekey_path: {
        type: 'string',
        path: true,
        description: 'The key of the certificate; it signs if selfsigned',
      },
      privatekey_content: { type: 'string', secret: true },
      privatekey_passphrase: { type: 'string', secret: true },
      selfsigned_digest: DIGEST,
      selfsigned_not_before: { ...FROM, aliases: ['selfsigned_notBefore'] },
      selfsigned_not_after: { ...UNTIL, aliases: ['selfsigned_notAfter'] },
      selfsigned_version: VERSION,
      selfsigned_create_subject_key_identifier: SUBJECT_KEY,
      ownca_path: { type: 'string', path: true, description: "The authority's certificate, a file of the host" },
      ownca_content: { type: 'string', description: "The authority's certificate itself" },
      ownca_privatekey_path: { type: 'string', path: true, description: "The authority's key, a file of the host" },
      ownca_privatekey_content: { type: 'string', secret: true },
      ownca_privatekey_passphrase: { type: 'string', secret: true },
      ownca_digest: DIGEST,
      ownca_not_before: FROM,
      ownca_not_after: UNTIL,
      ownca_version: VERSION,
      ownca_create_subject_key_identifier: SUBJECT_KEY,
      ownca_create_authority_key_identifier: { type: 'boolean', default: true },
      force: { type: 'boolean', default: false, description: 'Make it anew every time' },
      backup: { type: 'boolean', default: false, description: 'Keep the old certificate beside the new one' },
      return_content: { type: 'boolean', default: false, description: 'Return it as certificate' },
      ignore_timestamps: {
        type: 'boolean',
        default: true,
        description:
          'Otherwise a certificate that begins or ends at another moment is made anew; these are absolute then',
      },
      select_crypto_backend: { type: 'string', enum: ['auto', 'cryptography'], default: 'auto' },
      ...ELSEWHERE,
      ...OWNERSHIP,
    },
  },
  probe: (args, host) => ({
    self: entry(at(args.path, host), true),
    now: text(at(args.path, host)),
    request: args.csr_path === undefined ? known(args.csr_content) : text(at(args.csr_path, host)),
    authority: args.ownca_path === undefined ? known(args.ownca_content) : text(at(args.ownca_path, host)),
    key:
      args.privatekey_path === undefined
        ? known<SeenKey | undefined>(undefined)
        : seenKey(at(args.privatekey_path, host), args.privatekey_passphrase),
    ids: worn({ path: at(args.path, host), follow: true }, args),
  }),
  plan(args, seen, host): Plan {
    const { self, now } = seen
    const path = at(args.path, host)
    const own = args.provider === 'ownca'
    const there = now === undefined ? undefined : readPem(now, path).certificates[0]
    const result = {
      filename: path,
      privatekey: args.privatekey_path ?? null,
      csr: args.csr_path ?? null,
      ...(own && args.state === 'present'
        ? { ca_cert: args.ownca_path ?? null, ca_privatekey: args.ownca_privatekey_path ?? null }
        : {}),
      ...(there && args.state === 'present' ? datesOf(there) : {}),
      ...(args.return_content ? { certificate: now ?? null } : {}),
    }
    if (args.state === 'absent') return removeFile(path, self, result)
    const signer = signerOf(
      own
        ? {
            privatekey_path: args.ownca_privatekey_path,
            privatekey_content: args.ownca_privatekey_content,
            privatekey_passphrase: args.ownca_privatekey_passphrase,
          }
        : args,
      host,
    )
    const request = seen.request === undefined ? undefined : attempt(() => readRequest(seen.request ?? ''))
    const authority = own ? readPem(seen.authority ?? '', 'the authority').certificates[0] : undefined
    if (!host.tools.has('openssl')) return refuse(`${host.name} has no openssl`, 'install the package openssl')
    if (args.provider === undefined) return refuse('nobody is to sign', 'provider: selfsigned or ownca')
    if (request === undefined)
      return refuse('there is no request to sign', 'make one with openssl_csr, and name it in csr_path')
    if (own && authority === undefined)
      return refuse('there is no certificate of the authority', 'name it in ownca_path')
    if (signer.path === undefined && signer.content === undefined)
      return refuse('there is no key to sign with', `give ${own ? 'ownca_' : ''}privatekey_path`)
    const key = seen.key?.public?.key
    if (args.privatekey_path !== undefined && !key?.equals(request.publicKey))
      return refuse(
        `${args.privatekey_path} is not the key of the request${seen.key?.fault === undefined ? '' : `: ${seen.key.fault}`}`,
        'make the request anew with this key',
      )
    const extensions = wantedExtensions(
      request,
      {
        subject: own ? args.ownca_create_subject_key_identifier : args.selfsigned_create_subject_key_identifier,
        authority: args.ownca_create_authority_key_identifier,
      },
      authority,
    )
    const [from, until] = own
      ? [moment(args.ownca_not_before), moment(args.ownca_not_after)]
      : [moment(args.selfsigned_not_before), moment(args.selfsigned_not_after)]
    const made = certifying(
      signer,
      {
        config: authorityConfig(extensions, own ? args.ownca_digest : args.selfsigned_digest),
        request: seen.request ?? '',
        authority: authority?.pem,
        unnamed: unnamedIn(extensions),
      },
      { from, until },
    )
    const making = { path, wish: args, self, ids: seen.ids, what: 'certificate', made, result }
    if (args.force) return makeAlways(making)
    if (!args.ignore_timestamps && (typeof from === 'number' || typeof until === 'number'))
      return refuse('a time that is counted from now is another one each time', 'write times as YYYYMMDDhhmmssZ')
    const late = args.ignore_timestamps || !there ? [] : mistimed(there, String(from), String(until))
    return makeWhole(
      making,
      there ? [...wrongCertificate(there, request, extensions, authority), ...late] : ['no certificate'],
    )
  },
})
