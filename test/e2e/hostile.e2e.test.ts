// limit: 900
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import * as assert from 'uvu/assert'
import type { Event } from '../../src/base/event.ts'
import { REGPLAY } from '../support/program.ts'
import { siteAvailable } from '../support/site.ts'
import { suite } from '../support/suite.ts'
import { has } from '../transport/sshd.ts'
import { type Ground, type Left, type Trial, trialsOf } from './hostile/tasks.ts'
import { BYTES, CANARY, NAMES, TEXTS } from './hostile/values.ts'

/**
 * Modules that write get paths and values of every kind, and what they leave behind holds them byte by byte: as root and by sudo,
 * with dash, bash and BusyBox as the shell, on an overlay of this machine. `modules/hostile` tries every parameter, without effects.
 */
const test = suite('e2e/hostile')
const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const OVERLAY = fileURLToPath(new URL('managers/overlay.sh', import.meta.url))
const LIMIT = 300_000
const SOMEBODY = 'hostile'

type HostResult = Extract<Event, { type: 'host-result' }>

const dir = mkdtempSync(join(tmpdir(), 'regplay-hostile-'))
process.once('exit', () => rmSync(dir, { recursive: true, force: true }))

/** A command on the overlay, with another program as /bin/sh. */
const inside = (shell: string, ...command: readonly string[]): string[] => [
  ...['--mount', 'sh', OVERLAY, dir, ROOT, 'sh', '-c'],
  'mount --bind "$1" "$(readlink -f /bin/sh)" && shift && cd "$0" && exec "$@"',
  ...[ROOT, shell, ...command],
]

/** Files of the controller: what trials send, and what they bring. */
function prepare(): void {
  const here = join(dir, 'upper/controller')
  mkdirSync(join(here, 'tree'), { recursive: true })
  mkdirSync(join(here, 'scripts'))
  for (const name of Object.values(NAMES)) {
    writeFileSync(join(here, 'tree', name), name)
    writeFileSync(join(here, 'scripts', name), `#!/bin/sh\nprintf '<%s>' "$1"\n`)
  }
  writeFileSync(join(here, 'bytes'), BYTES)
  writeFileSync(join(here, 'value.j2'), '<{{ values[kind] }}>')
  writeFileSync(join(here, 'script.sh'), '#!/bin/sh\nprintf %s "$1" >"$2"\n')
  execFileSync('tar', ['-czf', join(here, 'tree.tar.gz'), '-C', here, 'tree'])
}

/** Runs trials: results by the names of their tasks. */
async function run(shell: string, user: string, trials: readonly Trial[]): Promise<Map<string, HostResult>> {
  const tasks = trials.flatMap(trial =>
    trial.tasks.map((task, i) => ({ name: `${trial.name} ${i}`, vars: { kind: trial.kind }, ...task })),
  )
  const become = user === 'root' ? {} : { become: true, become_user: user }
  const play = [{ hosts: 'all', gather_facts: false, ignore_errors: true, vars: { values: TEXTS }, ...become, tasks }]
  writeFileSync(join(dir, 'upper/controller/play.yml'), JSON.stringify(play))
  const words = [REGPLAY, 'run', '-i', 'one,', '-c', 'local', '/controller/play.yml', '--json']
  const { all } = await execa('unshare', inside(shell, process.execPath, ...words), {
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: LIMIT,
    maxBuffer: 256 << 20,
  })
  const events = all.split('\n').flatMap(line => (line.startsWith('{') ? [JSON.parse(line) as Event] : []))
  const results = events.filter(event => event.type === 'host-result')
  if (results.length === 0) throw new Error(all.slice(-2000))
  return new Map(results.map(result => [result.task, result]))
}

