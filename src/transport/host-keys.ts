import { mkdir, readFile, realpath, rename, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolder } from '../base/folder.ts'
import { type KnownHostsFile, keyType, knownTypes, type Verdict, verdict } from './known-hosts.ts'
import { TransportError } from './session.ts'
import { readKnownHosts, type Target } from './ssh-target.ts'

/** Host key algorithms by the key type in known_hosts; RSA keys sign with SHA-2. */
const ALGORITHMS = [
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']],
] as const

/** The judge of one handshake: what to offer, and what to say of the key that comes. */
export interface HostKeyJudge {
  /** Algorithms in the order to offer: those of known keys first, or a host that is known by RSA would look changed. */
  readonly algorithms: readonly string[]
  /**
   * Null when the key may be used. `withhold` is called when it has changed and is used all the same, since nothing is to be
   * checked: whoever is there must not be told a password.
   */
  judge(key: Buffer, withhold: () => void): Promise<TransportError | null>
}

/** Reads the known hosts for a target. Rejects with TransportError('hostkey') when a file cannot be read. */
export async function hostKeyJudge(target: Target): Promise<HostKeyJudge> {
  const files: KnownHostsFile[] = await readKnownHosts(target.knownHostsFiles)
  const known = new Set(knownTypes(files, target.knownAs))
  const order = [...ALGORITHMS].sort(([a], [b]) => Number(known.has(b)) - Number(known.has(a)))
  return {
    algorithms: order.flatMap(([, names]) => [...names]),
    judge: async (key, withhold) => {
      const found = verdict(files, target.knownAs, key)
      if (found.is === 'trusted') return null
      if (found.is !== 'revoked' && target.checking === 'off') {
        if (found.is === 'changed') withhold()
        return null
      }
      if (found.is === 'unknown' && !found.authority && target.checking === 'accept-new') {
        const [file] = target.knownHostsFiles
        if (file) await appendKnownHost(file, `${target.knownAs} ${keyType(key)} ${key.toString('base64')}`)
        return null
      }
      return refusal(target, found)
    },
  }
}

/** The fault with its place, both fingerprints, and what to do about it. */
function refusal(target: Target, found: Exclude<Verdict, { is: 'trusted' }>): TransportError {
  const name = target.knownAs
  if (found.is === 'revoked')
    return new TransportError(
      'hostkey',
      `${name} showed a key that ${found.by.file}:${found.by.line} marks as revoked: ${found.fingerprint}`,
      'somebody may be listening: do not log in before you know why the host still has this key',
    )
  if (found.is === 'changed') {
    const lines = found.known.map(line => `${line.file}:${line.line} has ${line.type} ${line.fingerprint}`).join(', ')
    return new TransportError(
      'hostkey',
      `the host key of ${name} has changed: it showed ${found.type} ${found.fingerprint}, ${lines}`,
      `somebody may be listening; if the host was reinstalled, check its fingerprint and run: ssh-keygen -R '${name}'`,
    )
  }
  if (found.authority)
    return new TransportError(
      'hostkey',
      `${found.authority.file}:${found.authority.line} trusts ${name} by a certificate authority, which regplay cannot verify`,
      `add the host's own key: ${scan(target)}`,
    )
  return new TransportError(
    'hostkey',
    `the host key of ${name} is not known: it showed ${found.type} ${found.fingerprint}`,
    `compare it with ssh-keygen -lf on the host itself, then: ${scan(target)}\n` +
      "or take the first key that comes: ansible_ssh_common_args='-o StrictHostKeyChecking=accept-new'",
  )
}

const scan = ({ host, port, knownHostsFiles }: Target): string =>
  `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${host} >>${knownHostsFiles[0] ?? '~/.ssh/known_hosts'}`

/** How long a lock of another run is respected; a file of known hosts is written in a moment. */
const LOCK_MS = 10_000

const queues = new Map<string, Promise<void>>()

/** Adds a line: under a lock, by rename, with the mode that the file has (0600 for a new one). */
export function appendKnownHost(file: string, line: string): Promise<void> {
  const before = queues.get(file) ?? Promise.resolve()
  const now = before.catch(() => undefined).then(() => append(file, line))
  queues.set(file, now)
  return now
}

async function append(file: string, line: string): Promise<void> {
  try {
    makeFolder(dirname(file), 0o700)
    const path = await realpath(file).catch(() => file)
    const lock = `${path}.regplay-lock`
    await takeLock(lock)
    try {
      const text = await readFile(path, 'utf8').catch(ifMissing(''))
      if (text.split('\n').includes(line)) return
      const mode = await stat(path).then(found => found.mode & 0o7777, ifMissing(0o600))
      const part = `${path}.regplay-${process.pid}`
      await writeFile(part, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`, { mode })
      await rename(part, path)
    } finally {
      await rmdir(lock)
    }
  } catch (error) {
    throw new TransportError(
      'hostkey',
      `the new host key could not be written to ${file}: ${(error as Error).message}`,
      'make the file writable, or name another one with UserKnownHostsFile',
    )
  }
}

const ifMissing =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return value
    throw error
  }

/** A directory is the lock: making one is atomic everywhere. One that is old was left by a run that died. */
async function takeLock(lock: string): Promise<void> {
  for (;;) {
    try {
      return await mkdir(lock)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const age = await stat(lock).then(found => Date.now() - found.mtimeMs, ifMissing(0))
    if (age > LOCK_MS) await rmdir(lock).catch(ifMissing(undefined))
    else await sleep(20)
  }
}
