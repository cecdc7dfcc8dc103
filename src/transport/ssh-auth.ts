import { readFile } from 'node:fs/promises'
import type { AnyAuthMethod, AuthenticationType, ParsedKey } from 'ssh2'
import { TransportError } from './session.ts'
import type { Target } from './ssh-target.ts'

/** The ways to log in that a target has, in order, and what became of each. */
export interface Login {
  /** ssh2's `authHandler`. */
  next(left: readonly AuthenticationType[] | null): AnyAuthMethod | false
  /** From now on no password is told. */
  withhold(): void
  /** What was tried and what was passed over, for the message of a refused login. */
  readonly story: readonly string[]
  /** What the server accepts, as far as it said. */
  readonly accepts: readonly string[]
}

interface Attempt {
  readonly method: 'publickey' | 'password' | 'keyboard-interactive'
  readonly words: string
  readonly give: AnyAuthMethod
}

type ParseKey = (data: Buffer, passphrase?: string) => ParsedKey | ParsedKey[] | Error

/** Opening an encrypted key takes 200 ms of CPU, so each is opened once a run. */
const opened = new Map<string, Promise<ParsedKey | Error>>()

function openKey(path: string, passphrase: string | undefined, parse: ParseKey): Promise<ParsedKey | Error> {
  const key = `${path}\0${passphrase ?? ''}`
  const known = opened.get(key)
  if (known) return known
  const fresh = readFile(path).then(
    bytes => {
      const parsed = parse(bytes, passphrase)
      return (Array.isArray(parsed) ? parsed[0] : parsed) ?? new Error('it holds no key')
    },
    (error: Error) => error,
  )
  opened.set(key, fresh)
  void fresh.then(found => {
    if (found instanceof Error) opened.delete(key)
  })
  return fresh
}

/**
 * What the inventory names comes first (its key, its password), then the agent, then the person's default keys: a server
 * counts every wrong try. Rejects with TransportError('auth') when the key that was named cannot be used.
 */
export async function login(target: Target, parse: ParseKey): Promise<Login> {
  const story: string[] = []
  const attempts: Attempt[] = []
  const username = target.user
  const offerKey = async (path: string, named: boolean): Promise<void> => {
    const key = await openKey(path, named ? target.keyPassphrase?.reveal() : undefined, parse)
    if (!(key instanceof Error))
      attempts.push({ method: 'publickey', words: `key ${path}`, give: { type: 'publickey', username, key } })
    else if (named && !(target.agent !== null && isEncrypted(key) && !target.keyPassphrase))
      throw badKey(path, key, target)
    else if ((key as NodeJS.ErrnoException).code !== 'ENOENT') story.push(`key ${path} passed over: ${reason(key)}`)
  }
  if (target.keyFile !== undefined) await offerKey(target.keyFile, true)
  if (target.password) attempts.push(...passwordAttempts(username, target.password.reveal()))
  if (target.agent !== null && !(target.identitiesOnly && attempts.length > 0))
    attempts.push({ method: 'publickey', words: 'agent', give: { type: 'agent', username, agent: target.agent } })
  if (target.keyFile === undefined) for (const path of target.identities) await offerKey(path, false)
  const accepts = new Set<string>()
  return {
    story,
    get accepts() {
      return [...accepts]
    },
    withhold() {
      const keys = attempts.filter(({ method }) => method === 'publickey')
      if (keys.length < attempts.length) story.push('password withheld, since the host key has changed')
      attempts.splice(0, attempts.length, ...keys)
    },
    next(left) {
      for (const method of left ?? []) accepts.add(method)
      for (;;) {
        const attempt = attempts.shift()
        if (!attempt) return false
        if (left && !left.includes(attempt.method)) {
          story.push(`${attempt.words} not accepted there`)
          continue
        }
        story.push(attempt.words)
        return attempt.give
      }
    },
  }
}

/** The same password for both methods; every hidden prompt is taken for the password's, others cannot be answered. */
function passwordAttempts(username: string, password: string): Attempt[] {
  return [
    { method: 'password', words: 'password', give: { type: 'password', username, password } },
    {
      method: 'keyboard-interactive',
      words: 'keyboard-interactive',
      give: {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) =>
          finish(prompts.map(prompt => (prompt.echo ? '' : password))),
      },
    },
  ]
}

const isEncrypted = (error: Error): boolean => /encrypted|passphrase|no passphrase given/i.test(error.message)

const reason = (error: Error): string => (isEncrypted(error) ? 'it needs a passphrase' : error.message)

function badKey(path: string, error: Error, target: Target): TransportError {
  if ((error as NodeJS.ErrnoException).code !== undefined)
    return new TransportError(
      'auth',
      `the key ${path} cannot be read: ${error.message}`,
      'correct ansible_ssh_private_key_file',
    )
  if (isEncrypted(error) && !target.keyPassphrase)
    return new TransportError(
      'auth',
      `the key ${path} is encrypted and no passphrase was given`,
      'load it into an agent (ssh-add), or set ansible_ssh_private_key_passphrase (in a vault)',
    )
  if (target.keyPassphrase && /bad passphrase|integrity|decrypt|malformed/i.test(error.message))
    return new TransportError(
      'auth',
      `the passphrase does not open the key ${path}`,
      'correct ansible_ssh_private_key_passphrase',
    )
  return new TransportError(
    'auth',
    `the key ${path} cannot be used: ${error.message}`,
    'regplay uses OpenSSH, PEM and PPK private keys; keys in hardware work through an agent only where it is not FIDO',
  )
}

/** The login was refused: who, where, what was tried, what would be accepted. */
export function refusedLogin(where: string, { story, accepts }: Login): TransportError {
  const tried =
    story.length > 0 ? `tried: ${story.join('; ')}` : 'there was nothing to try: no agent, no key, no password'
  const wanted = accepts.length > 0 ? `; it accepts: ${accepts.join(', ')}` : ''
  return new TransportError(
    'auth',
    `${where} refused the login (${tried}${wanted})`,
    'put your public key there (ssh-copy-id), name another with ansible_ssh_private_key_file, or set ansible_password',
  )
}