/** What is wrong with the outcome of a trial. */
function faultsOf(trial: Trial, results: ReadonlyMap<string, HostResult>, again: boolean): string[] {
  const upper = join(dir, 'upper')
  const task = (n: number): string => `${trial.name} ${n}`
  const told = (result: HostResult | undefined): string => JSON.stringify(result?.result ?? 'no result').slice(0, 600)
  const bad = trial.tasks.flatMap((_, i) => {
    const result = results.get(task(i))
    if (trial.refused !== undefined && i === trial.tasks.length - 1)
      return result?.status === 'failed' && told(result).includes(trial.refused) ? [] : [`${task(i)}: ${told(result)}`]
    if (result?.status !== 'ok' && result?.status !== 'changed' && result?.status !== 'skipped')
      return [`${task(i)}: ${result?.status}: ${told(result)}`]
    return again && result.status === 'changed' && !trial.acts ? [`${task(i)}: changed again: ${told(result)}`] : []
  })
  if (bad.length > 0) return bad
  const left: Left = {
    read: path => readFileSync(upper + path),
    names: path => readdirSync(upper + path),
    link: path => readlinkSync(upper + path),
    brought: path => readFileSync(join(upper, 'controller', path)),
    result: name => results.get(name)?.result ?? {},
  }
  try {
    trial.left?.(left, task)
    return []
  } catch (error) {
    return [`${trial.name}: ${(error as Error).message}`]
  }
}

/** Whether a part of some value was run. */
function canaries(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? canaries(join(path, entry.name)) : entry.name === CANARY ? [join(path, entry.name)] : [],
  )
}

const why =
  siteAvailable() ??
  ['dash', 'bash', 'busybox', 'unshare', 'sudo', 'git', 'useradd']
    .find(name => !has(name))
    ?.concat(' is not installed') ??
  null
if (why !== null) test.skip('hostile values', why)
else {
  prepare()
  const server = createServer((request, response) => response.end(decodeURIComponent((request.url ?? '').slice(1))))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  test.after(() => server.close())
  const address = server.address()
  const web = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const made = spawnSync('unshare', inside('/bin/dash', 'useradd', '-m', SOMEBODY), { encoding: 'utf8' })
  assert.is(made.status, 0, made.stderr)

  for (const shell of ['dash', 'bash', 'busybox'])
    for (const user of ['root', SOMEBODY])
      test(
        `${shell}, as ${user}: every byte arrives`,
        async () => {
          const base = `/srv/${shell}-${user}`
          execFileSync('install', ['-d', join(dir, 'upper', base)])
          const { uid, gid } = idsOf(user)
          for (const kind of ['', ...Object.keys(NAMES)])
            execFileSync('install', ['-d', '-o', uid, '-g', gid, join(dir, 'upper', base, kind)])
          const ground: Ground = {
            base,
            user,
            here: '/controller',
            web,
            has: new Set(user === 'root' ? ['git', 'useradd', 'root'] : ['git']),
          }
          const trials = Object.keys(NAMES).flatMap(kind => trialsOf(kind, ground))
          const faults: string[] = []
          // Whether a second run finds what is there is asked of one shell: the questions are the same in all, and tried by modules/hostile.
          for (const again of shell === 'dash' && user === 'root' ? [false, true] : [false]) {
            const results = await run(`/usr/bin/${shell}`, user, trials)
            faults.push(...trials.flatMap(trial => faultsOf(trial, results, again)))
            if (faults.length > 0) break
          }
          assert.is(faults.join('\n'), '')
          assert.equal(canaries(join(dir, 'upper')), [])
          rmSync(join(dir, 'upper', base), { recursive: true })
        },
        LIMIT,
      )
}

/** Numbers of an account of the overlay. */
function idsOf(user: string): { uid: string; gid: string } {
  const [, , uid = '', gid = ''] =
    readFileSync(join(dir, 'upper/etc/passwd'), 'utf8')
      .split('\n')
      .find(line => line.startsWith(`${user}:`))
      ?.split(':') ?? []
  return { uid, gid }
}

test.run()
