import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

const SCRIPT = fileURLToPath(new URL('../site/site', import.meta.url))
const CAP_NET_ADMIN = 1n << 12n
const CAP_SYS_ADMIN = 1n << 21n

/** Why hosts cannot be made on this machine, or null when they can. */
export function siteAvailable(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `the site needs Linux on x86-64, this is ${process.platform} on ${process.arch}`
  }
  if (process.getuid?.() !== 0) return 'the site needs root'
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (!/^VERSION_CODENAME=bookworm$/m.test(release)) return 'the site needs Debian 12'
  if (!existsSync('/sys/fs/cgroup')) return 'the site needs /sys/fs/cgroup'
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  const wanted = CAP_SYS_ADMIN | CAP_NET_ADMIN
  if ((BigInt(`0x${capabilities}`) & wanted) !== wanted) {
    return 'the site needs the capabilities SYS_ADMIN and NET_ADMIN (this is an unprivileged container)'
  }
  return null
}

/** How a command on a host ended. */
export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** Which site: `name` is two or three letters, `net` three numbers such as 10.77.2; sites of other names stand beside it. */
export interface SiteOptions {
  name?: string
  net?: string
  /** Folder of its keys, disks and consoles. */
  state?: string
}

/** What a Debian host has from the start; the default is nothing. */
export interface Preinstalled {
  docker?: boolean
  python?: boolean
  /** Docker, Python with what Ansible's modules for Docker need, and Debian's registry. */
  ansible?: boolean
}

/** Logins that every host knows, each by key: `admin` by sudo without, `operator` by sudo with the password `regplay-sudo`. */
export type Login = 'admin' | 'operator' | 'root'

const QUICK = 60_000
const SLOW = 600_000

/** The site under test, by the script `test/site/site`. Every call has a time limit, in milliseconds. */
export class Site {
  readonly name: string
  readonly state: string
  readonly #env: Record<string, string>

  constructor(options: SiteOptions = {}) {
    this.name = options.name ?? 'rpt'
    this.state = options.state ?? `/var/tmp/regplay-site-${this.name}`
    this.#env = {
      REGPLAY_SITE_NAME: this.name,
      REGPLAY_SITE_NET: options.net ?? '10.77.2',
      REGPLAY_SITE_STATE: this.state,
    }
  }

  /** The site's private key, the same for all logins. */
  get key(): string {
    return `${this.state}/ssh/id_ed25519`
  }

  /** The hosts' real keys, by name and by address. */
  get knownHosts(): string {
    return `${this.state}/ssh/known_hosts`
  }

  /** A file for `ssh -F`. */
  get sshConfig(): string {
    return `${this.state}/ssh/config`
  }

  /** Boots Debian hosts; those that run already are left alone. The first call on a machine builds root filesystems. */
  async up(hosts: number | readonly string[], has: Preinstalled = {}): Promise<void> {
    const names = typeof hosts === 'number' ? [String(hosts)] : hosts
    const flags = (['docker', 'python', 'ansible'] as const).filter(name => has[name]).map(name => `--${name}`)
    await this.#do(['up', ...flags, ...names], SLOW)
  }

  /** Boots a host with BusyBox, dropbear and sudo only. */
  async upBusybox(host: string, has: { docker?: boolean } = {}): Promise<void> {
    await this.#do(['up-busybox', host, ...(has.docker ? ['--docker'] : [])], SLOW)
  }

  /** Removes these hosts, or the whole site. */
  async down(...hosts: string[]): Promise<void> {
    await this.#do(['down', ...hosts], 2 * QUICK)
  }

  async stop(host: string, how: { hard?: boolean } = {}): Promise<void> {
    await this.#do(['stop', host, ...(how.hard ? ['--hard'] : [])], 2 * QUICK)
  }

  async start(host: string): Promise<void> {
    await this.#do(['start', host], 2 * QUICK)
  }

  async reboot(host: string, how: { hard?: boolean } = {}): Promise<void> {
    await this.#do(['reboot', host, ...(how.hard ? ['--hard'] : [])], 3 * QUICK)
  }

  /** Packets to and from the host vanish, until `heal`. */
  async drop(host: string): Promise<void> {
    await this.#do(['drop', host], QUICK)
  }

  async heal(host: string): Promise<void> {
    await this.#do(['heal', host], QUICK)
  }

  /** `/srv` of the host becomes an empty file system of this size (such as `64M`); `off` takes it away. Reboots the host. */
  async disk(host: string, size: string): Promise<void> {
    await this.#do(['disk', host, size], 3 * QUICK)
  }

  async ip(host: string): Promise<string> {
    return this.#do(['ip', host], QUICK)
  }

  async status(): Promise<string> {
    return this.#do(['status'], QUICK)
  }

  /** INI: one line a host, with `ansible_host`, `ansible_user` and `ansible_ssh_private_key_file`. */
  async inventory(): Promise<string> {
    return this.#do(['inventory'], QUICK)
  }

  /** Runs a command line on a host, by OpenSSH's client with strict host keys; 255 means that ssh itself failed. */
  async ssh(host: string, command: string, login: Login = 'admin', limit = 2 * QUICK): Promise<Ended> {
    const ended = await this.#run(['ssh', host, command], limit, { REGPLAY_SITE_USER: login })
    return { code: ended.exitCode ?? -1, stdout: ended.stdout, stderr: ended.stderr }
  }

  /** Copies between here and hosts; `from` and `to` as scp takes them (`h1:/tmp/x`). */
  async cp(from: string, to: string, login: Login = 'admin'): Promise<void> {
    const ended = await this.#run(['cp', from, to], 5 * QUICK, { REGPLAY_SITE_USER: login })
    if (ended.exitCode !== 0) throw new Error(`site cp ${from} ${to}: ${ended.stderr}`)
  }

  /** Writes the registry image (`registry:2`, as `docker save` does). */
  async image(file: string): Promise<void> {
    await this.#do(['image', file], SLOW)
  }

  /** Writes the image box:1, a BusyBox that sleeps (as `docker save` does). */
  async box(file: string): Promise<void> {
    await this.#do(['box', file], SLOW)
  }

  /** Writes a filled storage as a tar and returns the digest of each `repository:tag` in it. */
  async sample(file: string, megabytes = 20): Promise<Map<string, string>> {
    const lines = await this.#do(['sample', file, String(megabytes)], SLOW)
    return new Map(lines.split('\n').map(line => line.split(' ') as [string, string]))
  }

  async #do(args: string[], limit: number): Promise<string> {
    const ended = await this.#run(args, limit)
    if (ended.exitCode !== 0) {
      const why = ended.timedOut ? `no end after ${limit} ms` : `exit ${ended.exitCode ?? ended.signal}`
      throw new Error(`site ${args.join(' ')}: ${why}\n${ended.stderr}`)
    }
    return ended.stdout
  }

  #run(args: string[], limit: number, env: Record<string, string> = {}) {
    return execa(SCRIPT, args, {
      env: { ...this.#env, ...env },
      stdin: 'ignore',
      reject: false,
      timeout: limit,
      maxBuffer: 4 << 20,
    })
  }
}
