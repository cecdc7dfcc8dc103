import { randomBytes } from 'node:crypto'
import { Secret } from '../../base/secret.ts'
import { Unsafe, type Value, Vaulted } from '../../base/value.ts'
import { decrypt, encrypt, passwordText, SALT } from '../../vault/aes256.ts'
import { badId, formatEnvelope, isVaulted, parseEnvelope, VaultFormat } from '../../vault/envelope.ts'
import { failure } from '../errors.ts'
import { optionalText, soft, textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { typeName } from '../python/text.ts'

/** The password that the filter is given, hidden from now on. */
function passwordOf(args: Bound): Secret {
  const given = args.value('secret')
  if (typeof given !== 'string' && !(given instanceof Unsafe))
    throw failure(`Secret passed is required to be a string, instead we got: ${typeName(given)}`)
  return new Secret(passwordText(Buffer.from(soft(given))), 'vault password')
}

/** A text as a vault, in Ansible's own format. */
function vault(value: Value, args: Bound, run: Runtime): string {
  if (typeof value !== 'string' && !(value instanceof Unsafe))
    throw failure(`Can only vault strings, instead we got: ${typeName(value)}`)
  // Before 2.19 the argument had another name.
  const id = optionalText(args, 'vaultid') ?? textArgument(args, 'vault_id')
  const reason = badId(id)
  if (reason !== undefined) throw failure(`the vault id '${id}' cannot be written: ${reason}`)
  const salt = args.value('salt')
  if (salt === null) run.impure("the filter 'vault' without a salt")
  const bytes = salt === null ? randomBytes(SALT) : Buffer.from(soft(salt))
  return formatEnvelope(encrypt(Buffer.from(soft(value)), passwordOf(args), bytes), id)
}

/** The text in a vault; what is none stays as it is. */
function unvault(value: Value, args: Bound): Value {
  const password = passwordOf(args)
  if (typeof value !== 'string' && !(value instanceof Unsafe) && !(value instanceof Vaulted))
    throw failure(`Vault should be in the form of a string, instead we got: ${typeName(value)}`)
  const armour = value instanceof Vaulted ? value.armour : soft(value)
  if (!isVaulted(armour)) return value
  const plain = opened(armour, password).toString('utf8')
  new Secret(plain, 'vault')
  return plain
}

function opened(armour: string, password: Secret): Buffer {
  try {
    const plain = decrypt(parseEnvelope(armour).body, password)
    if (plain) return plain
  } catch (error) {
    if (error instanceof VaultFormat) throw failure(`unvault() cannot read the vaulted text: ${error.message}`)
    throw error
  }
  throw failure('unvault() was given another password than the vault was made with, or the vault was changed')
}

/** Vaults, with a password that the template gives. */
export const VAULT_FILTERS: Filters = {
  vault: native("secret, salt=None, vault_id='filter_default', wrap_object=False, vaultid=None", vault),
  unvault: native("secret, vault_id='filter_default', vaultid=None", unvault),
}
