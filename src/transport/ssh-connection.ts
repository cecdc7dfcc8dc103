import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { type Counted, countBytes } from './counted.ts'
import { type Limit, pause } from './limit.ts'
import { TransportError } from './session.ts'
import type { Target } from './ssh-target.ts'
import { Unanswered } from './unanswered.ts'
import { type Ended, Ending, type Wire } from './wire.ts'

/** A refused channel is asked for again so often, unless channels of ours are open that will make room. */
const OPEN_TRIES = 10

/** Bytes sent in one interval that show a living link even when nothing comes back: more than our own signs of life. */
const ALIVE_BYTES = 4096

/** An SSH connection after its handshake, until it is lost for whatever reason. */
export class SshConnection {
  readonly target: Target
  readonly #client: Client
  readonly #socket: Socket | Duplex
  /** A tunnel through another machine keeps no count of its own. */
  readonly #counted: Counted | null
  readonly #closed: Promise<void>
  #lost: string | null = null
  #complaint: string | null = null
  #short = 0

  constructor(target: Target, client: Client, socket: Socket | Duplex, via: SshConnection | null) {
    this.target = target
    this.#client = client
    this.#socket = socket
    this.#counted = via ? countBytes(socket, [socket]) : null
    client.setMaxListeners(0)
    client.on('error', error => {
      this.#complaint ??= error.message
    })
    const watch = this.#watch()
    this.#closed = new Promise(resolve =>
      client.once('close', () => {
        clearInterval(watch)
        this.#lost ??= this.#complaint ?? 'the connection was closed by the other side'
        via?.end()
        resolve()
      }),
    )
  }

  /** Why it is gone, or null while it stands. */
  get lost(): string | null {
    return this.#lost
  }

  get bytesSent(): number {
    return this.#counted?.sent ?? (this.#socket as Socket).bytesWritten
  }

  get bytesReceived(): number {
    return this.#counted?.received ?? (this.#socket as Socket).bytesRead
  }

  /**
   * Judges life by bytes that move in either direction: ssh2's own count kills a healthy but slow transfer, since it
   * does not see data. Its signs of life are used to make an idle peer say something.
   */
  #watch(): NodeJS.Timeout {
    const { interval, count } = this.target.alive
    let received = this.bytesReceived
    let sent = this.bytesSent
    let silent = 0
    return setInterval(() => {
      const moved = this.bytesReceived !== received || this.bytesSent - sent > ALIVE_BYTES
      received = this.bytesReceived
      sent = this.bytesSent
      silent = moved ? 0 : silent + 1
      if (silent <= count) return
      this.#complaint = `no sign of life for ${interval * silent} s`
      this.#socket.destroy()
    }, interval * 1000).unref()
  }

  /** Opens a channel that runs a command. A refusal for lack of room is asked again; it is no failure of the command. */
  async exec(command: string, short: boolean, slots: Limit, signal: AbortSignal): Promise<Wire> {
    const release = short ? await slots.take(signal) : () => undefined
    try {
      const wire = await this.#channel(command, signal)
      this.#short += short ? 1 : 0
      wire.ending.on(() => {
        this.#short -= short ? 1 : 0
        release()
      })
      return wire
    } catch (error) {
      release()
      throw error
    }
  }

  async #channel(command: string, signal: AbortSignal): Promise<Wire> {
    for (let tries = 0, wait = 50; ; wait = Math.min(wait * 2, 1000)) {
      const opened = await this.#attempt<Wire>(signal, done =>
        // Listened to at once: what ends quickly says how in the very packet that opens it.
        this.#client.exec(command, (error, channel) => done(error ?? this.#wire(channel))),
      )
      if (!(opened instanceof Error)) return opened
      const { reason } = opened as Error & { reason?: number }
      if (this.#lost !== null || reason === undefined) throw this.#failure(opened)
      if (this.#short === 0 && ++tries >= OPEN_TRIES)
        throw new TransportError(
          'protocol',
          `${this.where} refuses more channels: ${opened.message}`,
          'raise MaxSessions in its sshd_config; regplay needs one channel an identity and one for payload',
        )
      await pause(wait, signal)
    }
  }

  /** A TCP connection from the machine to somewhere else. */
  async forward(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    const opened = await this.#attempt<ClientChannel>(signal, done =>
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => done(error ?? channel)),
    )
    if (!(opened instanceof Error)) return opened
    const { reason } = opened as Error & { reason?: number | string }
    if (this.#lost !== null) throw this.#failure(opened)
    if (reason === 1 || reason === 'ADMINISTRATIVELY_PROHIBITED')
      throw new Unanswered(
        `${this.where} does not allow connections through it (to ${host}:${port})`,
        'set AllowTcpForwarding yes (or local) in its sshd_config',
      )
    throw new Unanswered(`${host}:${port} cannot be reached from ${this.where}: ${opened.message}`)
  }

  get where(): string {
    const { user, host, port } = this.target
    return `${user}@${host}:${port}`
  }

  #failure(error: Error): TransportError {
    return new TransportError('lost', `${this.where}: ${this.#lost ?? error.message}`)
  }

  /** ssh2 calls back, or throws at once when the connection has gone. A channel that opens after an abort is closed. */
  #attempt<T extends { close(): void }>(
    signal: AbortSignal,
    start: (done: (result: T | Error) => void) => void,
  ): Promise<T | Error> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void =>
        reject(new TransportError('aborted', `stopped while opening a channel to ${this.where}`))
      if (signal.aborted) return onAbort()
      signal.addEventListener('abort', onAbort, { once: true })
      const onClose = (): void => finish(new Error(this.#lost ?? 'the connection was closed'))
      const finish = (result: T | Error): void => {
        signal.removeEventListener('abort', onAbort)
        this.#client.off('close', onClose)
        if (signal.aborted && !(result instanceof Error)) result.close()
        resolve(result)
      }
      this.#client.once('close', onClose)
      try {
        start(finish)
      } catch (error) {
        finish(error as Error)
      }
    })
  }

  #wire(channel: ClientChannel): Wire {
    let ended: Ended | null = null
    const ending = new Ending()
    channel.on('exit', (code: number | null, signal?: string) => {
      ended = code === null ? { how: 'killed', signal: signal ?? '?' } : { how: 'exited', code }
    })
    channel.on('error', (error: Error) => {
      this.#complaint ??= error.message
    })
    // No exit status means that nobody knows how it ended; never that it went well.
    channel.once('close', () => {
      const why = this.#lost ?? this.#complaint ?? 'the channel closed without an exit status'
      ending.settle(ended ?? { how: 'lost', why })
    })
    return {
      stdin: channel,
      stdout: channel,
      stderr: channel.stderr,
      ending,
      close: () => {
        channel.resume()
        channel.stderr.resume()
        if (this.#lost !== null) return
        channel.end()
        channel.close()
      },
    }
  }

  /** Says goodbye; resolves when the connection is gone. */
  async end(): Promise<void> {
    if (this.#lost !== null) return
    this.#lost = 'regplay closed the connection'
    this.#client.end()
    const force = setTimeout(() => this.#socket.destroy(), 2000)
    await this.#closed
    clearTimeout(force)
  }
}
