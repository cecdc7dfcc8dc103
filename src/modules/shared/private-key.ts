import type { Secret } from '../../base/secret.ts'
import { opensslCurve } from '../../pki/public-key.ts'
import { opening, type SeenKey } from '../../questions/openssl.ts'
import { raw, type Script, sh } from '../../shell/script.ts'

/** What is wanted of a private key. */
export interface KeyWish {
  readonly path: string
  readonly type: string
  readonly size: number
  readonly curve?: string | undefined
  readonly passphrase?: Secret | undefined
  readonly format: string
}

/** Kinds that OpenSSL's old formats do not know. */
const MODERN = new Set(['Ed25519', 'Ed448', 'X25519', 'X448'])

/** The format that a wish means: `pkcs1` stands for the old one of each kind. */
const formatOf = ({ format, type }: KeyWish): string =>
  format.startsWith('auto') ? (MODERN.has(type) ? 'pkcs8' : 'pkcs1') : format

/** The passphrase that is asked for opens the key, and none is needed where none is given. */
export const opens = (wish: KeyWish, seen: SeenKey): boolean =>
  seen.public !== undefined && seen.encrypted === (wish.passphrase !== undefined)

/** Where a key is otherwise than wanted, as words; empty when it is not. */
export function unlike(wish: KeyWish, seen: SeenKey): string[] {
  const key = seen.public
  if (key === undefined) return ['unreadable']
  const out: string[] = []
  if (key.type !== wish.type) out.push(`type ${key.type}`)
  else if (wish.type === 'ECC' ? key.curve !== wish.curve : !MODERN.has(wish.type) && key.size !== wish.size)
    out.push(key.curve ?? `${key.size} bits`)
  return out
}

/** The key is written down in another way than is asked for; `auto_ignore` asks for nothing. */
export const misformed = (wish: KeyWish, seen: SeenKey): boolean =>
  wish.format !== 'auto_ignore' &&
  formatOf(wish) !== (/^(?:RSA|DSA|EC) PRIVATE KEY$/.test(seen.armour ?? '') ? 'pkcs1' : 'pkcs8')

/** Shell text that makes a key on the target and prints it, locked by the passphrase if there is one. */
export function generation(wish: KeyWish): Script {
  const lock = wish.passphrase
  const written = sh`openssl pkey ${style(wish)}`
  // A key is made with a closed input; the passphrase waits in a pipe of its own, where no list of processes shows it.
  return lock === undefined
    ? sh`${generator(wish)} | ${written}`
    : sh`printf '%s\n' ${lock} | { exec 3<&0; ${generator(wish)} </dev/null | ${written} -aes256 -passout fd:3; }`
}

/** Shell text that prints the key of a file in the wanted format. */
export function conversion(wish: KeyWish): Script {
  const { feed, words } = opening(wish.path, wish.passphrase)
  const written = sh`openssl pkey ${style(wish)}`
  if (wish.passphrase === undefined) return sh`${written} -in ${words}`
  return sh`printf '%s\n' ${wish.passphrase} | { exec 3<&0; ${feed} | openssl pkey -in ${words} | ${written} -aes256 -passout fd:3; }`
}

const style = (wish: KeyWish): Script => raw(formatOf(wish) === 'pkcs1' ? '-traditional' : '')

/** Prints a new key in some format. Dots that tell of the search for primes are no words. */
function generator({ type, size, curve }: KeyWish): Script {
  switch (type) {
    case 'RSA':
      return sh`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:${size} 2>/dev/null`
    case 'DSA':
      return sh`openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:${size} 2>/dev/null | openssl genpkey -paramfile /dev/stdin`
    case 'ECC':
      return sh`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:${opensslCurve(curve ?? '')} -pkeyopt ec_param_enc:named_curve`
    default:
      return sh`openssl genpkey -algorithm ${type.toUpperCase()}`
  }
}
