import { createConnection, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Algorithms, Client } from 'ssh2'
import { type HostKeyJudge, hostKeyJudge } from './host-keys.ts'
import { Limit, pause } from './limit.ts'
import { plain } from './plain.ts'
import { TransportError } from './session.ts'
import { type Login, login, refusedLogin } from './ssh-auth.ts'
import { SshConnection } from './ssh-connection.ts'
import type { Target } from './ssh-target.ts'

/** Handshakes at once in one run: more of them stall the event loop, and sshd drops what exceeds its MaxStartups. */
const handshakes = new Limit(20)

/** Group exchange is left out: ssh2 spends a second of CPU on its primes. */
const KEX = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group14-sha256',
] as const

/** AES-GCM first: half the CPU of the others on any processor with AES instructions. */
const CIPHERS = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes256-ctr',
] as const

/** Waits between tries, in milliseconds; nothing has been asked of the machine yet, so trying again is safe. */
const BACKOFF = [500, 1000, 2000, 4000]

/** What went wrong in a handshake, and whether another try makes sense. */
class Attempted extends Error {
  readonly fault: TransportError
  readonly again: boolean
  constructor(fault: TransportError, again: boolean) {
    super(fault.message)
    this.fault = fault
    this.again = again
  }
}

/**
 * Opens a connection, through its jumps where it has any. Rejects with TransportError `unreachable`, `hostkey`, `auth`,
 * `protocol` or `aborted`.
 */
export async function dial(target: Target, count: () => void, signal: AbortSignal): Promise<SshConnection> {
  let via: SshConnection | null = null
  try {
    for (const jump of target.jumps) via = await dialAgain(jump, via, count, signal)
    return await dialAgain(target, via, count, signal)
  } catch (error) {
    await via?.end()
    throw error
  }
}

async function dialAgain(
  target: Target,
  via: SshConnection | null,
  count: () => void,
  signal: AbortSignal,
): Promise<SshConnection> {
  for (const wait of [...BACKOFF, null]) {
    const release = await handshakes.take(signal)
    try {
      return await dialOnce(target, via, count, signal)
    } catch (error) {
      if (!(error instanceof Attempted)) throw error
      if (!error.again || wait === null) throw error.fault
      release()
      await pause(wait * (0.75 + Math.random() / 2), signal)
    } finally {
      release()
    }
  }
  throw new Error('unreachable code')
}

async function dialOnce(
  target: Target,
  via: SshConnection | null,
  count: () => void,
  signal: AbortSignal,
): Promise<SshConnection> {
  const [{ default: ssh2 }, judge] = await Promise.all([import('ssh2'), hostKeyJudge(target)])
  const ways = await login(target, (data, passphrase) => ssh2.utils.parseKey(data, passphrase))
  const socket = via ? await via.forward(target.host, target.port, signal) : await tcp(target, signal)
  count()
  const client = new ssh2.Client()
  return handshake({ client, socket, via, target, judge, ways, signal })
}

interface Shake {
  readonly client: Client
  readonly socket: Socket | Duplex
  readonly via: SshConnection | null
  readonly target: Target
  readonly judge: HostKeyJudge
  readonly ways: Login
  readonly signal: AbortSignal
}

/** From the first byte to the login. Rejects with the reason, after which nothing is left open. */
function handshake({ client, socket, via, target, judge, ways, signal }: Shake): Promise<SshConnection> {
  const where = `${target.user}@${target.host}:${target.port}`
  let refused: TransportError | null = null
  return new Promise((resolve, reject) => {
    const seen = firstBytes(socket)
    const fail = (error: Error & { level?: string }): void => {
      done()
      client.on('error', () => undefined)
      client.end()
      socket.destroy()
      if (refused) reject(refused)
      else if (signal.aborted) reject(new TransportError('aborted', `stopped while connecting to ${where}`))
      else if (error.level === 'client-authentication') reject(refusedLogin(where, ways))
      else reject(handshakeFault(target, error, seen()))
    }
    const onClose = (): void => fail(new Error('the connection was closed during the handshake'))
    const onAbort = (): void => fail(new Error('aborted'))
    const onReady = (): void => {
      done()
      seen()
      // At once: the packet that ends the login may bring the end of the connection too.
      resolve(new SshConnection(target, client, socket, via))
    }
    const done = (): void => {
      client.off('error', fail).off('close', onClose).off('ready', onReady)
      signal.removeEventListener('abort', onAbort)
    }
    client.on('error', fail).on('close', onClose).on('ready', onReady)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) return onAbort()
    const verifier = async (key: Buffer): Promise<boolean> => {
      refused = await judge.judge(key, () => ways.withhold()).catch((fault: TransportError) => fault)
      return refused === null
    }
    start(client, settings(socket, target, judge, ways, verifier))
  })
}

