import type { Duplex, Readable } from 'node:stream'
import type { Secret } from '../base/secret.ts'
import type { HostInfo } from '../kit/host.ts'
import type { Answer } from '../shell/answer.ts'
import type { Script } from '../shell/script.ts'

/** How to reach a host: what the inventory and the command line say, all connection variables resolved. */
export interface ConnectionSpec {
  readonly name: string
  readonly connection: 'ssh' | 'local'
  readonly address: string
  /** 0: the person's ssh configuration says it, else 22. */
  readonly port: number
  /** Empty: the person's ssh configuration says it, else the name of whoever runs regplay. */
  readonly user: string
  readonly password?: Secret
  readonly keyFile?: string
  readonly keyPassphrase?: Secret
  /** OpenSSH-like extra options of the inventory (ProxyJump, StrictHostKeyChecking, UserKnownHostsFile ...). */
  readonly options: Readonly<Record<string, string>>
  readonly hostKeyChecking: 'strict' | 'accept-new' | 'off'
  /** Seconds. */
  readonly connectTimeout: number
}

/** Who a shell runs as: the login user, or somebody else by a privilege tool. */
export interface Identity {
  readonly become: 'none' | 'sudo' | 'su' | 'doas'
  /** The user to become; ignored with `none`. */
  readonly user: string
  readonly password?: Secret
  readonly flags?: string
}

/** One piece of a trip. */
export interface Fragment {
  readonly script: Script
  /** Skipped (answered with code null) when an earlier critical fragment of the same trip failed. */
  readonly unlessFailed?: boolean
  /** A non-zero status of this one makes the `unlessFailed` ones after it be skipped. */
  readonly critical?: boolean
  /** Given to the fragment on standard input; /dev/null when absent. Small: it travels inside the script. */
  readonly stdin?: string | Secret
  /** Its streams are kept out of every trace. */
  readonly secret?: boolean
  /** Streams grow past `KEPT` only in count, unless this larger number of bytes is asked for. */
  readonly keep?: number
}

export interface TripOptions {
  readonly signal: AbortSignal
  /** Seconds until whatever the trip runs is ended, with all its descendants. */
  readonly timeout?: number
  /** Called as output arrives, with the index of the fragment. */
  readonly onOutput?: (fragment: number, stream: 'stdout' | 'stderr', bytes: Buffer) => void
}

/**
 * A resident shell: many fragments go out in one trip, each in its own subshell, and come back in order. It outlives its
 * connection: after a timeout, a loss or a reset the next trip opens it again.
 */
export interface Shell {
  readonly info: HostInfo
  readonly identity: Identity
  /** A number for the process behind it, of which the next trip will be run: another one after it was lost. */
  readonly life: number
  /** One round trip. Rejects with a `TransportError`; a fragment's failure is an Answer, never a rejection. */
  trip(fragments: readonly Fragment[], options: TripOptions): Promise<readonly Answer[]>
}

/** One machine for the length of a run. */
export interface Session {
  readonly spec: ConnectionSpec
  /** The resident shell of an identity, opened on first use and kept. */
  shell(identity: Identity, signal: AbortSignal): Promise<Shell>
  /**
   * Runs one script on a channel of its own with a stream on its standard input, with back-pressure: the way for payload.
   * The script must verify what it got: a lost connection looks like end of input to it.
   */
  send(identity: Identity, script: Script, body: Readable, options: TripOptions): Promise<Answer>
  /** Runs one script on a channel of its own and hands out its standard output as a stream. */
  receive(identity: Identity, script: Script, options: TripOptions): Promise<Readable>
  /** A TCP connection that starts at the target. */
  connect(host: string, port: number, signal: AbortSignal): Promise<Duplex>
  /** Ends the shells of a user that somebody became, and waits until they are gone; the next use opens them again. */
  leave(user: string): Promise<void>
  /** Drops the connection and opens it again at next use (after a reboot, a new group membership). */
  reset(): Promise<void>
  readonly stats: SessionStats
  close(): Promise<void>
}

export interface SessionStats {
  /** SSH handshakes made. */
  handshakes: number
  /** Trips to resident shells and scripts on channels of their own: each is one request awaited. */
  trips: number
  bytesSent: number
  bytesReceived: number
}

/** Why a machine could not be talked to; connection loss, refusal and timeout are different outcomes of the world. */
export class TransportError extends Error {
  readonly kind: 'unreachable' | 'lost' | 'hostkey' | 'auth' | 'become' | 'timeout' | 'protocol' | 'aborted'
  readonly remedy?: string

  constructor(kind: TransportError['kind'], message: string, remedy?: string) {
    super(message)
    this.name = 'TransportError'
    this.kind = kind
    if (remedy !== undefined) this.remedy = remedy
  }
}

/** Opens sessions; the only thing that `run/` is given to reach machines. */
export type Connect = (spec: ConnectionSpec) => Session
