import { Secret } from '../base/secret.ts'
import { askSecret } from './ask.ts'
import type { Desk } from './desk.ts'
import type { ConnectionOptions } from './options.ts'
import { passwordFrom } from './password-file.ts'

/** Where a password comes from. */
interface Source {
  readonly ask: boolean
  readonly file: string | undefined
  readonly prompt: string
  readonly label: string
}

/** The passwords of login and become: from files, or asked for on the terminal. An empty answer for become means the login's. */
export async function askPasswords(
  options: ConnectionOptions,
  desk: Desk,
): Promise<{ password?: Secret; becomePassword?: Secret }> {
  const get = async ({ ask, file, prompt, label }: Source): Promise<Secret | undefined> => {
    if (!ask && file === undefined) return undefined
    const secret =
      file === undefined ? await askSecret(prompt, label, desk.stop.signal) : await passwordFrom(file, label, desk)
    desk.mask.add(secret)
    return secret
  }
  const password = await get({
    ...{ ask: options.askPass, file: options.passwordFile },
    ...{ prompt: 'SSH password: ', label: 'SSH password' },
  })
  const also = password === undefined ? '' : '[defaults to SSH password]'
  const asked = await get({
    ...{ ask: options.askBecomePass, file: options.becomePasswordFile },
    ...{ prompt: `BECOME password${also}: `, label: 'become password' },
  })
  const becomePassword = asked?.same(new Secret('', '')) ? password : asked
  return { ...(password ? { password } : {}), ...(becomePassword ? { becomePassword } : {}) }
}
