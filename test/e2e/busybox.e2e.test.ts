// limit: 300
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import * as assert from 'uvu/assert'
import type { Event } from '../../src/base/event.ts'
import { modules } from '../../src/modules/index.ts'
import { makeCa, makeLeaf } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { storageOf, tarGzOf } from '../registry/archives.ts'
import { REGPLAY } from '../support/program.ts'
import { siteAvailable } from '../support/site.ts'
import { suite } from '../support/suite.ts'
import { has } from '../transport/sshd.ts'
import { type End, REFUSED, WORKS } from './busybox/tasks.ts'

/**
 * Every module on a host whose only tools are BusyBox's applets, through the command line and SSH: it does its work, or it says which
 * tool is missing, before anything has changed.
 */
const test = suite('e2e/busybox')
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MACHINE = fileURLToPath(new URL('busybox/machine.sh', import.meta.url))
/** Milliseconds that one run may take. */
const LIMIT = 120_000

type HostResult = Extract<Event, { type: 'host-result' }>

/** The host; its disk is `dir/root` of a mount namespace of its own. */
class Machine {
  readonly dir: string
  readonly #outer: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #init: number

  private constructor(dir: string, outer: ChildProcessByStdio<Writable, Readable, Readable>, init: number) {
    this.dir = dir
    this.#outer = outer
    this.#init = init
  }

  static async start(): Promise<Machine> {
    const dir = mkdtempSync(join(tmpdir(), 'regplay-busybox-'))
    process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
    for (const name of ['host', 'id'])
      execFileSync('ssh-keygen', ['-q', '-N', '', '-t', 'ed25519', '-f', join(dir, name)])
    writeFileSync(join(dir, 'known_hosts'), `127.0.0.1 ${readFileSync(join(dir, 'host.pub'), 'utf8')}`)
    const apart = ['--mount', '--pid', '--net', '--fork', '--kill-child']
    const outer = spawn('unshare', [...apart, 'sh', MACHINE, dir], { stdio: ['pipe', 'pipe', 'pipe'] })
    let said = ''
    outer.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    await new Promise<void>((resolve, reject) => {
      outer.on('error', reject)
      outer.on('close', () => reject(new Error(`the host did not start: ${said}`)))
      outer.stdout.once('data', () => resolve())
    })
    const init = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim()
    return new Machine(dir, outer, Number(init))
  }

