import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { Secret } from '../base/secret.ts'
import type { Span } from '../base/span.ts'
import { decrypt, encrypt, passwordText } from './aes256.ts'
import { DEFAULT_ID, type Envelope, formatEnvelope, isVaulted, parseEnvelope, VaultFormat } from './envelope.ts'

/** A password and the id under which people speak of it; several passwords may share an id. */
export interface VaultKey {
  readonly id: string
  /** The bytes of the password, one character each (`passwordText`). */
  readonly password: Secret
}

/** A vaulted text, opened. */
export interface Opened {
  readonly plain: Buffer
  /** The key that fitted. */
  readonly key: VaultKey
  /** The id in the header, which need not be the key's. */
  readonly id: string | undefined
}

/** The code of a vaulted text that nobody gave a key for. */
export const LOCKED = 'vault-locked'

/** The vault passwords of a command, in the order in which they are tried. */
export class Keyring {
  readonly keys: readonly VaultKey[]
  readonly #strict: boolean
  readonly #known = new Map<string, Opened>()

  /** @param strict try only the keys whose id stands in the header (`vault_id_match`) */
  constructor(keys: readonly VaultKey[], strict = false) {
    this.keys = keys
    this.#strict = strict
  }

  /**
   * Opens a vaulted text. Keys of the id that the header names are tried first, then all others in their order.
   * @throws InputError with `vault-locked` when no key was given for it, `vault-password` when the given ones do not fit,
   *   `vault-format` when it is no vaulted text
   */
  open(text: string | Buffer, span: Span): Opened {
    const armour = typeof text === 'string' ? text : text.toString('latin1')
    const known = this.#known.get(armour)
    if (known) return known
    try {
      const opened = this.#try(parseEnvelope(armour), span)
      this.#known.set(armour, opened)
      return opened
    } catch (error) {
      if (!(error instanceof VaultFormat)) throw error
      throw new InputError([fault('vault-format', `the vaulted text cannot be read: ${error.message}`, span, FORMAT)])
    }
  }

  #try({ id, body }: Envelope, span: Span): Opened {
    for (const key of this.#candidates(id)) {
      const plain = decrypt(body, key.password)
      if (plain) return { plain, key, id }
    }
    throw new InputError([this.#locked(id, span)])
  }

  #candidates(id: string | undefined): VaultKey[] {
    const own = id ?? DEFAULT_ID
    const others = this.#strict ? [] : this.keys.filter(key => key.id !== own)
    return [...this.keys.filter(key => key.id === own), ...others]
  }

  #locked(id: string | undefined, span: Span): Diagnostic {
    const label = id === undefined ? '' : ` of the vault id '${id}'`
    if (this.keys.length === 0)
      return fault('vault-locked', `the vaulted text${label} was not opened: no vault password was given`, span, GIVE)
    const tried = [...new Set(this.#candidates(id).map(key => `'${key.id}'`))].join(', ')
    if (tried === '')
      return fault(
        LOCKED,
        `the vaulted text${label} was not opened: no password has this id`,
        span,
        `${GIVE} ${STRICT}`,
      )
    if (id !== undefined && !this.keys.some(key => key.id === id))
      return fault(
        LOCKED,
        `no vault password opens the vaulted text${label}; tried: ${tried}`,
        span,
        `give its password: --vault-id ${id}@SOURCE`,
      )
    return fault('vault-password', `no vault password opens the vaulted text${label}; tried: ${tried}`, span, WRONG)
  }
}

const GIVE = 'give it with --ask-vault-pass, --vault-password-file FILE or --vault-id LABEL@SOURCE'
const STRICT = '(vault_id_match forbids to try others)'
const WRONG = 'is it the right password? A text that was changed looks the same: both fail the same proof'
const FORMAT = 'copy the whole text again, from its first line to its last'

const fault = (code: string, message: string, span: Span, remedy: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  span,
  remedy,
})

/** Vaults bytes with a key; the header names the id unless it is `default`. */
export const seal = (plain: Uint8Array, key: VaultKey, salt: Buffer): string =>
  formatEnvelope(encrypt(plain, key.password, salt), key.id)

/**
 * The password in a password file or in what a script printed. A file may itself be vaulted by a key that came before it.
 * @param strip what surrounds a password and is no part of it: all blanks (files, prompts), or line ends (scripts)
 */
export function passwordOf(bytes: Buffer, strip: 'blanks' | 'lines', keyring: Keyring, span: Span): string {
  const trimmed = trim(passwordText(bytes), strip)
  if (strip === 'lines' || !isVaulted(trimmed)) return trimmed
  return trim(passwordText(keyring.open(trimmed, span).plain), 'lines')
}

/** A password that somebody typed, as a key holds it; undefined when nothing was typed. */
export function typedPassword(typed: Secret): Secret | undefined {
  const text = trim(passwordText(Buffer.from(typed.reveal())), 'blanks')
  return text === '' ? undefined : new Secret(text, typed.label)
}

/** What somebody typed to have it vaulted. */
export const typedBytes = (typed: Secret): Buffer => Buffer.from(typed.reveal())

const trim = (text: string, strip: 'blanks' | 'lines'): string =>
  strip === 'lines' ? text.replace(/^[\r\n]+|[\r\n]+$/g, '') : text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