/** What ssh2 is to do, and what it is to ask us. */
const settings = (
  socket: Socket | Duplex,
  target: Target,
  judge: HostKeyJudge,
  ways: Login,
  verifier: (key: Buffer) => Promise<boolean>,
): Parameters<Client['connect']>[0] => ({
  sock: socket,
  username: target.user,
  readyTimeout: target.connectTimeout * 2000,
  keepaliveInterval: target.alive.interval * 1000,
  keepaliveCountMax: Number.MAX_SAFE_INTEGER,
  algorithms: { kex: [...KEX], cipher: [...CIPHERS], serverHostKey: [...judge.algorithms] } as Algorithms,
  authHandler: ((left: Parameters<typeof ways.next>[0]) => ways.next(left)) as never,
  hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => void verifier(key).then(verify),
})

/** ssh2 throws at once for settings that it does not like; that is a bug of ours and is not to be lost in a callback. */
const start = (client: Client, config: Parameters<Client['connect']>[0]): void => void client.connect(config)

/** A socket without Nagle's delay from the first byte: ssh2 never asks for that, and each request then costs 40 ms. */
function tcp({ host, port, connectTimeout }: Target, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 15_000 })
    const fail = (error: NodeJS.ErrnoException): void => {
      done()
      socket.on('error', () => undefined)
      socket.destroy()
      reject(
        signal.aborted
          ? new TransportError('aborted', `stopped while connecting to ${host}:${port}`)
          : socketFault(host, port, error),
      )
    }
    const late = setTimeout(
      () => fail(Object.assign(new Error(`no answer within ${connectTimeout} s`), { code: 'ETIMEDOUT' })),
      connectTimeout * 1000,
    )
    const onAbort = (): void => fail(new Error('aborted'))
    const onConnect = (): void => {
      done()
      resolve(socket)
    }
    const done = (): void => {
      clearTimeout(late)
      signal.removeEventListener('abort', onAbort)
      socket.off('error', fail).off('connect', onConnect)
    }
    socket.on('error', fail).on('connect', onConnect)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
}

const SOCKET_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['nothing listens there', 'is sshd running, and is the port right?'],
  ETIMEDOUT: ['no answer', 'is the machine on, the address right, and no firewall in between?'],
  EHOSTUNREACH: ['there is no way to it', 'is the machine on, and is there a route to it?'],
  ENETUNREACH: ['there is no way to its network', 'is there a route to it?'],
  ENOTFOUND: ['no such name', 'correct the name or set ansible_host to an address'],
  EAI_AGAIN: ['the name servers do not answer', 'set ansible_host to an address, or repair DNS'],
  ECONNRESET: ['the connection was reset', 'sshd may be dropping connections: see MaxStartups and its log'],
}

function socketFault(host: string, port: number, error: NodeJS.ErrnoException): Attempted {
  const [words, remedy] = SOCKET_WORDS[error.code ?? ''] ?? [error.message, undefined]
  const text = error.code === 'ETIMEDOUT' ? error.message : words
  const again = error.code === 'ECONNRESET' || error.code === 'EAI_AGAIN'
  return new Attempted(new TransportError('unreachable', `${host}:${port} cannot be reached: ${text}`, remedy), again)
}

/** What the peer said first, to be shown when it turns out not to be an SSH server. */
function firstBytes(socket: Socket | Duplex): () => string {
  let seen = ''
  const hear = (chunk: Buffer): void => {
    seen += chunk.toString('latin1', 0, 300)
    if (seen.length >= 300) socket.off('data', hear)
  }
  socket.on('data', hear)
  return () => {
    socket.off('data', hear)
    return seen
  }
}

/** A handshake that failed: silence, something that is no SSH server, or a server that hung up. */
function handshakeFault(target: Target, error: Error & { level?: string }, seen: string): Attempted {
  const place = `${target.host}:${target.port}`
  const speaks = /(^|\n)SSH-/.test(seen)
  const said = seen === '' ? 'it said nothing' : `it said: ${plain(seen.split('\n')[0] ?? '', 120)}`
  if (error.level === 'client-timeout')
    return new Attempted(
      new TransportError(
        'unreachable',
        `${place} did not finish the SSH handshake within ${target.connectTimeout * 2} s; ${said}`,
        'is it an SSH server, and is it overloaded?',
      ),
      false,
    )
  if (/MaxStartups|Not allowed at this time/i.test(seen))
    return new Attempted(
      new TransportError(
        'unreachable',
        `${place} is taking no more logins at once; ${said}`,
        'raise MaxStartups in its sshd_config',
      ),
      true,
    )
  if (seen !== '' && !speaks)
    return new Attempted(
      new TransportError('protocol', `${place} does not speak SSH; ${said}`, 'correct ansible_port'),
      false,
    )
  const hungUp = /closed|lost before handshake|ECONNRESET|EPIPE/i.test(error.message)
  const text = hungUp
    ? `${place} hung up during the SSH handshake; ${said}`
    : `${place}: ${plain(error.message)}; ${said}`
  return new Attempted(
    new TransportError(
      hungUp ? 'unreachable' : 'protocol',
      text,
      hungUp ? 'see the log of its sshd; MaxStartups, AllowUsers and fail2ban do this' : undefined,
    ),
    hungUp,
  )
}
