// one node: it judges what is said, and that is the same on every Node
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as assert from 'uvu/assert'
import { REGPLAY } from '../support/program.ts'
import { suite } from '../support/suite.ts'

const test = suite('cli: inventory and vars')
const dir = mkdtempSync(join(tmpdir(), 'regplay-test-'))
test.after(() => rmSync(dir, { recursive: true }))

const FILES = {
  hosts: "[g]\nh1 a=1 late=\"{{ lookup('pipe', 'touch x') }}\"\nh2\n[g:vars]\na=2\nb={{ a }}\n[other]\nh3\n",
  'group_vars/all.yml': '# a comment\na: 3\n',
  'roles/r/defaults/main.yml': 'a: default\nonly: default\n',
  'roles/r/vars/main.yml': 'a: role\n',
  'roles/r/tasks/main.yml': '- debug: {msg: hi}\n',
  'files.yml': 'a: file\n',
  'play.yml':
    '- name: One\n  hosts: g\n  vars: {a: play}\n  vars_files: [files.yml]\n  roles: [r]\n- name: Two\n  hosts: h3\n  tasks: []\n',
}
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(dir, name)), { recursive: true })
  writeFileSync(join(dir, name), text)
}

const regplay = (...args: readonly string[]) => {
  const done = spawnSync(process.execPath, [REGPLAY, ...args, '-i', 'hosts'], { encoding: 'utf8', cwd: dir })
  return { status: done.status, out: done.stdout.replaceAll(`${dir}/`, ''), err: done.stderr }
}

test('--list into a file, only some hosts', () => {
  assert.equal(regplay('inventory', '--list', '--limit', 'h3', '--output', 'out.json'), { status: 0, out: '', err: '' })
  assert.equal(JSON.parse(readFileSync(join(dir, 'out.json'), 'utf8')), {
    _meta: { hostvars: { h3: { a: 3 } }, profile: 'inventory_legacy' },
    all: { children: ['ungrouped', 'g', 'other'] },
    other: { hosts: ['h3'] },
  })
}, 30_000)

test('--yaml leaves out what shows nothing', () => {
  const tree = (...limit: string[]) => regplay('inventory', '--list', '--yaml', '--limit', ...limit).out
  assert.is(tree('h3'), 'all:\n  children:\n    other:\n      hosts:\n        h3:\n          a: 3\n')
  assert.is(tree('h3,!h3'), '{}\n')
}, 30_000)

test('a graph from a group; one host', () => {
  assert.is(regplay('inventory', 'g', '--graph', '--vars').out.split('\n')[0], '@g:')
  assert.equal(JSON.parse(regplay('inventory', '--host', 'h2').out), { a: 3, b: '{{ a }}' })
  assert.is(regplay('inventory', '--host', 'h3', '--yaml').out, 'a: 3\n')
}, 30_000)

/** Words of the command line, the status, words of what is said. */
const REFUSED: [string[], number, RegExp][] = [
  [['inventory'], 64, /No action selected, at least one of --host, --graph or --list/],
  [['inventory', '--list', '--graph'], 64, /Conflicting options used, only one of --host, --graph or --list/],
  [['inventory', '--list', '--toml'], 64, /--yaml/],
  [
    ['inventory', '--graph', 'gg'],
    65,
    /Pattern must be valid group name when using --graph: .*no group 'gg'; did you mean 'g'\?/,
  ],
  [['inventory', '--host', 'g'], 65, /means 2 hosts/],
  [['inventory', '--host', 'zz'], 65, /Could not match supplied host pattern: --host zz means no host/],
  [['vars', 'h1', 'aa'], 65, /nobody sets 'aa' for h1; did you mean 'a'\?/],
]
for (const [args, status, words] of REFUSED)
  test(`refused: ${args.join(' ')}`, () => {
    const got = regplay(...args)
    assert.is(got.status, status)
    assert.match(got.err, words)
  }, 30_000)

test('vars says who wins, from where, and over whom', () => {
  assert.is(
    regplay('vars', 'h1', 'a', '-e', 'a=4').out,
    [
      'a: "4"',
      '  from  extra vars  -e:1:3  "4"',
      '  over  inventory host h1  hosts:2:6  1',
      '  over  playbook group_vars/all (group_vars/all)  group_vars/all.yml:2:4  3',
      '  over  inventory group_vars/all (group_vars/all)  group_vars/all.yml:2:4  3',
      '  over  inventory group g  hosts:5:3  2',
      '',
    ].join('\n'),
  )
}, 30_000)

test('vars says that a value is vaulted, and not what its armour is', () => {
  const armour = '$ANSIBLE_VAULT;1.1;AES256\\n3031\\n'
  writeFileSync(join(dir, 'vaulted.yml'), `all: {hosts: {v1: {v: !vault "${armour}"}}}\n`)
  const { out } = regplay('vars', 'v1', 'v', '-i', 'vaulted.yml')
  assert.match(
    out,
    /^v: \(undecryptable variable: the vaulted text was not opened.*\n {2}from {2}inventory host v1 {2}vaulted\.yml:1:\d+ {2}!vault\n$/,
  )
}, 30_000)

test('all variables of a host, a line each; what acts is left for the run', () => {
  const { out } = regplay('vars', 'h1')
  assert.match(out, /^b: 1\n {2}from {2}inventory group g {2}hosts:6:3 {2}"\{\{ a \}\}"$/m)
  assert.match(out, /^late: \(known in a run only\)$/m)
  assert.not.match(out, /over/)
}, 30_000)

test('plays and roles count with --playbook; a play that the host is not in does not', () => {
  const { out, err } = regplay('vars', 'h1', 'a', '--playbook', 'play.yml')
  assert.is(err, '')
  assert.equal(
    [...out.matchAll(/^(?:play "(\w+)"| {2}\w+ {2}(\w+ \w+|\w+))/gm)].map(found => found[1] ?? found[2]).slice(0, 5),
    ['One', 'role vars', 'vars_files', 'play vars', 'inventory host'],
  )
  assert.match(out, /role defaults \(role r\) {2}roles\/r\/defaults\/main\.yml:1:4 {2}"default"\n$/)
  assert.match(regplay('vars', 'h2', 'only', '--playbook', 'play.yml', '--json').out, '"value":"default"}\n')
}, 30_000)

test.run()
