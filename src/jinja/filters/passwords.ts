import { createHash, randomInt } from 'node:crypto'
import type { Value } from '../../base/value.ts'
import { Cache } from '../cache.ts'
import { failure } from '../errors.ts'
import { shaCrypt } from '../formats/sha-crypt.ts'
import { integerArgument, optionalText, soft, textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'

const SALT = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./'
/** passlib's rounds, which Ansible uses when none are asked for. */
const ROUNDS: Readonly<Record<'sha256' | 'sha512', number>> = { sha256: 535_000, sha512: 656_000 }

/** Many hosts ask for the same hash, and one takes a second. The key is a digest, so that no password is kept. */
const known = new Cache<string>(256, 64 * 1024)

function kindOf(name: string): 'sha256' | 'sha512' {
  const kind = name.replace(/_crypt$/, '')
  if (kind === 'sha256' || kind === 'sha512') return kind
  throw failure(`password_hash() does not know '${name}'; it knows sha512 and sha256`)
}

function passwordHash(value: Value, args: Bound, run: Runtime): string {
  const kind = kindOf(textArgument(args, 'hashtype'))
  const given = optionalText(args, 'salt')
  if (given === undefined) run.impure("the filter 'password_hash' without a salt")
  const salt = given ?? Array.from({ length: 16 }, () => SALT[randomInt(SALT.length)]).join('')
  if (!/^[A-Za-z0-9./]{0,16}$/.test(salt)) throw failure('a salt has at most 16 letters, digits, dots and slashes')
  const rounds = args.value('rounds') === null ? ROUNDS[kind] : integerArgument(args, 'rounds')
  const key = createHash('sha256')
    .update(JSON.stringify([kind, soft(value), salt, rounds]))
    .digest('hex')
  return known.get(key, () => shaCrypt(kind, soft(value), salt, rounds))
}

/** Hashes of passwords as /etc/shadow holds them. */
export const PASSWORD_FILTERS: Filters = {
  password_hash: native("hashtype='sha512', salt=None, salt_size=None, rounds=None, ident=None", passwordHash),
}
