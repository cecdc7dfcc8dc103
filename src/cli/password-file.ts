import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { execa } from 'execa'
import { InputError } from '../base/diagnostic.ts'
import { Secret } from '../base/secret.ts'
import { EXIT } from './exit.ts'

const refuse = (message: string, remedy: string, exit: number = EXIT.input): InputError =>
  new InputError([{ code: 'password-file', severity: 'error', message, remedy }], exit)

const executable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The password in a file: its text without line ends at its end. A file that may be executed is run, and what it prints counts; `-` is
 * the standard input.
 * @param label what it is, for messages and for its mask
 */
export async function passwordFrom(file: string, label: string, signal: AbortSignal): Promise<Secret> {
  const text = file === '-' ? readFileSync(0, 'utf8') : await textOf(resolve(file), label, signal)
  const password = text.replace(/[\r\n]+$/, '')
  if (password === '') throw refuse(`the ${label} that ${file} gives is empty`, 'write the password into it')
  return new Secret(password, label)
}

async function textOf(path: string, label: string, signal: AbortSignal): Promise<string> {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) throw refuse(`there is no file ${path} for the ${label}`, 'correct its path', EXIT.missing)
  if (!stats.isFile() || !executable(path)) return readFileSync(path, 'utf8')
  const ended = await execa(path, [], {
    reject: false,
    cancelSignal: signal,
    stderr: 'inherit',
    stripFinalNewline: false,
  })
  if (ended.exitCode === 0) return ended.stdout
  throw refuse(
    `${path}, which gives the ${label}, ended with status ${ended.exitCode ?? ended.signal}`,
    'run it by hand',
  )
}
