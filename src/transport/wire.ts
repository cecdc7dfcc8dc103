import type { Duplex, Readable, Writable } from 'node:stream'

/** How a process at the far end of a wire ended; `lost` when nobody can say, because the connection went first. */
export type Ended =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signal: string }
  | { readonly how: 'lost'; readonly why: string }

/**
 * The end of a process, told to whoever listens then. No promise: a resident shell would keep what each of its trips
 * had attached to it for as long as it lives.
 */
export class Ending {
  readonly #listeners = new Set<(ended: Ended) => void>()
  #ended: Ended | null = null

  settle(ended: Ended): void {
    if (this.#ended) return
    this.#ended = ended
    for (const listener of this.#listeners) listener(ended)
    this.#listeners.clear()
  }

  /** Calls back once, at once when it has ended already. */
  on(listener: (ended: Ended) => void): void {
    if (this.#ended) listener(this.#ended)
    else this.#listeners.add(listener)
  }

  off(listener: (ended: Ended) => void): void {
    this.#listeners.delete(listener)
  }
}

/** One process on a machine with its three streams: an SSH channel, or a child process. It runs `BOOTSTRAP`. */
export interface Wire {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Comes when the process has ended and both streams have been read to their end, or when the wire was closed. */
  readonly ending: Ending
  /** Lets go of it: stdin ends, and nothing more is read. */
  close(): void
}

/** A way to a machine on which wires can be opened: an SSH connection, or this machine itself. */
export interface Carrier {
  /** Opens a wire that runs `BOOTSTRAP`, connecting first where there is no connection. Rejects with a TransportError. */
  open(use: 'resident' | 'short', signal: AbortSignal): Promise<Wire>
  /** A TCP connection that starts at the machine. */
  connect(host: string, port: number, signal: AbortSignal): Promise<Duplex>
  /** Drops the connection; the next `open` makes a new one. */
  drop(): Promise<void>
  /** The user that the first shell belongs to. */
  readonly user: string
  /** For messages: `deploy@10.0.0.5:22`. */
  readonly where: string
  readonly handshakes: number
  readonly bytesSent: number
  readonly bytesReceived: number
}

/** Why a process ended, for people. */
export const endedText = (ended: Ended): string =>
  ended.how === 'exited' ? `status ${ended.code}` : ended.how === 'killed' ? `signal ${ended.signal}` : ended.why
