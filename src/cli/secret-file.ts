import { accessSync, constants, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { execa } from 'execa'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { statOf } from '../base/stat.ts'
import { EXIT } from './exit.ts'

/** What a file or program of a password said, and what is known of it. */
export interface SecretFile {
  readonly bytes: Buffer
  /** It is a program, which printed them. */
  readonly printed: boolean
  /** Its permissions, file type included. */
  readonly mode: number
  readonly path: string
}

/** How a file of a password is read. */
export interface SecretFileWish {
  /** What it holds, for messages: `vault password`. */
  readonly label: string
  /** The code of faults. */
  readonly code: string
  /** Arguments for a program, by its path. */
  readonly args?: (path: string) => readonly string[]
  /** Why a program ended so; undefined where there is nothing special to say. */
  readonly why?: (path: string, status: number | undefined) => string | undefined
  readonly home: string | undefined
  readonly signal: AbortSignal
}

/**
 * Reads a file that holds a password; one that may be executed is run, with this process's standard input and error, and what it prints
 * counts. Nothing is masked here: whoever takes the password out of the bytes does that.
 * @throws InputError when there is none, it cannot be read or run; the signal's reason when that was raised
 */
export async function readSecretFile(file: string, wish: SecretFileWish): Promise<SecretFile> {
  const path = resolve(file.replace(/^~(?=\/|$)/, wish.home ?? homedir()))
  const stats = statOf(path)
  if (!stats) throw refusal(wish, path, `there is no such ${wish.label} file`, 'correct its path', EXIT.missing)
  const printed = stats.isFile() && executable(path, stats.mode)
  const bytes = printed ? await printedBy(path, wish) : read(path, wish)
  return { bytes, printed, mode: stats.mode, path }
}

const executable = (path: string, mode: number): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return (mode & 0o111) !== 0
  } catch {
    // The system says no: then it is no program for us.
    return false
  }
}

function read(path: string, wish: SecretFileWish): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw refusal(wish, path, `the ${wish.label} file cannot be read: ${code}`, 'check its mode and owner')
  }
}

async function printedBy(path: string, wish: SecretFileWish): Promise<Buffer> {
  const { label, signal } = wish
  // Without this line, a shell would take the password for a command, and say its name.
  if (!/^(?:#!|\x7fELF)/.test(read(path, wish).toString('latin1', 0, 4)))
    throw refusal(wish, path, 'it may be executed and is no program', 'if it holds the password: chmod -x it')
  const ended = await execa(path, wish.args?.(path) ?? [], {
    ...{ reject: false, encoding: 'buffer', stripFinalNewline: false, cancelSignal: signal },
    ...{ stdin: 'inherit', stderr: 'inherit' },
  } as const)
  if (signal.aborted) throw signal.reason
  if (ended.exitCode === 0) return Buffer.from(ended.stdout)
  if (ended.exitCode === undefined && ended.signal === undefined)
    throw refusal(
      wish,
      path,
      `the ${label} program cannot be started: ${ended.code ?? ended.shortMessage}`,
      'is the interpreter in its first line there?',
    )
  throw refusal(
    wish,
    path,
    `the ${label} program ended with ${ended.exitCode ?? ended.signal}`,
    wish.why?.(path, ended.exitCode) ?? 'run it by hand',
  )
}

function refusal({ code }: SecretFileWish, path: string, message: string, remedy: string, exit: number = EXIT.input) {
  const fault: Diagnostic = { code, severity: 'error', message, span: { file: path, line: 1, col: 1 }, remedy }
  return new InputError([fault], exit)
}
