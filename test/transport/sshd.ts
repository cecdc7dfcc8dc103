import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CarriedSession } from '../../src/transport/carried-session.ts'
import type { ConnectionSpec, Identity } from '../../src/transport/session.ts'
import { SshCarrier } from '../../src/transport/ssh.ts'

/** Whether a program is on the PATH or in the sbin directories. */
export const has = (program: string): boolean =>
  spawnSync('sh', ['-c', 'PATH=$PATH:/usr/sbin:/sbin; command -v -- "$1"', 'sh', program]).status === 0

/** Why an SSH server cannot be started here, or null. */
export const whyNoSshd = (): string | null =>
  process.getuid?.() !== 0 ? 'needs root' : has('sshd') && has('ssh-keygen') ? null : 'openssh-server is not installed'

export const NOBODY: Identity = { become: 'none', user: '' }

/** A real sshd of our own on a loopback port, with its own host keys and a key that it accepts for every user. */
export class Sshd {
  readonly dir: string
  readonly port: number
  readonly keyFile: string
  readonly knownHosts: string
  #child: ChildProcess

  private constructor(dir: string, port: number, child: ChildProcess) {
    this.dir = dir
    this.port = port
    this.keyFile = join(dir, 'id')
    this.knownHosts = join(dir, 'known_hosts')
    this.#child = child
  }

  /** `lines` are added to sshd_config; first word wins there, so they stand at the top. */
  static async start(lines: readonly string[] = []): Promise<Sshd> {
    mkdirSync('/run/sshd', { recursive: true })
    const dir = mkdtempSync(join(tmpdir(), 'regplay-sshd-'))
    chmodSync(dir, 0o755)
    const keygen = (file: string, type: string): void =>
      void execFileSync('ssh-keygen', ['-q', '-N', '', '-t', type, '-f', join(dir, file)])
    keygen('host', 'ed25519')
    keygen('id', 'ed25519')
    const port = await freePort()
    writeFileSync(join(dir, 'authorized'), readFileSync(join(dir, 'id.pub')))
    writeFileSync(join(dir, 'known_hosts'), `[127.0.0.1]:${port} ${readFileSync(join(dir, 'host.pub'), 'utf8')}`)
    const config = [
      ...lines,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${dir}/host`,
      `AuthorizedKeysFile ${dir}/authorized`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin yes',
      'LogLevel ERROR',
    ]
    writeFileSync(join(dir, 'config'), `${config.join('\n')}\n`)
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(dir, 'config')], {
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    process.once('exit', () => child.kill())
    await listening(port)
    return new Sshd(dir, port, child)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** How to reach it as root by key; anything may be said otherwise. */
  spec(more: Partial<ConnectionSpec> = {}): ConnectionSpec {
    return {
      name: 'box',
      connection: 'ssh',
      address: '127.0.0.1',
      port: this.port,
      user: 'root',
      keyFile: this.keyFile,
      hostKeyChecking: 'strict',
      connectTimeout: 5,
      ...more,
      options: { UserKnownHostsFile: this.knownHosts, GlobalKnownHostsFile: '/dev/null', ...more.options },
    }
  }

  session(more: Partial<ConnectionSpec> = {}): CarriedSession {
    const spec = this.spec(more)
    return new CarriedSession(spec, new SshCarrier(spec))
  }

  stop(): void {
    this.#child.kill()
    rmSync(this.dir, { recursive: true, force: true })
  }
}

export const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

async function listening(port: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const open = await new Promise<boolean>(resolve => {
      const socket = createConnection({ port, host: '127.0.0.1' }, () => resolve(true)).on('error', () =>
        resolve(false),
      )
      socket.unref()
      setTimeout(() => socket.destroy(), 50).unref()
    })
    if (open) return
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  throw new Error(`sshd does not listen on ${port}`)
}

/** A user for the length of a test file, with a home of its own. */
export function addUser(name: string, shell: string, password?: string): void {
  removeUser(name)
  execFileSync('/usr/sbin/useradd', ['-m', '-s', shell, name])
  spawnSync('/usr/sbin/chpasswd', { input: `${name}:${password ?? 'unused-but-not-locked'}\n` })
}

/** By force: a process of a test that was killed may still run as that user. */
export function removeUser(name: string): void {
  spawnSync('/usr/sbin/userdel', ['-f', '-r', name], { stdio: 'ignore' })
}
