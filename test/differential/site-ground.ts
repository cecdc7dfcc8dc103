import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { Site } from '../support/site.ts'
import type { Ground } from './ground.ts'
import { type Ended, listing, stamp, standing } from './world.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** What makes Docker's things that cases speak of, on the host. */
const PREPARE = fileURLToPath(new URL('site-host.sh', import.meta.url))
/** A host for each side. */
const HOSTS = { ansible: 'h1', regplay: 'h2' } as const
const QUICK = 120_000

/** What each host has of its own, or keeps of the last moment. The rest of its disk but /var, /tmp and /run is compared. */
const OWN =
  /^\/(?:var|tmp|run|etc\/machine-id|etc\/resolv\.conf|etc\/ssh\/ssh_host_\w+_key(?:\.pub)?|etc\/docker\/key\.json|root\/\.docker|\.\w+|home)(?:\/|$)/

/** Two hosts that differ by their names only, with systemd, Docker and what Ansible needs; regplay is built once. */
export class Pair {
  readonly #site = new Site({ name: 'rpd', net: '10.77.11' })
  readonly #dir = mkdtempSync(join(tmpdir(), 'regplay-pair-'))

  static async make(): Promise<Pair> {
    const pair = new Pair()
    process.once('exit', () => rmSync(pair.#dir, { recursive: true, force: true }))
    // A build finds its packages above it.
    for (const name of ['node_modules', 'package.json']) symlinkSync(join(ROOT, name), join(pair.#dir, name))
    await pair.#site.down()
    await pair.#site.up(Object.values(HOSTS), { ansible: true })
    const box = join(pair.#dir, 'box.tar')
    await Promise.all([
      execa(process.execPath, [join(ROOT, 'scripts/build.js'), join(pair.#dir, 'dist')]),
      pair.#site.box(box).then(() => Promise.all(Object.values(HOSTS).map(host => pair.#prepare(host, box)))),
    ])
    return pair
  }

  async #prepare(host: string, box: string): Promise<void> {
    await this.#site.cp(box, `${host}:/root/box.tar`, 'root')
    const ended = await this.#shell(host, readFileSync(PREPARE, 'utf8'), QUICK)
    if (ended.code !== 0) throw new Error(`${host} cannot be prepared: ${ended.text}`)
  }

  async #shell(host: string, text: string, limit: number): Promise<Ended> {
    const words = ['-F', this.#site.sshConfig, '-o', 'User=root', host, 'sh -s']
    const ended = await execa('ssh', words, { input: text, all: true, reject: false, timeout: limit })
    return endOf(ended, limit)
  }

  /** The ground of a side. */
  async ground(which: 'ansible' | 'regplay'): Promise<Ground> {
    const host = HOSTS[which]
    const folder = join(this.#dir, which)
    mkdirSync(folder)
    const ssh = `-o UserKnownHostsFile=${this.#site.knownHosts}`
    const disk = join(this.#site.state, 'hosts', host)
    return {
      folder,
      main: join(this.#dir, 'dist/main.js'),
      host: `ansible_host=${await this.#site.ip(host)} ansible_user=root ansible_ssh_private_key_file=${this.#site.key} ansible_ssh_common_args='${ssh}'`,
      shared: {},
      run: async (command, env, limit) => {
        const [program = '', ...words] = command
        // Nothing of this machine's people, and nothing left in their homes.
        const own = { HOME: folder, ANSIBLE_SSH_CONTROL_PATH_DIR: folder, LC_ALL: 'C.UTF-8', TERM: 'dumb' }
        const ended = await execa(program, words, {
          cwd: folder,
          env: { PATH: process.env['PATH'] ?? '', ...own, ...env },
          extendEnv: false,
          stdin: 'ignore',
          all: true,
          reject: false,
          timeout: limit,
          maxBuffer: 64 << 20,
        })
        return endOf(ended, limit)
      },
      shell: (text, limit) => this.#shell(host, text, limit),
      read: name => readFileSync(join(folder, name), 'utf8'),
      write: (name, text) => writeFileSync(join(folder, name), text),
      files: unread => listed(disk, standing, unread),
      stamps: unread => listed(disk, stamp, unread),
    }
  }

  async remove(): Promise<void> {
    await this.#site.down()
    for (const path of [this.#dir, this.#site.state]) rmSync(path, { recursive: true, force: true })
  }
}

function endOf(
  ended: { timedOut: boolean; all?: string; exitCode?: number | undefined; shortMessage?: string | undefined },
  limit: number,
): Ended {
  const text = ended.all ?? ended.shortMessage ?? ''
  return { code: ended.exitCode ?? -1, text: ended.timedOut ? `${text}\nno end after ${limit} ms` : text }
}

/** Of what stands in the upper layer of a host's disk and in its /srv, what may be compared. */
const listed = (disk: string, told: (path: string) => string, unread: ReadonlySet<string>): Map<string, string> =>
  new Map([
    ...listing(join(disk, 'upper'), '', told, path => OWN.test(path) || unread.has(path)),
    ...listing(disk, '/srv', told, path => unread.has(path)),
  ])
