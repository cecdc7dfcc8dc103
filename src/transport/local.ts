import { spawn } from 'node:child_process'
import { createConnection } from 'node:net'
import { userInfo } from 'node:os'
import type { Duplex } from 'node:stream'
import { READ_ONE_LINE } from '../shell/bootstrap.ts'
import { countBytes } from './counted.ts'
import { TransportError } from './session.ts'
import { Unanswered } from './unanswered.ts'
import { type Carrier, Ending, type Wire } from './wire.ts'

/** This machine: each wire is a child /bin/sh in a session of its own, so that a terminal's Ctrl-C does not reach it. */
export class LocalCarrier implements Carrier {
  readonly user = userInfo().username
  readonly where: string
  readonly handshakes = 0
  readonly #wires = new Set<Wire>()
  readonly #counted = { sent: 0, received: 0 }

  constructor(name: string) {
    this.where = `${this.user}@${name}`
  }

  get bytesSent(): number {
    return this.#counted.sent
  }

  get bytesReceived(): number {
    return this.#counted.received
  }

  async open(_use: 'resident' | 'short', signal: AbortSignal): Promise<Wire> {
    if (signal.aborted) throw new TransportError('aborted', `stopped before a shell was started on ${this.where}`)
    const child = spawn('/bin/sh', ['-c', READ_ONE_LINE], { detached: true, stdio: 'pipe', env: environment() })
    // A script that ends before it has read all its input breaks the pipe; what became of it is in its answer.
    child.stdin.on('error', () => undefined)
    countBytes(child.stdin, [child.stdout, child.stderr], this.#counted)
    const ending = new Ending()
    child.once('error', error => ending.settle({ how: 'lost', why: `/bin/sh could not be started: ${error.message}` }))
    child.once('close', (code, killed) =>
      ending.settle(code === null ? { how: 'killed', signal: killed ?? '?' } : { how: 'exited', code }),
    )
    const wire: Wire = {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      ending,
      close: () => {
        this.#wires.delete(wire)
        child.stdin.destroy()
        child.stdout.destroy()
        child.stderr.destroy()
        child.unref()
      },
    }
    this.#wires.add(wire)
    ending.on(() => this.#wires.delete(wire))
    return wire
  }

  connect(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host, port, noDelay: true, signal })
      socket.once('connect', () => {
        socket.off('error', refuse)
        resolve(socket)
      })
      const refuse = (error: Error): void =>
        reject(
          signal.aborted
            ? new TransportError('aborted', `stopped while connecting to ${host}:${port}`)
            : new Unanswered(`${host}:${port} cannot be reached from here: ${error.message}`),
        )
      socket.once('error', refuse)
    })
  }

  async drop(): Promise<void> {
    for (const wire of [...this.#wires]) wire.close()
  }
}

/** The controller's environment without what would change how a shell or its children start. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, LD_PRELOAD: _preload, BASH_ENV: _bash, ENV: _env, ...rest } = process.env
  return rest
}
