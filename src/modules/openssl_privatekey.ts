import { dict } from '../base/value.ts'
import type { Fields } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { type Plan, refuse } from '../kit/plan.ts'
import { fingerprints } from '../pki/public-key.ts'
import { at, entry } from '../questions/files.ts'
import { type SeenKey, seenKey } from '../questions/openssl.ts'
import { worn } from '../questions/worn.ts'
import { OWNERSHIP } from './shared/attributes.ts'
import { makeAlways, makeWhole, removeFile } from './shared/made.ts'
import { conversion, generation, misformed, opens, unlike } from './shared/private-key.ts'

/** A private key of OpenSSL is there. The host makes it: it is born where it stays, and is never seen elsewhere. */
export default defineModule({
  name: 'openssl_privatekey',
  collection: 'community.crypto',
  summary: 'A private key of a certain kind is there, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    together: [['passphrase', 'cipher']],
    properties: {
      path: { type: 'string', path: true, minLength: 1, description: 'The file of the key' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      type: {
        type: 'string',
        enum: ['DSA', 'ECC', 'Ed25519', 'Ed448', 'RSA', 'X25519', 'X448'],
        default: 'RSA',
        description: 'The kind of key',
      },
      size: { type: 'integer', minimum: 512, default: 4096, description: 'Bits, for RSA and DSA' },
      curve: { type: 'string', pattern: '^[A-Za-z0-9-]+$', description: 'The curve, for ECC: secp384r1 and others' },
      passphrase: { type: 'string', secret: true, description: 'Locks the key' },
      cipher: { type: 'string', enum: ['auto'], description: 'With a passphrase: AES with 256 bits' },
      format: {
        type: 'string',
        enum: ['auto', 'auto_ignore', 'pkcs1', 'pkcs8'],
        default: 'auto_ignore',
        description: 'How it is written down; auto_ignore leaves a key that is there as it is',
      },
      format_mismatch: { type: 'string', enum: ['convert', 'regenerate'], default: 'regenerate' },
      regenerate: {
        type: 'string',
        enum: ['always', 'fail', 'full_idempotence', 'never', 'partial_idempotence'],
        default: 'full_idempotence',
        description: 'When a key that is there makes room for a new one',
      },
      force: { type: 'boolean', default: false, description: 'The same as regenerate: always' },
      backup: { type: 'boolean', default: false, description: 'Keep the old key beside the new one' },
      select_crypto_backend: { type: 'string', enum: ['auto', 'cryptography'], default: 'auto' },
      return_content: { type: 'boolean', refused: 'a private key does not leave its host' },
      ...OWNERSHIP,
    },
  },
  probe: ({ path, passphrase, ...wish }, host) => ({
    self: entry(at(path, host), true),
    key: seenKey(at(path, host), passphrase),
    ids: worn({ path: at(path, host), follow: true }, wish),
  }),
  plan(args, { self, key, ids }, host): Plan {
    const path = at(args.path, host)
    const result = { filename: path, ...described(args, args.state === 'absent' ? undefined : key) }
    if (args.state === 'absent') return removeFile(path, self, result)
    if (key?.tool === false) return refuse(`${host.name} has no openssl`, 'install the package openssl')
    if (args.type === 'ECC' && args.curve === undefined) return refuse('type ECC needs a curve', 'curve: secp384r1')
    const wish = { ...args, path, mode: args.mode ?? '0600' }
    const making = { path, wish, self, ids, what: `${args.type} key`, made: generation(wish), result }
    if (self === undefined || key === undefined) return makeWhole(making, ['absent'])
    if (args.force || args.regenerate === 'always') return makeAlways(making)
    const kept = args.regenerate === 'never' || args.regenerate === 'fail'
    if (!opens(wish, key))
      return args.regenerate === 'full_idempotence'
        ? makeWhole(making, ['a key that cannot be opened so'])
        : refuse(`Unable to read the key. ${key.fault ?? 'It has no passphrase, or needs one'}`, REMEDY)
    const others = unlike(wish, key)
    if (others.length > 0 && args.regenerate === 'fail')
      return refuse(`Key has wrong type and/or size: ${others.join(', ')}`, REMEDY)
    if (others.length > 0 && !kept) return makeWhole(making, others)
    const converts = args.format_mismatch === 'convert'
    if (misformed(wish, key) && (converts || !kept))
      return makeWhole(converts ? { ...making, made: conversion(wish) } : making, [`${key.armour}`])
    return makeWhole(making, [])
  },
})

const REMEDY = 'remove the file, or say regenerate: full_idempotence for a new key'

/** What is returned of a key: what was asked for, and the digests of the one that is there. */
const described = (
  { type, size, curve }: { type: string; size: number; curve?: string },
  key: SeenKey | undefined,
): Fields => ({
  type,
  size,
  ...(type === 'ECC' && curve !== undefined ? { curve } : {}),
  fingerprint: key?.public ? dict(fingerprints(key.public.der)) : null,
})
