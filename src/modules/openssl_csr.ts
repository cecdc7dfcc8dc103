import type { Fields } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { type Plan, refuse } from '../kit/plan.ts'
import { at, entry, text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { type Answered, requesting, wantedRequest } from '../questions/openssl.ts'
import { worn } from '../questions/worn.ts'
import { OWNERSHIP } from './shared/attributes.ts'
import { makeAlways, makeWhole, removeFile } from './shared/made.ts'
import { requestConfig, requestFault, requestWish, signerOf, wrongRequest } from './shared/request.ts'
import { REASONS } from './shared/request-extensions.ts'

const LIST = { type: 'array', items: { type: 'string' } } as const
const CRITICAL = {
  type: 'boolean',
  default: false,
  description: 'Who does not know the extension must refuse',
} as const
const WORDS = { type: 'string', pattern: '^[A-Za-z0-9 .:-]+$' } as const

/** A request for a certificate says what it shall say. The host signs it; its key is not looked at elsewhere. */
export default defineModule({
  name: 'openssl_csr',
  collection: 'community.crypto',
  summary: 'A certificate signing request is there and says what is wanted, or is not there',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    exclusive: [
      ['privatekey_path', 'privatekey_content'],
      ['subject', 'subject_ordered'],
    ],
    properties: {
      path: { type: 'string', path: true, minLength: 1, description: 'The file of the request' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      privatekey_path: { type: 'string', path: true, description: 'The key that it is for, a file of the host' },
      privatekey_content: { type: 'string', secret: true, description: 'The key itself' },
      privatekey_passphrase: { type: 'string', secret: true, description: 'What opens the key' },
      digest: { type: 'string', pattern: '^[A-Za-z0-9-]+$', default: 'sha256', description: 'Digest of the signature' },
      subject: {
        type: 'object',
        additionalProperties: true,
        description: 'Attributes of the name: one or a list each',
      },
      subject_ordered: { type: 'array', items: { type: 'object', additionalProperties: true } },
      country_name: { type: 'string', aliases: ['C', 'countryName'] },
      state_or_province_name: { type: 'string', aliases: ['ST', 'stateOrProvinceName'] },
      locality_name: { type: 'string', aliases: ['L', 'localityName'] },
      organization_name: { type: 'string', aliases: ['O', 'organizationName'] },
      organizational_unit_name: { type: 'string', aliases: ['OU', 'organizationalUnitName'] },
      common_name: { type: 'string', aliases: ['CN', 'commonName'] },
      email_address: { type: 'string', aliases: ['E', 'emailAddress'] },
      subject_alt_name: {
        ...LIST,
        aliases: ['subjectAltName'],
        description: 'Names that the certificate is good for: DNS:, IP:, email:, URI:, RID:',
      },
      subject_alt_name_critical: { ...CRITICAL, aliases: ['subjectAltName_critical'] },
      use_common_name_for_san: {
        type: 'boolean',
        default: true,
        aliases: ['useCommonNameForSAN'],
        description: 'Without other names, the common name is one',
      },
      key_usage: { type: 'array', items: WORDS, aliases: ['keyUsage'] },
      key_usage_critical: { ...CRITICAL, aliases: ['keyUsage_critical'] },
      extended_key_usage: { type: 'array', items: WORDS, aliases: ['extKeyUsage', 'extendedKeyUsage'] },
      extended_key_usage_critical: { ...CRITICAL, aliases: ['extKeyUsage_critical', 'extendedKeyUsage_critical'] },
      basic_constraints: { type: 'array', items: WORDS, aliases: ['basicConstraints'] },
      basic_constraints_critical: { ...CRITICAL, aliases: ['basicConstraints_critical'] },
      ocsp_must_staple: { type: 'boolean', default: false, aliases: ['ocspMustStaple'] },
      ocsp_must_staple_critical: { ...CRITICAL, aliases: ['ocspMustStaple_critical'] },
      create_subject_key_identifier: { type: 'boolean', default: false, description: "The key's digest names the key" },
      subject_key_identifier: { type: 'string', pattern: '^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*$' },
      force: { type: 'boolean', default: false, description: 'Make it anew every time' },
      backup: { type: 'boolean', default: false, description: 'Keep the old request beside the new one' },
      return_content: { type: 'boolean', default: false, description: 'Return the request as csr' },
      version: { type: 'integer', minimum: 1, maximum: 1, default: 1 },
      select_crypto_backend: { type: 'string', enum: ['auto', 'cryptography'], default: 'auto' },
      name_constraints_permitted: {
        ...LIST,
        description: 'Names that an authority may certify: DNS:, IP:ADDRESS/BITS, email:, URI:',
      },
      name_constraints_excluded: { ...LIST, description: 'Names that it may not' },
      name_constraints_critical: CRITICAL,
      crl_distribution_points: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          properties: {
            full_name: LIST,
            relative_name: { ...LIST, refused: 'give full_name' },
            crl_issuer: LIST,
            reasons: { type: 'array', items: { type: 'string', enum: Object.keys(REASONS) } },
          },
        },
        description: 'Where it is published which certificates were revoked',
      },
      authority_key_identifier: {
        type: 'string',
        pattern: '^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){0,99}$',
        description: 'What names the key of the authority',
      },
      authority_cert_issuer: { ...LIST, refused: 'the authority names its own certificate' },
      authority_cert_serial_number: { type: 'integer', refused: 'the authority names its own certificate' },
      ...OWNERSHIP,
    },
  },
  probe(args, host) {
    const path = at(args.path, host)
    const wish = requestWish(args)
    const config = args.state === 'absent' || requestFault(wish) !== undefined ? '' : requestConfig(wish)
    return {
      self: entry(path, true),
      now: text(path),
      wanted: config === '' ? known<Answered>({ fault: '' }) : wantedRequest(signerOf(args, host), config, args.digest),
      ids: worn({ path, follow: true }, args),
    }
  },
  plan(args, { self, now, wanted, ids }, host): Plan {
    const path = at(args.path, host)
    const wish = requestWish(args)
    const listed = (list: readonly string[] | undefined) => (list === undefined ? null : [...list])
    const result: Fields = {
      filename: path,
      privatekey: args.privatekey_path ?? null,
      subject: wish.subject.map(pair => [...pair]),
      subjectAltName: listed(wish.alternatives.length === 0 ? undefined : wish.alternatives),
      keyUsage: listed(args.key_usage),
      extendedKeyUsage: listed(args.extended_key_usage),
      basicConstraints: listed(args.basic_constraints),
      ocspMustStaple: args.ocsp_must_staple,
      name_constraints_permitted: [...(args.name_constraints_permitted ?? [])],
      name_constraints_excluded: [...(args.name_constraints_excluded ?? [])],
      ...(args.return_content ? { csr: now ?? null } : {}),
    }
    if (args.state === 'absent') return removeFile(path, self, result)
    const fault = requestFault(wish)
    if (fault !== undefined) return refuse(fault)
    if (args.privatekey_path === undefined && args.privatekey_content === undefined)
      return refuse('a request needs a key', 'give privatekey_path or privatekey_content')
    if ('fault' in wanted) return refuse(`the request cannot be made: ${wanted.fault}`, REMEDY)
    const made = requesting(signerOf(args, host), requestConfig(wish), args.digest)
    const making = { path, wish: args, self, ids, what: 'request', made, result }
    return args.force ? makeAlways(making) : makeWhole(making, wrongRequest(now, wanted.text))
  },
})

const REMEDY = 'look whether the key is there (openssl_privatekey), what opens it, and what is asked for'
