import type { Secret } from '../base/secret.ts'
import { askSecret } from './ask.ts'
import type { Desk } from './desk.ts'
import type { ConnectionOptions } from './options.ts'

/** The passwords that `-k` and `-K` ask for. */
export async function askPasswords(
  options: ConnectionOptions,
  { mask, stop }: Desk,
): Promise<{ password?: Secret; becomePassword?: Secret }> {
  const ask = async (prompt: string, label: string) => {
    const secret = await askSecret(prompt, label, stop.signal)
    mask.add(secret)
    return secret
  }
  const password = options.askPass ? await ask('SSH password: ', 'SSH password') : undefined
  if (!options.askBecomePass) return password ? { password } : {}
  const becomePassword = await ask('BECOME password: ', 'become password')
  return { ...(password ? { password } : {}), becomePassword }
}
