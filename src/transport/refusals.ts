import { plain } from './plain.ts'
import { type Identity, TransportError } from './session.ts'
import { type Ended, endedText } from './wire.ts'

/** Why the first shell never ran anything of ours: nologin, a forced command, sftp only, a broken start-up file. */
export function explainLogin(where: string, ended: Ended, said: string): TransportError {
  if (ended.how === 'lost') return new TransportError('lost', `${where}: ${ended.why}${heard(said)}`)
  return new TransportError(
    'auth',
    `the login shell of ${where} refused to run /bin/sh (${endedText(ended)})${heard(said)}`,
    'regplay needs a user whose login shell runs commands: look at the shell in /etc/passwd (chsh -s /bin/sh USER), at ' +
      'ForceCommand in sshd_config, and at command= in authorized_keys',
  )
}

const heard = (said: string): string => {
  const text = plain(said)
  return text === '' ? '; it said nothing' : `; it said: ${text}`
}

/** The one refusal that must not be tried again. */
export class WrongPassword extends TransportError {}

/** Message and remedy by what the tool says under LC_ALL=C; the first that fits is taken. */
type Row = readonly [RegExp, (identity: Identity, where: string) => readonly [string, string]]

const WRONG = /try again|incorrect password|authentication failure/i

const ROWS: readonly Row[] = [
  [
    /you must have a (tty|terminal) to run sudo/i,
    (_identity, where) => [
      `sudo on ${where} insists on a terminal (requiretty)`,
      'take it away for this user: Defaults:USER !requiretty in /etc/sudoers.d',
    ],
  ],
  [
    /unknown user|user .* does not exist|no passwd entry/i,
    (identity, where) => [
      `there is no user ${identity.user} on ${where} to become`,
      'correct become_user, or create the user first',
    ],
  ],
  [
    /not in the sudoers file|is not allowed to|may not run sudo/i,
    (identity, where) => [
      `${where} is not allowed to run /bin/sh as ${identity.user} by sudo`,
      `allow it in /etc/sudoers.d: USER ALL=(${identity.user}) /bin/sh`,
    ],
  ],
  [
    WRONG,
    (identity, where) => [
      `the password for ${identity.become} on ${where} is wrong`,
      'correct ansible_become_password; it was tried once only, so the account is not locked',
    ],
  ],
  [
    /password is required|no password was provided|terminal is required to read the password|no askpass program/i,
    (identity, where) => [
      `sudo on ${where} wants a password to become ${identity.user}, and none was given`,
      'set ansible_become_password (in a vault), use --ask-become-pass, or allow NOPASSWD in /etc/sudoers.d',
    ],
  ],
  [
    /(sudo|doas|su): (command )?not found|(sudo|doas|su)"?: No such file/i,
    (identity, where) => [
      `there is no ${identity.become} on ${where}`,
      `install it, log in as ${identity.user}, or choose another become_method`,
    ],
  ],
  [
    /su: only root/,
    (identity, where) => [
      `su on ${where} works for root only, since it asks for passwords at a terminal`,
      `use become_method: sudo, or log in as ${[...new Set(['root', identity.user])].join(' or as ')}`,
    ],
  ],
  [
    /doas: (Authentication|Operation not permitted|.*not permitted)/i,
    (identity, where) => [
      `doas on ${where} does not let this user become ${identity.user} without a password`,
      `add to doas.conf: permit nopass USER as ${identity.user} cmd /bin/sh`,
    ],
  ],
]

/** Why a privilege tool did not give us a shell. */
export function explainBecome(identity: Identity, where: string, ended: Ended | null, said: string): TransportError {
  for (const [pattern, tell] of ROWS) {
    if (!pattern.test(said)) continue
    const [message, remedy] = tell(identity, where)
    return new (pattern === WRONG ? WrongPassword : TransportError)('become', message, remedy)
  }
  if (ended?.how === 'lost' && !/no answer/.test(ended.why)) return new TransportError('lost', `${where}: ${ended.why}`)
  const how = ended ? ` (${endedText(ended)})` : ''
  return new TransportError(
    'become',
    `${identity.become} on ${where} gave no shell of ${identity.user}${how}${heard(said)}`,
  )
}
