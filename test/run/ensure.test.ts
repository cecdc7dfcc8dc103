import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import * as effects from '../../src/effects/interpreter.ts'
import { defineModule } from '../../src/kit/module.ts'
import { change, edit, refuse } from '../../src/kit/plan.ts'
import { ask } from '../../src/kit/question.ts'
import { ensure } from '../../src/run/ensure.ts'
import { Machine } from '../../src/run/machine.ts'
import type { Result } from '../../src/run/ports.ts'
import { nothing, type Script, sh } from '../../src/shell/script.ts'
import { connect } from '../../src/transport/connect.ts'
import { play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/ensure')

const dir = mkdtempSync(join(tmpdir(), 'regplay-ensure-'))
const aside = mkdtempSync(join(tmpdir(), 'regplay-aside-'))
const session = connect({
  name: 'here',
  connection: 'local',
  address: '',
  port: 0,
  user: '',
  options: {},
  hostKeyChecking: 'strict',
  connectTimeout: 5,
})
test.after(async () => {
  await session.close()
  for (const one of [dir, aside]) rmSync(one, { recursive: true, force: true })
})

/** A file holds a word; how it is made true is the test's choice. */
const holds = (by: (path: string, word: string) => Script) =>
  defineModule({
    name: 'holds',
    summary: '',
    args: {
      type: 'object',
      additionalProperties: false,
      required: ['path', 'word'],
      properties: { path: { type: 'string' }, word: { type: 'string' } },
    },
    probe: ({ path }) => ({
      now: ask(sh`cat ${path} 2>/dev/null || echo none`, [`path:${path}`], answer => answer.stdout.trim()),
    }),
    plan: ({ path, word }, { now }) =>
      now === 'taboo'
        ? refuse('taboo')
        : change(
            edit(path, now, word, to => ({ kind: 'run', script: by(path, to) })),
            [`path:${path}`],
          ),
  })

const make = (
  by: (path: string, word: string) => Script,
  path: string,
  more: { dry?: boolean; check?: boolean; machine?: Machine; before?: () => void } = {},
): Promise<Result> =>
  ensure({
    module: holds(by),
    args: { path, word: 'new' },
    machine: more.machine ?? new Machine('here', session),
    identity: { become: 'none', user: '' },
    environment: nothing,
    variables: new Map(),
    dry: more.dry ?? false,
    check: more.check ?? more.dry ?? false,
    effects,
    hold: async () => undefined,
    signal: new AbortController().signal,
    ahead: () => [],
    progress: () => undefined,
  })

const write = (path: string, word: string): Script => sh`printf %s ${word} >${path}`

test('makes, proves, and finds nothing to do the second time', async () => {
  const path = join(dir, 'a')
  const first = await make(write, path)
  assert.is(first.changed, true)
  assert.equal(first.diff, [{ what: path, from: 'none', to: 'new' }])
  assert.is(readFileSync(path, 'utf8'), 'new')
  assert.is((await make(write, path)).changed, false)
})

test('a dry run says the same and touches nothing', async () => {
  const path = join(dir, 'b')
  const dry = await make(write, path, { dry: true })
  assert.equal(dry.diff, [{ what: path, from: 'none', to: 'new' }])
  assert.is(existsSync(path), false)
})

test('what ran and is still not true is a failure that says so', async () => {
  const result = await make(() => sh`true`, join(dir, 'c'))
  assert.match(result.failed ?? '', /still not true: .*none.*new/)
})

test('a step that fails says what it said', async () => {
  const result = await make(() => sh`echo disk on fire >&2; exit 3`, join(dir, 'd'))
  assert.match(result.failed ?? '', /disk on fire/)
})

test('a world that moved between look and edit is looked at again', async () => {
  const path = join(dir, 'e')
  const machine = new Machine('here', session)
  await make(write, path, { machine, dry: true })
  writeFileSync(path, 'moved')
  const trips = session.stats.trips
  const result = await make(write, path, { machine })
  assert.is(result.failed, undefined)
  assert.equal(result.diff, [{ what: path, from: 'moved', to: 'new' }])
  assert.is(session.stats.trips - trips, 3, 'a guard that stopped, a new look, and guard with edit and proof')
})

test('a refusal stops it; in a dry run one that rests on a pretended change is skipped', async () => {
  const path = join(dir, 'f')
  writeFileSync(path, 'taboo')
  assert.is((await make(write, path)).failed, 'taboo')
  const machine = new Machine('here', session)
  machine.pretend([`path:${dir}`])
  const dry = await make(write, path, { machine, dry: true })
  assert.is(dry.failed, undefined)
  assert.ok(dry.skipped)
  const elsewhere = join(aside, 'g')
  writeFileSync(elsewhere, 'taboo')
  const fresh = new Machine('here', session)
  fresh.pretend(['path:/nowhere'])
  assert.is((await make(write, elsewhere, { machine: fresh, dry: true })).failed, 'taboo')
  const after = await make(write, elsewhere, { machine, dry: true })
  assert.is(after.failed, undefined, 'it may rest on what the skipped task would have changed')
  assert.ok(after.skipped)
})

test('in a real run, what a task pretended excuses nobody', async () => {
  const path = join(dir, 'h')
  const machine = new Machine('here', session)
  assert.is((await make(write, path, { machine, dry: true, check: false })).changed, true)
  writeFileSync(path, 'taboo')
  machine.touch([`path:${path}`])
  assert.is((await make(write, path, { machine, dry: true, check: false })).failed, 'taboo', 'nor one that pretends')
  assert.is((await make(write, path, { machine })).failed, 'taboo')
})

test('in a real run, tasks behind a check_mode: true are judged by what is there', async () => {
  const missing = '{ name: nosuch, state: started }'
  const { recap, results, said, result } = await play(`
- hosts: all
  gather_facts: false
  tasks:
    - { name: anything, command: { cmd: nothing, creates: DIR/nothing }, check_mode: true }
    - { name: unit, copy: { content: x, dest: DIR/nosuch.service }, check_mode: true }
    - { name: really, service: ${missing}, ignore_errors: true, register: really }
    - { name: asked, service: ${missing}, check_mode: true, ignore_errors: true, register: asked }
    - { name: systemd, systemd: ${missing}, check_mode: true, ignore_errors: true, register: systemd }
    - debug: { msg: '{{ [really, asked, systemd] | map(attribute="failed") | list }}' }
    - { name: read, slurp: { src: DIR/nosuch.service }, check_mode: true, ignore_errors: true }
    - { name: look, stat: { path: DIR/nosuch.service }, register: seen }
    - { name: line, lineinfile: { path: DIR/nosuch.service, line: x }, check_mode: true, ignore_errors: true }
    - { name: end, service: ${missing} }
    - { name: behind it, debug: { msg: x } }`)
  const failed = ['really', 'asked', 'systemd', 'read', 'line']
  assert.equal(
    results.filter(line => line.startsWith('one ignored')),
    failed.map(name => `one ignored ${name}`),
  )
  assert.equal([said, result('end').status, recap['one']?.skipped], [['one true,true,true'], 'failed', 0])
})

test('forty tasks that are true already cost one trip', async () => {
  const work = mkdtempSync(join(tmpdir(), 'regplay-trips-'))
  const tasks = Array.from(
    { length: 40 },
    (_, i) => `    - { name: t${i}, file: { path: DIR/d${i}, state: directory, mode: "0750" } }`,
  )
  const text = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.join('\n')}\n`
  try {
    const first = await play(text, { dir: work })
    assert.is(first.recap['one']?.changed, 40)
    const second = await play(text, { dir: work })
    assert.is(second.recap['one']?.changed, 0)
    assert.is(second.stats['one']?.trips, 2, 'the first words of the shell, and one look')
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}, 60_000)

test('the closing look finds what a later task undid', async () => {
  const played = await play(`
- hosts: all
  gather_facts: false
  tasks:
    - { name: makes, file: { path: DIR/x, state: touch, mode: "0600" } }
    - { name: sets, file: { path: DIR/x, mode: "0640" } }
    - { name: undoes, command: chmod 0600 DIR/x }`)
  const drift = played.events.filter(event => event.type === 'drift')
  assert.equal(
    drift.map(event => event.task),
    ['sets'],
  )
})

test('the closing look goes on behind what cannot be told any more', async () => {
  const played = await play(`
- hosts: all
  gather_facts: false
  tasks:
    - { name: folder, command: mkdir DIR/d }
    - { name: looks, stat: { path: DIR/d/x } }
    - { name: makes, file: { path: DIR/y, state: touch } }
    - { name: sets, file: { path: DIR/y, mode: "0640" } }
    - { name: undoes, shell: rm -r DIR/d; touch DIR/d; chmod 0600 DIR/y }`)
  const told = played.events.flatMap(event =>
    event.type === 'drift' ? [event.task] : event.type === 'warning' ? [event.msg.replace(/\S+\/d\/x/, 'd/x')] : [],
  )
  assert.equal(told, ['the closing look could not be made: cannot look at d/x: Not a directory', 'sets'])
})

test.run()
