import { readFileSync } from 'node:fs'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { Secret } from '../base/secret.ts'
import type { Desk } from './desk.ts'
import { readSecretFile } from './secret-file.ts'

/**
 * The password in a file: its text without line ends at its end. A file that may be executed is run, and what it prints counts; `-` is
 * the standard input.
 * @param label what it is, for messages and for its mask
 */
export async function passwordFrom(
  file: string,
  label: string,
  { env, stop }: Pick<Desk, 'env' | 'stop'>,
): Promise<Secret> {
  const wish = { label, code: 'password-file', home: env['HOME'], signal: stop.signal }
  const bytes = file === '-' ? readFileSync(0) : (await readSecretFile(file, wish)).bytes
  const password = bytes.toString('utf8').replace(/[\r\n]+$/, '')
  if (password !== '') return new Secret(password, label)
  const empty: Diagnostic = {
    code: 'password-file',
    severity: 'error',
    message: `the ${label} that ${file} gives is empty`,
    remedy: 'write the password into it',
  }
  throw new InputError([empty])
}
