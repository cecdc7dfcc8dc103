import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import type { Event } from '../../src/base/event.ts'
import { siteAvailable } from '../support/site.ts'
import { suite } from '../support/suite.ts'

const test = suite('e2e/packages')

/** Milliseconds for one run. */
const LIMIT = 240_000

const HERE = fileURLToPath(new URL('packages', import.meta.url))
const OVERLAY = fileURLToPath(new URL('managers/overlay.sh', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** What a run told, and how apt-get was called in it. */
interface Ran {
  readonly events: readonly Event[]
  readonly calls: readonly string[]
  /** Results of the one task, or of each turn of its loop: `changed`, `ok` or `failed`. */
  readonly ended: readonly string[]
  readonly trips: number
}

let dir = ''
test.before(() => {
  dir = mkdtempSync(join(tmpdir(), 'regplay-packages-'))
})
test.after(() => rmSync(dir, { recursive: true, force: true }))

/** Runs one task on a machine whose packages nobody else uses; what it changes is there for the next one. */
function run(task: string, holder: 'nobody' | 'somebody' | 'forever' = 'nobody'): Ran {
  const playbook = `- hosts: all\n  gather_facts: false\n  tasks:\n  - ${task}\n`
  const words = [join(HERE, 'run.sh'), HERE, ROOT, process.execPath, playbook, holder]
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', 'sh', OVERLAY, dir, ROOT, 'sh', ...words],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: '/root' },
      timeout: LIMIT,
    },
  )
  assert.is(status, 0, stdout + stderr)
  const lines = stdout.split('\n')
  const events = lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line) as Event)
  const items = events.filter(event => event.type === 'item-result')
  const results = items.length > 0 ? items : events.filter(event => event.type === 'host-result')
  return {
    events,
    calls: lines.filter(line => line.startsWith('Commandline: apt-get')),
    ended: results.map(({ status: how }) => how),
    trips: events.find(event => event.type === 'stats')?.hosts['one']?.trips ?? 0,
  }
}

const messageOf = ({ events }: Ran): string =>
  String(events.find(event => event.type === 'host-result')?.result['msg'] ?? '')

const why = siteAvailable()

/** A task, how it or its turns end, how often apt-get changes something, and the most trips; in this order on one machine. */
const CASES: Record<string, [task: string, ended: string[], calls: number, trips: number]> = {
  'a list is one transaction': ['apt: {name: [rp-a, rp-b]}', ['changed'], 1, 4],
  'a loop is one transaction': [
    '{apt: {name: "rp-{{ item }}"}, loop: [c, a, d, e]}',
    ['changed', 'ok', 'changed', 'changed'],
    1,
    // The shell's first words, a look, the lock of the run, a look and a trip for all packages, and a look of all turns.
    6,
  ],
  'so is a loop of package': ['{package: {name: "rp-{{ item }}"}, loop: [f, g]}', ['changed', 'changed'], 1, 6],
  'so is a loop that removes': [
    '{apt: {name: "rp-{{ item }}", state: absent}, loop: [f, g, x]}',
    ['changed', 'changed', 'ok'],
    1,
    6,
  ],
  'a loop that finds all there looks once': [
    '{apt: {name: "rp-{{ item }}"}, loop: [a, b, c, d]}',
    Array(4).fill('ok'),
    0,
    2,
  ],
  'a loop that makes users takes one trip': [
    '{user: {name: "rp{{ item }}", create_home: false}, loop: [1, 2, 3, 4, 5]}',
    Array(5).fill('changed'),
    0,
    4,
  ],
  'a name that nobody has fails alone': [
    '{apt: {name: "rp-{{ item }}"}, loop: [h, none, i], ignore_errors: true}',
    ['changed', 'failed', 'changed'],
    2,
    12,
  ],
}

if (why !== null) test.skip('packages', why.replace('the site needs', 'package managers need'))
else {
  for (const [title, [task, ended, calls, trips]] of Object.entries(CASES))
    test(
      title,
      () => {
        const ran = run(task)
        assert.equal(ran.ended, ended, messageOf(ran))
        assert.is(ran.calls.length, calls, ran.calls.join('\n'))
        assert.ok(ran.trips > 0 && ran.trips <= trips, `${ran.trips} trips`)
      },
      LIMIT,
    )
  test(
    'who holds the lock of dpkg is waited for, and named meanwhile and afterwards',
    () => {
      const ran = run('apt: {name: rp-a, state: absent}', 'somebody')
      assert.equal(ran.ended, ['changed'], messageOf(ran))
      const holder = /python3 \(process \d+\), which holds \/var\/lib\/dpkg\/lock-frontend/
      const progress = ran.events.flatMap(event => (event.type === 'progress' ? [event.what] : []))
      assert.match(progress.join('\n'), holder)
      const warned = ran.events.flatMap(event => (event.type === 'warning' ? [event.msg] : []))
      assert.match(warned.join('\n'), holder)
    },
    LIMIT,
  )
  test(
    'beyond lock_timeout the task fails, names the holder, and has changed nothing',
    () => {
      const ran = run('apt: {name: rp-a, lock_timeout: 2}', 'forever')
      assert.equal(ran.ended, ['failed'])
      assert.match(
        messageOf(ran),
        /^python3 \(process \d+\) holds \/var\/lib\/dpkg\/lock-frontend, and did not let go of it within 2 s$/,
      )
      assert.equal(ran.calls, [])
    },
    LIMIT,
  )
  // What it leaves half installed is in everybody's way, so it is the last.
  test(
    'a package that cannot be installed fails alone',
    () => {
      const ran = run('{apt: {name: "rp-{{ item }}"}, loop: [j, bad], ignore_errors: true}')
      assert.equal(ran.ended, ['changed', 'failed'])
    },
    LIMIT,
  )
}

test.run()
