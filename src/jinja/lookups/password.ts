import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { makeFolder } from '../../base/folder.ts'
import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { hashOf, newSalt } from '../filters/passwords.ts'
import type { Lookup, LookupContext } from '../options.ts'
import { seeded, TRUE_CHANCE } from '../python/random.ts'
import { toText } from '../python/text.ts'

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()
const DIGITS = '0123456789'
const SETS: Readonly<Record<string, string>> = {
  ascii_letters: LOWER + UPPER,
  ascii_lowercase: LOWER,
  ascii_uppercase: UPPER,
  digits: DIGITS,
  hexdigits: `${DIGITS}abcdefABCDEF`,
  octdigits: '01234567',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
}

interface Wanted {
  readonly path: string
  readonly length: number
  readonly characters: string
  /** A kind of hash: what is asked for is the hash, and the file keeps the password and its salt. */
  readonly encrypt: string | undefined
  readonly ident: string | undefined
  readonly seed: string | undefined
}

/** `path length=20 chars=ascii_letters,digits`: the path may hold blanks. */
function read(term: string, options: ReadonlyMap<string, Value>): Wanted {
  const given = new Map<string, string>()
  for (const [key, value] of options)
    if (value !== null) given.set(key, Array.isArray(value) ? value.map(toText).join(',') : toText(value))
  const path = term.replace(/\s+(length|chars|encrypt|ident|seed)=(\S*)/g, (_whole, name: string, value: string) => {
    given.set(name, value)
    return ''
  })
  const length = Number(given.get('length') ?? 20)
  if (!Number.isInteger(length) || length < 1 || length > 10_000)
    throw failure("the lookup 'password' wants a length from 1 to 10000")
  const names = (given.get('chars') ?? 'ascii_letters,digits,.,,:-_').replaceAll(',,', ',\0').split(',')
  const characters = names
    .map(name => (name === '\0' ? ',' : Object.hasOwn(SETS, name) ? (SETS[name] ?? '') : name))
    .join('')
    .replaceAll('\0', ',')
    .replace(/["']/g, '')
  if (characters === '') throw failure("the lookup 'password' has no characters to choose from")
  return {
    path: path.replace(/^~(?=\/|$)/, homedir()),
    length,
    characters,
    encrypt: given.get('encrypt') || undefined,
    ident: given.get('ident'),
    seed: given.get('seed'),
  }
}

interface Kept {
  readonly password: string
  readonly salt: string | undefined
}

/** `password salt=SALT` as it stands in the file. */
function readKept(file: string): Kept {
  const text = readFileSync(file, 'utf8').trimEnd()
  const at = text.lastIndexOf(' salt=')
  if (at < 0) return { password: text, salt: undefined }
  return { password: text.slice(0, at), salt: text.slice(at + ' salt='.length).split(' ')[0] }
}

/** Does something with the file; what the system refuses is told with its path. */
function withFile<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error
    throw failure(`the lookup 'password' cannot keep a password in ${file}: ${String(reason)}`)
  }
}

/** What the file keeps; what lacks in it is made and written there. /dev/null never keeps anything. */
function keptOrMade({ path, length, characters, encrypt, seed }: Wanted, { options }: LookupContext): Kept {
  const file = resolve(path)
  const keeps = path !== '/dev/null'
  const before = keeps && existsSync(file) ? withFile(file, () => readKept(file)) : undefined
  const chance = seed === undefined ? TRUE_CHANCE : seeded(seed)
  const made = (): string => Array.from({ length }, () => characters[chance.below(characters.length)] ?? '').join('')
  const password = before?.password ?? made()
  const salt = encrypt === undefined ? before?.salt : (before?.salt ?? newSalt(encrypt))
  if (keeps && (before === undefined || salt !== before.salt)) {
    options.acting?.()
    withFile(file, () => {
      makeFolder(dirname(file), 0o700)
      writeFileSync(file, `${password}${salt === undefined ? '' : ` salt=${salt}`}\n`, { mode: 0o600 })
    })
  }
  return { password, salt }
}

/** The password in a file on the controller, or its hash; made and written there when there is none. */
const password: Lookup = {
  run: (terms, options, context) =>
    terms.map(term => {
      const wanted = read(toText(term), options)
      const kept = keptOrMade(wanted, context)
      if (wanted.encrypt === undefined) return kept.password
      return hashOf(kept.password, { type: wanted.encrypt, salt: kept.salt ?? '', ident: wanted.ident })
    }),
}

/** Lookups that make secrets. */
export const PASSWORD_LOOKUPS: Readonly<Record<string, Lookup>> = { password }
