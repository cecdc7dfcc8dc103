import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import type { Lookup } from '../options.ts'
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
}

/** `path length=20 chars=ascii_letters,digits`: the path may hold blanks. */
function read(term: string, options: ReadonlyMap<string, Value>): Wanted {
  const given = new Map(
    [...options].map(([key, value]) => [key, Array.isArray(value) ? value.map(toText).join(',') : toText(value)]),
  )
  const path = term.replace(/\s+(length|chars|encrypt|ident|seed)=(\S+)/g, (_whole, name: string, value: string) => {
    given.set(name, value)
    return ''
  })
  for (const name of ['encrypt', 'seed', 'ident']) {
    if (given.has(name)) throw failure(`the lookup 'password' does not know '${name}'; use the filter password_hash`)
  }
  const length = Number(given.get('length') ?? 20)
  if (!Number.isInteger(length) || length < 1 || length > 10_000)
    throw failure("the lookup 'password' wants a length from 1 to 10000")
  const names = (given.get('chars') ?? 'ascii_letters,digits,.:-_').replaceAll(',,', ',\0').split(',')
  const characters = names
    .map(name => (name === '\0' ? ',' : Object.hasOwn(SETS, name) ? (SETS[name] ?? '') : name))
    .join('')
  return { path: path.replace(/^~(?=\/|$)/, homedir()), length, characters: [...new Set(characters)].join('') }
}

/** The password in a file on the controller; made and written there when there is none. /dev/null never keeps one. */
const password: Lookup = {
  run: (terms, options) =>
    terms.map(term => {
      const { path, length, characters } = read(toText(term), options)
      const file = resolve(path)
      const kept = path !== '/dev/null'
      if (kept && existsSync(file)) return readFileSync(file, 'utf8').replace(/ salt=\S*\s*$|\s+$/, '')
      const made = Array.from({ length }, () => characters[randomInt(characters.length)] ?? '').join('')
      if (kept) {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
        writeFileSync(file, `${made}\n`, { mode: 0o600 })
      }
      return made
    }),
}

/** Lookups that make secrets. */
export const PASSWORD_LOOKUPS: Readonly<Record<string, Lookup>> = { password }
