import { basename, extname } from 'node:path'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { Secret } from '../base/secret.ts'
import { DEFAULT_ID } from '../vault/envelope.ts'
import { Keyring, passwordOf, typedPassword, type VaultKey } from '../vault/keyring.ts'
import { askSecret } from './ask.ts'
import type { Desk } from './desk.ts'
import { EXIT } from './exit.ts'
import { tell } from './faults.ts'
import type { VaultOptions } from './options.ts'
import { readSecretFile } from './secret-file.ts'

/** Where a vault password comes from. */
export interface KeySource {
  readonly id: string
  /** Whether somebody gave it this id, or it has the usual one. */
  readonly named: boolean
  /** A file or a program; without it people are asked. */
  readonly file?: string
}

const LABEL = 'vault password'
/** Passwords that people type, and so may mistype, are asked for twice when they are new. */
export type Purpose = 'open' | 'new'

/** `ID@SOURCE` or `SOURCE`, where `prompt` means to ask. */
export function keySource(written: string, usual = DEFAULT_ID): KeySource {
  const at = written.indexOf('@')
  const id = at > 0 ? written.slice(0, at) : usual
  const source = written.slice(at + 1)
  return { id, named: at > 0, ...(/^prompt(?:_ask_vault_pass)?$/.test(source) ? {} : { file: source }) }
}

/** The source that asks people. */
export const asking = (id: string): KeySource => ({ id, named: false })

/** All sources that options and settings name, in the order in which their passwords are tried. */
export function keySources(options: VaultOptions, usual: string): KeySource[] {
  return [
    ...options.vaultIds.map(written => keySource(written, usual)),
    ...options.vaultPasswordFiles.map(file => ({ id: usual, named: false, file })),
    ...(options.askVaultPassword ? [asking(usual)] : []),
  ]
}

/**
 * Gets the passwords. A source that gives none is a warning as long as another one gives one, as in Ansible.
 * @throws InputError when there are sources and none gives a password
 */
export async function keysOf(
  sources: readonly KeySource[],
  purpose: Purpose,
  desk: Desk,
  json = false,
): Promise<VaultKey[]> {
  const keys: VaultKey[] = []
  const faults: InputError[] = []
  for (const source of sources) {
    try {
      keys.push({ id: source.id, password: await passwordFor(source, purpose, keys, desk, json) })
    } catch (error) {
      if (!(error instanceof InputError) || source.file === undefined) throw error
      faults.push(error)
    }
  }
  const all = faults.flatMap(error => error.faults)
  if (keys.length === 0 && all.length > 0)
    throw new InputError(all, faults.every(error => error.exit === EXIT.missing) ? EXIT.missing : EXIT.input)
  tell(
    all.map(fault => ({ ...fault, severity: 'warning' })),
    json,
    desk,
  )
  return keys
}

async function passwordFor(
  source: KeySource,
  purpose: Purpose,
  known: readonly VaultKey[],
  desk: Desk,
  json: boolean,
): Promise<Secret> {
  if (source.file === undefined) return await askFor(source, purpose, desk)
  const client = (path: string): boolean => basename(path, extname(path)).endsWith('-client')
  const { bytes, printed, mode, path } = await readSecretFile(source.file, {
    ...{ label: LABEL, code: 'vault-source', home: desk.env['HOME'], signal: desk.stop.signal },
    // One whose name ends so is told the id that is asked for.
    args: path => (client(path) && source.named ? ['--vault-id', source.id] : []),
    why: (path, status) => (client(path) && status === 2 ? `it knows no password of the id '${source.id}'` : undefined),
  })
  const span = { file: path, line: 1, col: 1 }
  const text = passwordOf(bytes, printed ? 'lines' : 'blanks', new Keyring(known), span)
  if (text === '') throw refuse('vault-source', path, 'it gives an empty vault password', 'write the password into it')
  if (!printed && (mode & 0o004) !== 0) tell([readable(path, mode)], json, desk)
  desk.mask.add(new Secret(Buffer.from(text, 'latin1').toString('utf8'), LABEL))
  return new Secret(text, LABEL)
}

async function askFor({ id, named }: KeySource, purpose: Purpose, { mask, stop }: Desk): Promise<Secret> {
  const ask = async (what: string): Promise<Secret> => {
    const typed = await askSecret(`${what}${named ? ` (${id})` : ''}: `, LABEL, stop.signal)
    const password = typedPassword(typed)
    if (!password)
      throw new InputError([fault('vault-source', 'the vault password is empty', 'type one', undefined)], EXIT.usage)
    mask.add(typed)
    return password
  }
  const password = await ask(purpose === 'new' ? 'New vault password' : 'Vault password')
  if (purpose === 'new' && !password.same(await ask('Confirm new vault password')))
    throw new InputError([fault('vault-source', 'the two vault passwords differ', 'try again', undefined)], EXIT.usage)
  return password
}

const readable = (path: string, mode: number): Diagnostic => ({
  ...fault(
    'vault-source-readable',
    `everybody may read the vault password file (mode ${(mode & 0o7777).toString(8).padStart(4, '0')})`,
    'chmod 0600 it',
    path,
  ),
  severity: 'warning',
})

const fault = (code: string, message: string, remedy: string, path: string | undefined): Diagnostic => ({
  code,
  severity: 'error',
  message,
  ...(path === undefined ? {} : { span: { file: path, line: 1, col: 1 } }),
  remedy,
})

const refuse = (code: string, path: string, message: string, remedy: string, exit: number = EXIT.input): InputError =>
  new InputError([fault(code, message, remedy, path)], exit)
