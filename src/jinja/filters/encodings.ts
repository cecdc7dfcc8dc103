import { createHash, getHashes } from 'node:crypto'
import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { flagArgument, soft, textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native } from '../python/callable.ts'
import { encodingOf } from './charset.ts'

function hashed(value: Value, algorithm: string): string {
  const name = algorithm.toLowerCase()
  if (!getHashes().includes(name))
    throw failure(`unsupported hash type '${algorithm}'; there are md5, sha1, sha256, sha512 and others`)
  return createHash(name).update(soft(value)).digest('hex')
}

const NAMESPACE = Buffer.from('361E6D51FAEC444A9079341386DA8E2E', 'hex')

/** A UUID made from a name by SHA-1 (version 5). */
function uuid(value: Value, args: Bound): string {
  const given = args.value('namespace')
  const space = given === null ? NAMESPACE : Buffer.from(soft(given).replace(/[-{}]/g, ''), 'hex')
  if (space.length !== 16) throw failure(`Invalid value '${soft(given)}' for 'namespace': it is no UUID`)
  const bytes = createHash('sha1').update(space).update(soft(value)).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function encoded(value: Value, args: Bound): string {
  const text = Buffer.from(soft(value), encodingOf(textArgument(args, 'encoding'))).toString('base64')
  return flagArgument(args, 'urlsafe') ? text.replaceAll('+', '-').replaceAll('/', '_') : text
}

function decoded(value: Value, args: Bound): string {
  const given = soft(value).replace(/\s/g, '')
  const text = flagArgument(args, 'urlsafe') ? given.replaceAll('-', '+').replaceAll('_', '/') : given
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1 || text.length % 4 !== 0) {
    throw failure('the text is not base64: its alphabet or its padding is wrong')
  }
  const bytes = Buffer.from(text, 'base64')
  const encoding = encodingOf(textArgument(args, 'encoding'))
  const out = bytes.toString(encoding)
  // Buffer replaces what is no UTF-8; a config file must not be changed in silence.
  if (encoding === 'utf8' && !Buffer.from(out).equals(bytes)) throw failure('what is encoded is no UTF-8 text')
  return out
}

/** Encodings and hashes of text. */
export const ENCODING_FILTERS: Filters = {
  b64encode: native("encoding='utf-8', urlsafe=False", encoded),
  b64decode: native("encoding='utf-8', urlsafe=False", decoded),
  hash: native("hashtype='sha1'", (value, args) => hashed(value, textArgument(args, 'hashtype'))),
  checksum: native('', value => hashed(value, 'sha1')),
  sha1: native('', value => hashed(value, 'sha1')),
  md5: native('', value => hashed(value, 'md5')),
  to_uuid: native('namespace=None', uuid),
}
