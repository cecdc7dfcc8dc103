import { createHash, randomInt } from 'node:crypto'
import { bcrypt } from '../../base/bcrypt.ts'
import { TooCostly } from '../../base/crypt-error.ts'
import { md5Crypt } from '../../base/md5-crypt.ts'
import { shaCrypt } from '../../base/sha-crypt.ts'
import type { Value } from '../../base/value.ts'
import { Cache } from '../cache.ts'
import { failure } from '../errors.ts'
import { integer, integerArgument, optionalText, soft, textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'

const SALT = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./'

interface Kind {
  /** Letters of a salt: at most, and when none is given. */
  readonly salt: number
  /** passlib's, which Ansible uses when none are asked for; undefined where there is no choice. */
  readonly rounds: number | undefined
  hash(password: string, salt: string, rounds: number, ident: string | undefined): string
}

const KINDS: Readonly<Record<string, Kind>> = {
  sha512: { salt: 16, rounds: 656_000, hash: (password, salt, rounds) => shaCrypt('sha512', password, salt, rounds) },
  sha256: { salt: 16, rounds: 535_000, hash: (password, salt, rounds) => shaCrypt('sha256', password, salt, rounds) },
  md5: { salt: 8, rounds: undefined, hash: md5Crypt },
  bcrypt: { salt: 22, rounds: 12, hash: bcrypt },
}

/** Many hosts ask for the same hash, and one takes a second. The key is a digest, so that no password is kept. */
const known = new Cache<string>(256, 64 * 1024)

function kindOf(name: string): Kind {
  const plain = name.replace(/_crypt$/, '').replace(/^blowfish$/, 'bcrypt')
  const kind = Object.hasOwn(KINDS, plain) ? KINDS[plain] : undefined
  if (kind) return kind
  throw failure(`password_hash(): ${name} is not in the list of supported algorithms: ${Object.keys(KINDS).join(', ')}`)
}

/** A salt by true chance. */
export const newSalt = (type: string, size?: number): string =>
  Array.from({ length: size ?? kindOf(type).salt }, () => SALT[randomInt(SALT.length)]).join('')

export interface HashWish {
  readonly type: string
  readonly salt: string
  readonly rounds?: number | undefined
  readonly ident?: string | undefined
}

/** The hash of a password as /etc/shadow holds it. */
export function hashOf(password: string, { type, salt, rounds, ident }: HashWish): string {
  const kind = kindOf(type)
  if (!/^[A-Za-z0-9./]*$/.test(salt) || salt.length > kind.salt)
    throw failure(`a salt has at most ${kind.salt} letters, digits, dots and slashes`)
  const times = rounds ?? kind.rounds ?? 0
  const key = createHash('sha256')
    .update(JSON.stringify([type, password, salt, times, ident]))
    .digest('hex')
  try {
    return known.get(key, () => kind.hash(password, salt, times, ident))
  } catch (error) {
    if (error instanceof TooCostly) throw failure(error.message, 'template-limit')
    if (error instanceof RangeError) throw failure(error.message)
    throw error
  }
}

function passwordHash(value: Value, args: Bound, run: Runtime): string {
  const type = textArgument(args, 'hashtype')
  const given = optionalText(args, 'salt')
  if (given === undefined) run.impure("the filter 'password_hash' without a salt")
  const size = args.value('salt_size') === null ? undefined : integer(args.value('salt_size'), 'salt_size')
  return hashOf(soft(value), {
    type,
    salt: given ?? newSalt(type, size),
    rounds: args.value('rounds') === null ? undefined : integerArgument(args, 'rounds'),
    ident: optionalText(args, 'ident'),
  })
}

/** Hashes of passwords as /etc/shadow holds them. */
export const PASSWORD_FILTERS: Filters = {
  password_hash: native("hashtype='sha512', salt=None, salt_size=None, rounds=None, ident=None", passwordHash),
}