  /** Runs tasks: their results in order, and everything that was said. */
  async run(tasks: readonly Readonly<Record<string, unknown>>[]): Promise<{ results: HostResult[]; said: string }> {
    const options = `-o UserKnownHostsFile=${this.dir}/known_hosts`
    const vars = `ansible_user=root ansible_ssh_private_key_file=${this.dir}/id ansible_ssh_common_args='${options}'`
    writeFileSync(join(this.dir, 'hosts'), `box ansible_host=127.0.0.1 ${vars}\n`)
    const play = [{ hosts: 'box', gather_facts: false, ignore_errors: true, vars: { dir: this.dir }, tasks }]
    writeFileSync(join(this.dir, 'play.yml'), JSON.stringify(play))
    const words = [REGPLAY, 'run', '-i', join(this.dir, 'hosts'), join(this.dir, 'play.yml')]
    const { all } = await execa('nsenter', ['-t', String(this.#init), '-n', process.execPath, ...words, '--json'], {
      cwd: ROOT,
      stdin: 'ignore',
      all: true,
      reject: false,
      timeout: LIMIT,
      maxBuffer: 64 << 20,
    })
    const events = all.split('\n').flatMap(line => (line.startsWith('{') ? [JSON.parse(line) as Event] : []))
    return { results: events.filter(event => event.type === 'host-result'), said: all }
  }

  /** Runs a program of this machine in the host's network, as long as the host lives. */
  beside(...command: readonly string[]): void {
    spawn('nsenter', ['-t', String(this.#init), '-n', '-p', ...command], { stdio: 'ignore' })
  }

  /** Everything on the disk: type, permissions, owner, times and content, by path. */
  disk(): Map<string, string> {
    const top = `/proc/${this.#init}/root${this.dir}/root`
    const found = new Map<string, string>()
    const walk = (path: string): void => {
      for (const name of readdirSync(top + path)) {
        const at = `${path}/${name}`
        const stat = lstatSync(top + at, { bigint: true })
        const content = stat.isFile()
          ? readFileSync(top + at, 'latin1')
          : stat.isSymbolicLink()
            ? readlinkSync(top + at)
            : ''
        found.set(at, `${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${stat.ctimeNs} ${content}`)
        if (stat.isDirectory()) walk(at)
      }
    }
    walk('')
    return found
  }

  /** Ends all of its processes; its mounts go with them. */
  async stop(): Promise<void> {
    const gone = new Promise(resolve => this.#outer.once('close', resolve))
    this.#outer.stdin.destroy()
    await gone
  }
}

/** A registry that serves by a certificate of its own CA, in `site`. */
async function serve(machine: Machine): Promise<void> {
  const dir = join(machine.dir, 'site')
  const life = { now: new Date(), days: 30, bits: 2048 }
  const ca = await makeCa({ ...life, name: 'Site' })
  const leaf = await makeLeaf({ ...life, ca, name: '127.0.0.1', hosts: ['127.0.0.1'] })
  mkdirSync(join(dir, 'storage/docker/registry/v2'), { recursive: true })
  writeFileSync(join(dir, 'ca.pem'), ca.certificatePem)
  writeFileSync(join(dir, 'cert.pem'), leaf.certificatePem)
  writeFileSync(join(dir, 'key.pem'), keyFileBytes(leaf.key), { mode: 0o600 })
  execFileSync('tar', ['-xf', join(machine.dir, 'storage.tar.gz'), '-C', join(dir, 'storage/docker/registry/v2')])
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(dir, 'storage') } },
    http: {
      addr: '127.0.0.1:443',
      secret: 'x',
      tls: { certificate: join(dir, 'cert.pem'), key: join(dir, 'key.pem') },
    },
  }
  writeFileSync(join(dir, 'config.yml'), JSON.stringify(config))
  machine.beside('docker-registry', 'serve', join(dir, 'config.yml'))
}

/** Files of the controller that tasks name. */
async function prepare(dir: string): Promise<void> {
  mkdirSync(join(dir, 'tree/deep'), { recursive: true })
  writeFileSync(join(dir, 'tree/a file'), 'of the tree\n')
  writeFileSync(join(dir, 'tree/deep/$HOME'), 'deep\n')
  writeFileSync(join(dir, 'hello.j2'), 'from {{ inventory_hostname }}\n')
  writeFileSync(join(dir, 'script.sh'), '#!/bin/sh\nprintf "%s\\n" "$@"\n')
  writeFileSync(join(dir, 'storage.tar.gz'), await tarGzOf(storageOf('tools/app', ['1.4'])))
  for (const name of ['tree.tar.gz', 'tree.tar.xz', 'tree.tar.zst'])
    execFileSync('tar', ['-acf', join(dir, name), '-C', dir, 'tree'])
  execFileSync('python3', ['-m', 'zipfile', '-c', join(dir, 'tree.zip'), join(dir, 'tree')])
}

const shown = (end: End): string => (typeof end === 'string' ? end : `failed: ${end.failed}`)

/** What differs from the end that a task should have, or nothing. */
function wrong(end: End, result: HostResult | undefined): string | undefined {
  if (result === undefined) return `no result, expected ${shown(end)}`
  const { status, remedy = '' } = result
  const said = `${String(result.result['msg'])} ${remedy}`
  const fine = typeof end === 'string' ? status === end : status === 'failed' && said.includes(end.failed)
  return fine ? undefined : `${status}, expected ${shown(end)}: ${JSON.stringify(result.result).slice(0, 1000)}`
}

const taskOf = (
  { module, args }: { readonly module: string; readonly args: unknown },
  i: number,
): Record<string, unknown> => ({ name: `${i} ${module}`, [module]: args })

const why =
  siteAvailable() ??
  ['busybox', 'sshd', 'ssh-keygen', 'unshare', 'nsenter', 'ip', 'python3', 'zstd', 'docker-registry']
    .find(name => !has(name))
    ?.concat(' is not installed') ??
  null

test('every module is in the table', () => {
  const there = new Set([...WORKS, ...REFUSED].map(({ module }) => module))
  assert.equal(
    modules.filter(({ name }) => !there.has(name)).map(({ name }) => name),
    [],
  )
})

if (why !== null) test.skip('every module on a host with BusyBox only', why)
else {
  const machine = await Machine.start()
  test.after(() => machine.stop())
  await prepare(machine.dir)
  await serve(machine)

  test(
    'what cannot be done says which tool is missing, before anything has changed',
    async () => {
      const before = machine.disk()
      const { results, said } = await machine.run(REFUSED.map(taskOf))
      const after = machine.disk()
      const faults = REFUSED.flatMap((task, i) => {
        const name = `${i} ${task.module}`
        const fault = wrong(
          { failed: task.tool },
          results.find(result => result.task === name),
        )
        return fault === undefined ? [] : [`${name}: ${fault}`]
      })
      assert.is(faults.join('\n'), '', said.slice(-500))
      const paths = new Set([...before.keys(), ...after.keys()])
      assert.equal(
        [...paths].filter(path => before.get(path) !== after.get(path)),
        [],
      )
    },
    LIMIT,
  )

  for (const [time, title] of ['first', 'second'].entries())
    test(
      `what can be done ends as it should, the ${title} time`,
      async () => {
        const { results, said } = await machine.run(WORKS.map(taskOf))
        const faults = WORKS.flatMap((task, i) => {
          const name = `${i} ${task.module}`
          const fault = wrong(
            task.ends[time] ?? 'ok',
            results.find(result => result.task === name),
          )
          return fault === undefined ? [] : [`${name}: ${fault}`]
        })
        assert.is(faults.join('\n'), '', said.slice(-500))
      },
      LIMIT,
    )
}

test.run()
