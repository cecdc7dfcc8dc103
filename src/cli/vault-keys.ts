import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, extname, resolve } from 'node:path'
import { execa } from 'execa'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { Secret } from '../base/secret.ts'
import { DEFAULT_ID } from '../vault/envelope.ts'
import { Keyring, passwordOf, typedPassword, type VaultKey } from '../vault/keyring.ts'
import { askSecret } from './ask.ts'
import type { Desk } from './desk.ts'
import { EXIT } from './exit.ts'
import { tell } from './faults.ts'
import type { VaultOptions } from './options.ts'

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
  const home = source.file.replace(/^~(?=\/|$)/, desk.env['HOME'] ?? homedir())
  const path = resolve(home)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats)
    throw refuse('vault-source', path, 'there is no such vault password file', 'correct its path', EXIT.missing)
  const script = stats.isFile() && executable(path)
  const bytes = script ? await printedBy(path, source, desk) : readBytes(path)
  const span = { file: path, line: 1, col: 1 }
  const text = passwordOf(bytes, script ? 'lines' : 'blanks', new Keyring(known), span)
  if (text === '') throw refuse('vault-source', path, 'it gives an empty vault password', 'write the password into it')
  if (!script && (stats.mode & 0o004) !== 0) tell([readable(path, stats.mode)], json, desk)
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

/** What a password program prints. One whose name ends with `-client` is told the id that is asked for. */
async function printedBy(path: string, { id, named }: KeySource, { stop }: Desk): Promise<Buffer> {
  // Without this line, a shell would take the password for a command, and say its name.
  if (!/^(?:#!|\x7fELF)/.test(readBytes(path).toString('latin1', 0, 4)))
    throw refuse('vault-source', path, 'it may be executed and is no program', 'if it holds the password: chmod -x it')
  const client = basename(path, extname(path)).endsWith('-client')
  const args = client && named ? ['--vault-id', id] : []
  const ended = await execa(path, args, {
    ...{ reject: false, encoding: 'buffer', stripFinalNewline: false, cancelSignal: stop.signal },
    ...{ stdin: 'inherit', stderr: 'inherit' },
  } as const)
  if (stop.signal.aborted) throw stop.signal.reason
  if (ended.exitCode === 0) return Buffer.from(ended.stdout)
  if (ended.exitCode === undefined && ended.signal === undefined)
    throw refuse(
      'vault-source',
      path,
      `the vault password program cannot be started: ${ended.code ?? ended.shortMessage}`,
      'is the interpreter in its first line there?',
    )
  const why = client && ended.exitCode === 2 ? `it knows no password of the id '${id}'` : 'run it by hand'
  throw refuse('vault-source', path, `the vault password program ended with ${ended.exitCode ?? ended.signal}`, why)
}

const executable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return (statSync(path).mode & 0o111) !== 0
  } catch {
    return false
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw refuse('vault-source', path, `the vault password file cannot be read: ${code}`, 'check its mode and owner')
  }
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
