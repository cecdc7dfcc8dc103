import type { Duplex } from 'node:stream'
import { BOOTSTRAP } from '../shell/bootstrap.ts'
import { Limit } from './limit.ts'
import { type ConnectionSpec, TransportError } from './session.ts'
import type { SshConnection } from './ssh-connection.ts'
import { resolveTarget, type Target } from './ssh-target.ts'
import type { Carrier, Wire } from './wire.ts'

/** Short channels at once: sshd frees a place later than it says so, and refuses some of more than five. */
const SHORT_CHANNELS = 4

/** One SSH connection a machine, made when first needed and made again when it was lost. */
export class SshCarrier implements Carrier {
  readonly #spec: ConnectionSpec
  readonly #slots = new Limit(SHORT_CHANNELS)
  #target: Target | null = null
  #dialing: Promise<SshConnection> | null = null
  #connection: SshConnection | null = null
  #before = { sent: 0, received: 0 }
  handshakes = 0

  constructor(spec: ConnectionSpec) {
    this.#spec = spec
  }

  get user(): string {
    return this.#target?.user ?? this.#spec.user
  }

  get where(): string {
    const { address, port } = this.#spec
    return this.#target ? `${this.#target.user}@${this.#target.host}:${this.#target.port}` : `${address}:${port}`
  }

  get bytesSent(): number {
    return this.#before.sent + (this.#connection?.bytesSent ?? 0)
  }

  get bytesReceived(): number {
    return this.#before.received + (this.#connection?.bytesReceived ?? 0)
  }

  async open(use: 'resident' | 'short', signal: AbortSignal): Promise<Wire> {
    const connection = await this.#connected(signal)
    return connection.exec(BOOTSTRAP, use === 'short', this.#slots, signal)
  }

  async connect(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    const connection = await this.#connected(signal)
    return connection.forward(host, port, signal)
  }

  async drop(): Promise<void> {
    await this.#dialing?.catch(() => undefined)
    await this.#connection?.end()
    this.#forget()
  }

  #forget(): void {
    this.#before = { sent: this.bytesSent, received: this.bytesReceived }
    this.#connection = null
  }

  /** The one connection; whoever comes while it is being made waits for it. */
  async #connected(signal: AbortSignal): Promise<SshConnection> {
    for (;;) {
      if (signal.aborted) throw new TransportError('aborted', `stopped before connecting to ${this.where}`)
      if (this.#connection && this.#connection.lost === null) return this.#connection
      if (this.#connection) this.#forget()
      const mine = this.#dialing === null
      this.#dialing ??= this.#dial(signal).finally(() => {
        this.#dialing = null
      })
      try {
        await this.#dialing
      } catch (error) {
        // The one who dialled was stopped; that is no reason for those who waited.
        const theirs = !mine && error instanceof TransportError && error.kind === 'aborted'
        if (!theirs || signal.aborted) throw error
      }
    }
  }

  async #dial(signal: AbortSignal): Promise<SshConnection> {
    this.#target ??= await resolveTarget(this.#spec)
    const { dial } = await import('./ssh-dial.ts')
    const count = (): void => {
      this.handshakes += 1
    }
    this.#connection = await dial(this.#target, count, signal)
    return this.#connection
  }
}
