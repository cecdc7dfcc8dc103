// limit: 600
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { program } from '../../src/cli/program.ts'
import { REGPLAY } from '../support/program.ts'
import { suite } from '../support/suite.ts'

const test = suite('cli/outputs')
const dir = mkdtempSync(join(tmpdir(), 'regplay-outputs-'))
test.after(() => rmSync(dir, { recursive: true }))

const at = (name: string): string => join(dir, name)
const write = (name: string, text: string): string => {
  writeFileSync(at(name), text)
  return at(name)
}
const hosts = write('hosts', 'h1 ansible_connection=local\nh2 ansible_connection=local\n')
const PLAY = '- hosts: all\n  gather_facts: false\n  tasks:\n'
const fine = write('fine.yml', `${PLAY}    - debug: {msg: hi}\n`)
const failing = write('failing.yml', `${PLAY}    - fail:\n`)
const wrong = write('wrong.yml', `${PLAY}    - debgu: {msg: hi}\n`)
mkdirSync(at('inventory'))
mkdirSync(at('site/group_vars'), { recursive: true })
write('site/group_vars/all.yml', 'port: 8443\n')
write('inventory/hosts', 'h1\n')
// Nothing can be made below a file, whoever one is.
const nowhere = `${hosts}/x`

const regplay = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [REGPLAY, ...args, '-i', hosts], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  })
  return { status, stdout, stderr }
}

const REFUSED: Record<string, [args: string[], said: RegExp, env?: Record<string, string>]> = {
  '--events': [['run', fine, '--events', nowhere], /x:1:1: error: the file of events cannot be written: ENOTDIR/],
  log_path: [['run', fine], /error: the log cannot be written: ENOTDIR/, { ANSIBLE_LOG_PATH: nowhere }],
  '--tree': [['adhoc', 'all', '-m', 'ping', '--tree', nowhere], /the folder of --tree cannot be written: ENOTDIR/],
  'inventory --output': [['inventory', '--list', '--output', nowhere], /the inventory cannot be written: ENOTDIR/],
}
for (const [name, [args, said, env]] of Object.entries(REFUSED))
  test(`a file that cannot be written is refused before the run: ${name}`, () => {
    const { status, stdout, stderr } = regplay(args, env)
    assert.match(stderr, said)
    assert.match(stderr, /check the path, its owner and mode/)
    assert.is(status, 65)
    assert.not.match(stdout, /TASK|h1/)
  }, 60_000)

test('what cannot be retried from a file is told, and the run ends as it would', () => {
  const env = { ANSIBLE_RETRY_FILES_ENABLED: 'yes', ANSIBLE_RETRY_FILES_SAVE_PATH: nowhere }
  const { status, stderr } = regplay(['run', failing], env)
  assert.is(status, 2)
  assert.match(stderr, /the hosts to retry cannot be written into .*failing\.retry: ENOTDIR/)
}, 60_000)

test('programs that read events are told of faults and of the end, too', () => {
  const { status, stdout, stderr } = regplay(['run', wrong, '--json', '--events', at('events')])
  const events = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.equal(
    events.map(({ type }) => type),
    ['run-start', 'fault', 'run-end'],
  )
  assert.is(events[1].fault.code, 'module-unknown')
  assert.is(events[2].exit, 65)
  assert.is(status, 65)
  assert.is(stderr, '')
  assert.is(readFileSync(at('events'), 'utf8'), stdout)
  const shown = regplay(['run', wrong, '--events', at('events')])
  assert.match(shown.stderr, /unknown module 'debgu'; did you mean 'debug'/)
  assert.is(readFileSync(at('events'), 'utf8').trim().split('\n').length, 3)
}, 60_000)

test('an inventory that is written is its owner’s', () => {
  assert.is(regplay(['inventory', '--list', '--output', at('out.json')]).status, 0)
  assert.ok(existsSync(at('out.json')))
  assert.is(statSync(at('out.json')).mode & 0o777, 0o600)
}, 60_000)

test('localhost_warning says whether people are told that there is no inventory', () => {
  const told = (env: Readonly<Record<string, string>>): string =>
    spawnSync(process.execPath, [REGPLAY, 'run', '--list-hosts', fine], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, ...env },
    }).stderr
  assert.is(/\[inventory-none\]/.test(told({})), !existsSync('/etc/ansible/hosts'))
  assert.not.match(told({ ANSIBLE_LOCALHOST_WARNING: 'no' }), 'inventory-none')
}, 60_000)

test('playbook_dir is where variables are looked for without a playbook', () => {
  const env = { ANSIBLE_PLAYBOOK_DIR: at('site') }
  assert.match(regplay(['inventory', '--host', 'h1'], env).stdout, /"port": 8443/)
  assert.match(regplay(['vars', 'h1', 'port'], env).stdout, /^port: 8443\n/)
}, 60_000)

test('help names no option that does nothing', () => {
  const none = { out: () => undefined, err: () => undefined }
  const top = program('1', () => Promise.resolve(), none)
  for (const name of ['check', 'doc', 'config', 'eval', 'inventory']) {
    const help = top.commands.find(command => command.name() === name)?.helpInformation() ?? ''
    assert.match(help, 'Usage')
    assert.not.match(help, /--verbose|--no-color/, name)
  }
})

test.run()
