import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { siteAvailable } from '../support/site.ts'
import { has } from '../transport/sshd.ts'
import type { Layer } from './layer.ts'

const SCRIPT = fileURLToPath(new URL('world.sh', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** The machines of a world whose files are compared. */
export const MACHINES = ['controller', 'h1', 'h2', 'h3'] as const

/** Numbers between these are people's. */
const [FIRST_PERSON, NOBODY] = [1000, 65_534]

/** Why worlds cannot be made on this machine, or null when they can. */
export function whyNoWorld(): string | null {
  const why = siteAvailable()
  if (why !== null) return why.replace('the site needs', 'these hosts need')
  const missing = ['ansible-playbook', 'sshd', 'ssh-keygen', 'sudo', 'unshare', 'nsenter', 'ip'].filter(
    name => !has(name),
  )
  return missing.length === 0 ? null : `${missing.join(', ')} not installed`
}

/** What every command on the controller finds, besides its PATH; `python/python3` tells what is special about it. */
const ENV = {
  HOME: '/root',
  USER: 'root',
  LC_ALL: 'C.UTF-8',
  TERM: 'dumb',
  ANSIBLE_PYTHON_INTERPRETER: '/run/python/python3',
}

/** How a command in a world ended. */
export interface Ended {
  readonly code: number
  readonly text: string
}

/** What all worlds of a test share: keys, and this version of regplay, built once. */
export class Worlds {
  readonly dir = mkdtempSync(join(tmpdir(), 'regplay-worlds-'))
  #count = 0

  /** Makes keys and builds. */
  static async make(): Promise<Worlds> {
    const worlds = new Worlds()
    // Whatever ends this process by its own hand; a world itself needs no help to end.
    process.once('exit', () => worlds.remove())
    process.once('SIGTERM', () => process.exit(143))
    for (const name of ['host', 'id'])
      execFileSync('ssh-keygen', ['-q', '-N', '', '-t', 'ed25519', '-C', 'regplay', '-f', join(worlds.dir, name)])
    const strangers = people()
    // People come and go on this machine while tests run; in worlds there are the system's accounts only.
    for (const name of ['passwd', 'shadow', 'group', 'gshadow']) {
      const lines = readFileSync(`/etc/${name}`, 'utf8').split('\n')
      writeFileSync(
        join(worlds.dir, name),
        `${lines.filter(line => !strangers.has(line.split(':')[0] ?? '')).join('\n')}`,
      )
    }
    // The folder over which every world sees this build.
    mkdirSync(join(ROOT, 'dist'), { recursive: true })
    execFileSync(process.execPath, [join(ROOT, 'scripts/build.js'), join(worlds.dir, 'dist')])
    return worlds
  }

  /** A fresh world; every world starts the same. With a layer, its machines have what that brought. */
  async world(layer?: Layer): Promise<World> {
    const dir = join(this.dir, `world${++this.#count}`)
    mkdirSync(dir)
    // A node below /usr is there by itself, and nothing may lie on a folder that layers and cases write to.
    const node = dirname(dirname(process.execPath))
    return World.start(dir, this.dir, layer === undefined ? '/' : `${layer.upper}:/`, [
      ROOT,
      ...(node.startsWith('/usr') ? [] : [node]),
      `${join(this.dir, 'dist')}:${ROOT}/dist`,
    ])
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** Accounts and groups of this machine that are not the system's. */
const people = (): Set<string> =>
  new Set(
    ['passwd', 'group'].flatMap(name =>
      readFileSync(`/etc/${name}`, 'utf8')
        .split('\n')
        .map(line => line.split(':'))
        .filter(([, , id]) => Number(id) >= FIRST_PERSON && Number(id) < NOBODY)
        .map(([who = '']) => who),
    ),
  )

/** A controller and its three hosts, in namespaces of their own: same names, addresses, keys and files in every world. */
export class World {
  readonly #outer: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #init: number

  private constructor(outer: ChildProcessByStdio<Writable, Readable, Readable>, init: number) {
    this.#outer = outer
    this.#init = init
  }

  static async start(dir: string, keys: string, lower: string, seen: readonly string[]): Promise<World> {
    const apart = ['--mount', '--pid', '--uts', '--ipc', '--net', '--fork', '--kill-child']
    const outer = spawn('unshare', [...apart, 'sh', SCRIPT, dir, keys, lower, ...seen], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let said = ''
    outer.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    await new Promise<void>((resolve, reject) => {
      outer.on('error', reject)
      outer.on('close', () => reject(new Error(`a world did not come up: ${said}`)))
      outer.stdout.once('data', () => resolve())
    })
    const init = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim()
    return new World(outer, Number(init))
  }

  /** Runs a command as root on the controller, at most `limit` milliseconds. */
  async run(
    command: readonly string[],
    env: Readonly<Record<string, string>>,
    cwd: string,
    limit: number,
  ): Promise<Ended> {
    const enter = ['-t', String(this.#init), '-m', '-p', '-u', '-i', '-n', 'sh', '-c', 'cd "$0" && exec "$@"', cwd]
    const ended = await execa('nsenter', [...enter, ...command], {
      env: { ...ENV, PATH: process.env['PATH'] ?? '', ...env },
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      reject: false,
      timeout: limit,
      maxBuffer: 64 << 20,
    })
    const text = ended.timedOut ? `${ended.all}\nno end after ${limit} ms` : ended.all
    return { code: ended.exitCode ?? -1, text }
  }

  /** Starts a program on the controller and waits until it says `ready`; it ends with the world. */
  async start(command: readonly string[]): Promise<void> {
    const enter = ['-t', String(this.#init), '-m', '-p', '-u', '-i', '-n']
    const child = spawn('nsenter', [...enter, ...command], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', code => reject(new Error(`${command.join(' ')} ended with ${code}`)))
      child.stdout.once('data', () => resolve())
    })
    child.unref()
  }

  has(path: string): boolean {
    return existsSync(`/proc/${this.#init}/root${path}`)
  }

  /** A file of the controller. */
  read(path: string): string {
    return readFileSync(`/proc/${this.#init}/root${path}`, 'utf8')
  }

  /** Writes a file of the controller; its directory is there. */
  write(path: string, text: string): void {
    writeFileSync(`/proc/${this.#init}/root${path}`, text)
  }

  /** Everything that differs from this machine's root on a machine of the world, as path to what stands there, but for `unread` paths. */
  files(machine: string, unread: ReadonlySet<string> = new Set()): Map<string, string> {
    return listing(this.#upper(machine), '', standing, path => unread.has(path))
  }

  /** Of the same paths, when each was last written to or given other attributes: nobody can set that back. */
  stamps(machine: string, unread: ReadonlySet<string> = new Set()): Map<string, string> {
    return listing(this.#upper(machine), '', stamp, path => unread.has(path))
  }

  #upper(machine: string): string {
    return `/proc/${this.#init}/root/run/world/${machine}/upper`
  }

  /** Ends all of its processes; its mounts go with them. */
  async stop(): Promise<void> {
    const gone = new Promise(resolve => this.#outer.once('close', resolve))
    this.#outer.stdin.destroy()
    await gone
  }
}

/** What is told of each path below `top + from`, by the path without `top`; `skipped` paths and what is below them are left out. */
export function listing(
  top: string,
  from: string,
  told: (path: string) => string,
  skipped: (path: string) => boolean = () => false,
): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (folder: string): void => {
    for (const name of readdirSync(top + folder)) {
      const path = `${folder}/${name}`
      if (skipped(path)) continue
      found.set(path, told(top + path))
      if (lstatSync(top + path).isDirectory()) walk(path)
    }
  }
  walk(from)
  return found
}

/** When a file was last written to or given other attributes: nobody can set that back. */
export function stamp(path: string): string {
  const stat = lstatSync(path, { bigint: true })
  // All that is removed is one file by many names: each new name is a change of it.
  return stat.isCharacterDevice() && stat.rdev === 0n ? 'removed' : String(stat.ctimeNs)
}

/** The content of a file, whose time of last access stays as it is: cases may ask for that. */
function contentOf(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOATIME)
  try {
    return readFileSync(file, 'latin1')
  } finally {
    closeSync(file)
  }
}

/** Type, permissions, owner, and content or target. */
export function standing(path: string): string {
  const stat = lstatSync(path)
  const { mode, uid, gid, rdev } = stat
  const whose = `${(mode & 0o7777).toString(8).padStart(4, '0')} ${uid}:${gid}`
  if (stat.isSymbolicLink()) return `link ${uid}:${gid} -> ${readlinkSync(path)}`
  if (stat.isDirectory()) return `directory ${whose}`
  if (stat.isFile()) return `file ${whose}\n${contentOf(path)}`
  // How an overlay writes down that something of the lower file system is no more.
  if (stat.isCharacterDevice() && rdev === 0) return 'removed'
  return `other ${mode.toString(8)} ${whose}`
}
