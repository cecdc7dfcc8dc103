import { execa } from 'execa'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { rewrite } from '../rewrite.ts'
import {
  type CryptOptions,
  openingRing,
  print,
  readPlain,
  readVaulted,
  rekeyingKey,
  STANDARD,
  sealed,
  sealingKey,
  usage,
} from '../vault-crypt.ts'

export interface VaultFilesOptions extends CryptOptions {
  readonly action: 'encrypt' | 'decrypt' | 'view' | 'rekey'
  readonly files: readonly string[]
  /** `--output`; `-` is standard output. */
  readonly output?: string
  readonly newVaultId?: string
  readonly newVaultPasswordFile?: string
}

type Action = (options: VaultFilesOptions, desk: Desk) => Promise<void>

const SAID = { encrypt: 'Encryption', decrypt: 'Decryption', rekey: 'Rekey', view: undefined } as const

/** `regplay vault encrypt|decrypt|view|rekey`: every file is read and opened before the first one is written. */
export default async function vault(options: VaultFilesOptions, desk: Desk): Promise<number> {
  if (options.output !== undefined && options.files.length > 1)
    throw usage('--output is for one file', 'leave it away, or give one file')
  await ACTIONS[options.action](options, desk)
  const said = SAID[options.action]
  if (said !== undefined && (options.action === 'rekey' || process.stdout.isTTY)) desk.err.write(`${said} successful\n`)
  return EXIT.done
}

const encrypt: Action = async (options, desk) => {
  const files = sourcesOf(options, desk, 'plaintext')
  const key = await sealingKey(options, desk)
  const plain = await each(files, readPlain)
  const wipe = options.output === undefined
  for (const [file, bytes] of plain) await write(options.output ?? file, sealed(bytes, key), { wipe })
}

const decrypt: Action = async (options, desk) => {
  const files = sourcesOf(options, desk, 'ciphertext')
  const keyring = await openingRing(options, desk)
  const opened = await each(files, file => readVaulted(file, keyring))
  for (const [file, { plain }] of opened) await write(options.output ?? file, plain, { secret: true })
}

const rekey: Action = async (options, desk) => {
  const keyring = await openingRing(options, desk)
  const opened = await each(options.files, file => readVaulted(file, keyring))
  const key = await rekeyingKey(options, desk)
  for (const [file, { plain }] of opened) await write(file, sealed(plain, key), {})
}

const view: Action = async (options, desk) => {
  const keyring = await openingRing(options, desk)
  const opened = await each(options.files, file => readVaulted(file, keyring))
  for (const [, { plain }] of opened) await show(plain, desk)
}

const ACTIONS: Readonly<Record<VaultFilesOptions['action'], Action>> = { encrypt, decrypt, rekey, view }

/** The files, else standard input, which somebody at a terminal is told of. */
function sourcesOf({ files }: VaultFilesOptions, { err }: Desk, what: string): readonly string[] {
  if (files.length > 0) return files
  if (process.stdin.isTTY) err.write(`Reading ${what} input from stdin\n`)
  return [STANDARD]
}

async function each<T>(files: readonly string[], read: (file: string) => Promise<T>): Promise<[string, T][]> {
  const out: [string, T][] = []
  for (const file of files) out.push([file, await read(file)])
  return out
}

async function write(file: string, bytes: Buffer, how: Parameters<typeof rewrite>[2]): Promise<void> {
  if (file === STANDARD) await print(bytes)
  else rewrite(file, bytes, how)
}

/** The status by which sh says that there is no such command. */
const NO_COMMAND = 127

/** On a terminal by a pager, which keeps it out of the terminal's history; as it is elsewhere. */
async function show(plain: Buffer, { env, stop }: Desk): Promise<void> {
  if (!process.stdout.isTTY) return print(plain)
  const pager = env['PAGER'] === undefined || env['PAGER'] === '' ? 'less' : env['PAGER']
  const { exitCode = 0 } = await execa('sh', ['-c', pager], {
    ...{ input: plain, stdout: 'inherit', stderr: 'inherit', reject: false, cancelSignal: stop.signal },
    env: { LESS: env['LESS'] ?? 'FRSX' },
  })
  if (exitCode === NO_COMMAND) await print(plain)
  else if (exitCode !== 0)
    throw usage(
      `the pager '${pager}' ended with status ${exitCode}`,
      'set PAGER to another, or send the output to a file',
    )
}
