import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { SALT } from '../vault/aes256.ts'
import { badId, DEFAULT_ID, isVaulted } from '../vault/envelope.ts'
import { Keyring, type Opened, seal, type VaultKey } from '../vault/keyring.ts'
import type { Desk } from './desk.ts'
import { EXIT } from './exit.ts'
import type { VaultOptions } from './options.ts'
import { asking, type KeySource, keySource, keySources, keysOf } from './vault-keys.ts'

/** What the commands of `regplay vault` share. */
export interface CryptOptions extends VaultOptions {
  /** `--encrypt-vault-id` */
  readonly encryptVaultId?: string
}

/** Standard input, or output. */
export const STANDARD = '-'

/** The passwords that open; people are asked when nobody named a source. */
export async function openingRing(options: VaultOptions, desk: Desk): Promise<Keyring> {
  const { vaultIdentity, vaultIdMatch } = desk.config
  const sources = keySources(options, vaultIdentity)
  const keys = await keysOf(sources.length > 0 ? sources : [asking(vaultIdentity)], 'open', desk)
  return new Keyring(keys, vaultIdMatch)
}

/** The one password that encrypts; people are asked, twice, when nobody named a source. */
export async function sealingKey(options: CryptOptions, desk: Desk): Promise<VaultKey> {
  const { vaultIdentity } = desk.config
  const sources = keySources(options, vaultIdentity)
  return oneKey(sources.length > 0 ? sources : [asking(vaultIdentity)], options, desk)
}

/** The password that a file gets by `rekey`. */
export async function rekeyingKey(
  options: CryptOptions & { readonly newVaultId?: string; readonly newVaultPasswordFile?: string },
  desk: Desk,
): Promise<VaultKey> {
  const { vaultIdentity } = desk.config
  const { newVaultId, newVaultPasswordFile: file } = options
  const known = options.encryptVaultId === undefined ? [] : options.vaultIds
  const sources: KeySource[] = [
    ...[...known, ...(newVaultId === undefined ? [] : [newVaultId])].map(each => keySource(each, vaultIdentity)),
    ...(file === undefined ? [] : [{ id: vaultIdentity, named: false, file }]),
  ]
  return oneKey(sources.length > 0 ? sources : [asking(vaultIdentity)], options, desk)
}

async function oneKey(sources: readonly KeySource[], options: CryptOptions, desk: Desk): Promise<VaultKey> {
  const wanted = options.encryptVaultId ?? desk.config.vaultEncryptIdentity
  const ids = [...new Set(sources.map(({ id }) => id))]
  const listed = ids.map(id => `'${id}'`).join(', ')
  if (wanted !== undefined && !ids.includes(wanted))
    throw usage(
      `Did not find a match for --encrypt-vault-id=${wanted} in the known vault-ids [${listed}]`,
      `--vault-id ${wanted}@SOURCE`,
    )
  const chosen = wanted === undefined ? sources : sources.filter(({ id }) => id === wanted).slice(0, 1)
  for (const { id } of chosen) {
    const wrong = badId(id)
    if (wrong) throw usage(`'${id}' cannot be a vault id: ${wrong}`, 'give it another name')
  }
  const several = usage(`several vault passwords could encrypt: ${listed}`, 'say which: --encrypt-vault-id ID')
  if (chosen.length > 1 && chosen.some(({ file }) => file === undefined)) throw several
  // Who has one of the files that are listed for everybody need not say which
  const [key, ...others] = await keysOf(chosen, 'new', desk)
  if (others.length > 0) throw several
  if (!key) throw new Error('a source of a vault password gave neither a password nor a fault')
  return key
}

/** Vaults bytes with fresh salt. */
export const sealed = (plain: Uint8Array, key: VaultKey): Buffer => Buffer.from(seal(plain, key, randomBytes(SALT)))

/** Vaults bytes again with the key that opened them, under the id that the header had. */
export const sealedAgain = (plain: Uint8Array, { key, id }: Opened): Buffer =>
  sealed(plain, { ...key, id: id ?? DEFAULT_ID })

/** The bytes of a file, or of standard input. */
export async function read(file: string): Promise<Buffer> {
  if (file === STANDARD) {
    const chunks: Buffer[] = []
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer))
    return Buffer.concat(chunks)
  }
  try {
    return readFileSync(file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const { code } = error
    throw new InputError(
      [fault('vault-file', `the file cannot be read: ${code}`, file, 'check its path, mode and owner')],
      EXIT.missing,
    )
  }
}

/** The bytes of a file that is not vaulted. */
export async function readPlain(file: string): Promise<Buffer> {
  const bytes = await read(file)
  if (!isVaulted(bytes)) return bytes
  throw new InputError([fault('vault-already', 'the file is vaulted already', file, 'rekey gives it another password')])
}

/** The bytes in a file that is vaulted. */
export async function readVaulted(file: string, keyring: Keyring): Promise<Opened> {
  const bytes = await read(file)
  if (isVaulted(bytes)) return keyring.open(bytes, { file, line: 1, col: 1 })
  throw new InputError([fault('vault-plain', 'the file is not vaulted', file, `regplay vault encrypt ${file}`)])
}

/** Bytes to standard output as they are: what a vault holds is asked for, so nothing of it is masked. */
export const print = (bytes: Uint8Array): Promise<void> =>
  // A reader that went away is told to the stream's own handler.
  new Promise(resolve => process.stdout.write(bytes, () => resolve()))

export const usage = (message: string, remedy: string): InputError =>
  new InputError([{ code: 'vault-usage', severity: 'error', message, remedy }], EXIT.usage)

const fault = (code: string, message: string, file: string, remedy: string): Diagnostic => ({
  ...{ code, severity: 'error', message, remedy },
  span: { file: file === STANDARD ? 'standard input' : file, line: 1, col: 1 },
})
