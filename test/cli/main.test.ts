// limit: 400
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { bugText } from '../../src/cli/bug.ts'
import { REGPLAY } from '../support/program.ts'
import { noPty, onPty } from '../support/pty.ts'
import { suite } from '../support/suite.ts'

const test = suite('main')
const dir = mkdtempSync(join(tmpdir(), 'regplay-test-'))
const playbook = join(dir, 'site.yml')
writeFileSync(
  playbook,
  '- hosts: all\n  name: first\n  tasks:\n    - name: say\n      debug: {msg: hi}\n      tags: [a]\n',
)
test.after(() => rmSync(dir, { recursive: true }))

const regplay = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [REGPLAY, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('--version and --help', () => {
  assert.match(regplay('--version').stdout, /^\d+\.\d+\.\d+\n$/)
  for (const command of [
    [],
    ['run'],
    ['check'],
    ['list'],
    ['list', 'hosts'],
    ['eval'],
    ['adhoc'],
    ['config'],
    ['ping'],
    ['facts'],
  ]) {
    const { status, stdout } = regplay(...command, '--help')
    assert.is(status, 0)
    assert.match(stdout, `Usage: regplay${command.map(word => ` ${word}`).join('')}`)
  }
}, 30_000)

test('usage is 64, a missing file 66', () => {
  assert.is(regplay('run').status, 64)
  assert.is(regplay('nonsense').status, 64)
  const { status, stderr } = regplay('run', join(dir, 'nope.yml'), join(dir, 'neither.yml'))
  assert.is(status, 66)
  assert.match(stderr, /nope.yml \[file-missing\][\s\S]*neither.yml \[file-missing\]/)
}, 30_000)

test('check: fine is 0, every fault at once is 65', () => {
  assert.equal(regplay('check', playbook), { status: 0, stdout: '1 playbook read: no errors\n', stderr: '' })
  const broken = join(dir, 'broken.yml')
  writeFileSync(broken, '- hosts: all\n  tasks:\n    - debgu: {msg: hi}\n    - debug: {mgs: hi}\n')
  const { status, stdout, stderr } = regplay('check', broken)
  assert.is(status, 65)
  assert.match(stderr, /broken.yml:3:7: error: .*debgu[\s\S]*broken.yml:4:/)
  assert.match(stdout, '1 playbook read: 2 errors')
  const lines = regplay('check', '--json', broken).stdout.trimEnd().split('\n')
  assert.equal(
    lines.map(line => JSON.parse(line).type),
    ['fault', 'fault'],
  )
}, 30_000)

test('a fault that two playbooks bring is told once', () => {
  writeFileSync(join(dir, 'shared.yml'), '- debgu: {msg: hi}\n')
  const files = ['one.yml', 'two.yml'].map(name => join(dir, name))
  for (const file of files) writeFileSync(file, '- hosts: all\n  tasks:\n    - import_tasks: shared.yml\n')
  for (const command of ['check', 'run']) {
    const { status, stderr } = regplay(command, ...files)
    assert.is(status, 65)
    assert.is(stderr.match(/shared.yml:1:3: error/g)?.length, 1)
  }
}, 30_000)

test('a limit that names nobody is a fault of lists and checks, too', () => {
  for (const command of [['check'], ['list', 'tasks'], ['list', 'tags'], ['run', '--syntax-check']]) {
    const { status, stderr } = regplay(...command, '-i', 'a,b', '-l', 'c', playbook)
    assert.equal([command.join(' '), status], [command.join(' '), 65])
    assert.match(stderr, /--limit:1:1: error: Could not match supplied host pattern, there is no such host or group: c/)
    assert.is(regplay(...command, '-i', 'a,b', '-l', 'b', playbook).status, 0)
  }
}, 60_000)

test('tags that templates make are listed and chosen by what they say', () => {
  const file = join(dir, 'templated-tags.yml')
  const text = `- hosts: all
  vars: { t: [b, a], p: whole }
  tags: "{{ p }}"
  tasks:
    - block: [{ name: one, debug: { msg: x }, vars: { own: c } , tags: "{{ own }}" }]
      tags: "{{ t }}"
    - { name: two, debug: { msg: x }, tags: "{{ unknown }}" }
`
  writeFileSync(file, text)
  const { stdout } = regplay('run', '--list-tasks', file)
  assert.match(stdout, 'play #1 (all): all\tTAGS: [whole]\n')
  assert.match(stdout, '      one\tTAGS: [a, b, c, whole]\n      two\tTAGS: [whole]\n')
  assert.not.match(regplay('list', 'tasks', '--tags', 'c', file).stdout, 'two')
  assert.match(regplay('list', 'tasks', '--tags', 'z', '-e', 'unknown=z', file).stdout, 'two')
}, 30_000)

test('list tasks and tags', () => {
  const tasks = `\nplaybook: ${playbook}\n\n  play #1 (all): first\tTAGS: []\n    tasks:\n      say\tTAGS: [a]\n`
  assert.is(regplay('list', 'tasks', playbook).stdout, tasks)
  assert.is(regplay('run', '--list-tasks', playbook).stdout, tasks)
  assert.match(regplay('list', 'tags', playbook).stdout, 'TASK TAGS: [a]\n')
  assert.not.match(regplay('list', 'tasks', '--skip-tags', 'a', playbook).stdout, 'say')
  const { playbooks } = JSON.parse(regplay('list', 'tasks', '--json', playbook).stdout)
  const task = { name: 'say', tags: ['a'], path: `${playbook}:4` }
  assert.equal(playbooks, [{ file: playbook, plays: [{ pattern: ['all'], name: 'first', tags: [], tasks: [task] }] }])
  assert.is(regplay('run', '--syntax-check', playbook).stdout, `\nplaybook: ${playbook}\n`)
}, 30_000)

test('list hosts', () => {
  const inventory = join(dir, 'hosts.ini')
  writeFileSync(inventory, '[web]\na\nb\n[db]\nc\n')
  const hosts = (...args: readonly string[]) => regplay('list', 'hosts', '-i', inventory, ...args)
  assert.is(hosts().stdout, '  hosts (3):\n    a\n    b\n    c\n')
  assert.is(hosts('web', '-l', '!a').stdout, '  hosts (1):\n    b\n')
  assert.is(hosts('--json', 'db').stdout, '{"hosts":["c"]}\n')
  const { status, stderr } = hosts('wbe')
  assert.is(status, 65)
  assert.match(stderr, 'no-such-host')
  assert.is(regplay('list', 'hosts', '-i', join(dir, 'nope')).status, 66)
  assert.match(regplay('list', 'hosts').stderr, 'inventory-none')
}, 30_000)

test('an inventory without hosts is no fault of plays for localhost, and one of plays for nobody', () => {
  const empty = join(dir, 'empty.ini')
  const mine = join(dir, 'mine.yml')
  writeFileSync(empty, '# nobody yet\n')
  writeFileSync(mine, '- hosts: localhost\n  gather_facts: false\n  tasks: [{debug: {msg: at home}}]\n')
  const here = regplay('run', '-i', empty, mine)
  assert.is(here.status, 0, here.stderr)
  assert.match(here.stdout, 'at home')
  assert.match(here.stderr, /warning: the inventory has no hosts: .*empty\.ini \[inventory-empty\]/)
  assert.is(regplay('run', '-i', empty, mine, playbook).status, 0)
  const { status, stderr } = regplay('run', '-i', empty, playbook)
  assert.is(status, 65)
  assert.match(stderr, /error: the inventory has no hosts: .*empty\.ini \[inventory-empty\]/)
}, 30_000)

test('a reader that has seen enough does not hurt', async () => {
  const child = spawn(process.execPath, [REGPLAY, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let err = ''
  child.stderr.on('data', part => {
    err += part
  })
  const code = await new Promise(resolve => child.on('close', resolve))
  assert.equal([code, err], [0, ''])
})

test('a bug says that it is one', () => {
  assert.match(
    bugText(new Error('oops'), '1.2.3', 'run'),
    /regplay has a bug[\s\S]*regplay 1\.2\.3, node v[\s\S]*Error: oops\n {6}at /,
  )
})

const missing = noPty()
const onTerminal = (name: string, body: () => Promise<void>) =>
  missing === undefined ? test(name, body, 30_000) : test.skip(name, missing)
const RUN = [process.execPath, REGPLAY, 'run', playbook, '-K']

onTerminal('a password is asked for and not shown', async () => {
  const { screen } = await onPty(RUN, { moves: [{ expect: 'BECOME password: ', send: 'hunterX\u007f2\r' }] })
  assert.match(screen, 'BECOME password: ')
  assert.not.match(screen, 'hunter')
})

onTerminal('Ctrl-C at the question is 130', async () => {
  const { screen, status } = await onPty(RUN, { moves: [{ expect: 'BECOME password: ', send: '\u0003' }] })
  assert.is(status, 130)
  assert.not.match(screen, 'bug')
})

onTerminal('a terminal that goes away is 129, and no abort of Node', async () => {
  const { status } = await onPty(RUN, { moves: [{ expect: 'BECOME password: ', hangUp: true }] })
  assert.is(status, 129)
})

test('no terminal to ask at is usage', () => {
  // setsid takes the terminal away, should the tests themselves have one.
  const { status, stderr } = spawnSync('setsid', ['-w', ...RUN], { encoding: 'utf8' })
  assert.is(status, 64)
  assert.match(stderr, /no terminal to ask for the become password \[no-terminal\]/)
})

test.run()
