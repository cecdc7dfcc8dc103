import { existsSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { execa } from 'execa'
import { InputError } from '../../base/diagnostic.ts'
import { splitWords } from '../../inventory/words.ts'
import type { Desk } from '../desk.ts'
import { EXIT, SIGNALS, type StopSignal } from '../exit.ts'
import { outputFolder } from '../output-file.ts'
import { PrivateFile } from '../private-file.ts'
import { rewrite } from '../rewrite.ts'
import { type CryptOptions, openingRing, readVaulted, sealed, sealedAgain, sealingKey, usage } from '../vault-crypt.ts'

export interface VaultEditOptions extends CryptOptions {
  readonly action: 'edit' | 'create'
  readonly files: readonly string[]
}

/** `regplay vault edit|create`: an editor on the content, which is vaulted again when it is closed. */
export default async function vaultEdit(options: VaultEditOptions, desk: Desk): Promise<number> {
  return options.action === 'edit' ? edit(options, desk) : create(options, desk)
}

async function edit(options: VaultEditOptions, desk: Desk): Promise<number> {
  const keyring = await openingRing(options, desk)
  for (const file of options.files) {
    const opened = await readVaulted(file, keyring)
    const edited = await inEditor(opened.plain, file, desk)
    if (typeof edited === 'string') return SIGNALS[edited]
    if (!edited.equals(opened.plain)) rewrite(file, sealedAgain(edited, opened))
  }
  return EXIT.done
}

async function create(options: VaultEditOptions, desk: Desk): Promise<number> {
  const [file, ...more] = options.files
  if (file === undefined || more.length > 0) throw usage('create takes one file', 'name one')
  if (existsSync(file)) throw usage(`${file} exists`, 'use edit')
  const key = await sealingKey(options, desk)
  const edited = await inEditor(Buffer.alloc(0), file, desk)
  if (typeof edited === 'string') return SIGNALS[edited]
  outputFolder(dirname(resolve(file)), `the folder of ${file}`)
  rewrite(file, sealed(edited, key))
  return EXIT.done
}

/** The content after somebody edited it; the signal, when one ended it. The file is gone in any case. */
async function inEditor(plain: Buffer, file: string, desk: Desk): Promise<Buffer | StopSignal> {
  const [program, ...args] = editorOf(desk)
  const secret = new PrivateFile(plain, extname(file))
  // From here on signals are ours: the editor on a terminal gets Ctrl-C by itself, and lives on.
  desk.stop.release()
  const stop = new AbortController()
  let by: StopSignal | undefined
  const handlers = (Object.keys(SIGNALS) as StopSignal[]).map(signal => {
    const handler = (): void => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      by ??= signal
      stop.abort()
    }
    process.on(signal, handler)
    return [signal, handler] as const
  })
  try {
    const ended = await execa(program, [...args, secret.path], {
      ...{ stdio: 'inherit', reject: false, cancelSignal: stop.signal, forceKillAfterDelay: 2000 },
    })
    if (by !== undefined) return by
    if (ended.signal === 'SIGINT' || ended.signal === 'SIGTERM' || ended.signal === 'SIGHUP') return ended.signal
    if (ended.failed) throw editorFailed(program, ended.exitCode ?? ended.signal ?? ended.code ?? 'nothing')
    return secret.read()
  } finally {
    secret.remove()
    for (const [signal, handler] of handlers) process.off(signal, handler)
  }
}

/** The words of EDITOR. */
function editorOf({ env }: Desk): [string, ...string[]] {
  const said = env['EDITOR'] === undefined || env['EDITOR'].trim() === '' ? 'vi' : env['EDITOR']
  const { words, fault } = splitWords(said, false)
  const [program, ...args] = words.map(({ text }) => text)
  if (fault || program === undefined) throw usage(`EDITOR cannot be read: ${said}`, 'close its quote')
  return [program, ...args]
}

const editorFailed = (program: string, how: string | number): InputError =>
  new InputError([
    {
      code: 'vault-editor',
      severity: 'error',
      message: `the editor ${program} ended with ${how}: nothing was saved`,
      remedy: 'EDITOR names the editor; one that ends with 0 has its work saved',
    },
  ])
