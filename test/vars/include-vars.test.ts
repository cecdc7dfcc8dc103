import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { withFiles } from '../inventory/support.ts'
import { REGPLAY } from '../support/program.ts'
import { suite } from '../support/suite.ts'

/** `include_vars` in all its forms, each on a host of its own: what a host then has, by ansible-playbook and by us. */
const test = suite('include_vars')

const FILES = {
  'vars/one.yml': 'x: vars/one\nd: {a: 1, b: {c: 2}}\n',
  'one.yml': 'x: one\n',
  'two.json': '{"x": "two", "t": "{{ x }}!"}',
  'dict.yml': 'd: {a: 1, b: {c: 2}}\n',
  'empty.yml': '---\n',
  'list.yml': '- x\n',
  'tree/a.yml': 'x: a\na: 1\n',
  'tree/b.yaml': 'x: b\nb: 1\n',
  'tree/sub/c.yml': 'x: c\nc: 1\n',
  'tree/sub/deep/d.json': '{"x": "d", "e": 1}',
  'mixed/a.yml': 'x: a\n',
  'mixed/b.txt': 'x: txt\n',
  'mixed/c.conf': 'x: conf\n',
  'roles/r/vars/main.yml': 'x: role main\n',
  'roles/r/vars/more.yml': 'x: role more\n',
  'roles/r/vars/dir/main.yml': 'y: dir main\n',
}

/** The arguments of each case. */
const CASES: readonly string[] = [
  ...['one.yml', '{file: one.yml}', '{file: two.json}', '{file: empty.yml}', '{file: list.yml}', '{file: none.yml}'],
  ...['{file: one.yml, name: inside}', '{dir: tree}', '{dir: tree, depth: 1}', '{dir: tree, depth: 2}', '{dir: none}'],
  ...[
    "{dir: tree, files_matching: '^[ac]'}",
    '{dir: tree, ignore_files: [b.yaml, d.json]}',
    '{dir: tree, name: inside}',
  ],
  ...['{dir: mixed}', '{dir: mixed, ignore_unknown_extensions: true}', '{dir: mixed, extensions: [yml, txt, conf]}'],
  ...[
    '{dir: mixed, extensions: [txt], ignore_unknown_extensions: true}',
    "{dir: mixed, ignore_files: ['.*\\.txt', c.conf]}",
  ],
  ...[
    '{file: dict.yml, hash_behaviour: merge}',
    '{file: dict.yml, hash_behaviour: replace}',
    "{file: '{{ named }}.yml'}",
  ],
]

const play = (args: string, index: number): string => `
- hosts: c${index}
  gather_facts: false
  vars: {d: {z: 9, b: {y: 8}}, named: one}
  tasks:
    - include_vars: ${args}
      ignore_errors: true
      register: read
    - debug:
        msg: "shown={{ {'failed': read is failed, 'x': x | default('-'), 'd': d, 't': t | default('-'), 'inside': inside | default('-'),
          'others': [a, b, c, e] | select('defined') | length,
          'files': [] if read is failed else read.ansible_included_var_files | map('basename') | list} | to_json }}"
`
const ROLE = `
- include_vars: more.yml
- debug: {msg: "shown={{ {'x': x} | to_json }}"}
- include_vars: {dir: dir}
- debug: {msg: "shown={{ {'y': y} | to_json }}"}
`
const HOSTS = [...CASES.keys()].map(index => `c${index}`)
const ALL = {
  ...FILES,
  'play.yml': `${CASES.map(play).join('')}\n- {hosts: r, gather_facts: false, roles: [r]}\n`,
  'roles/r/tasks/main.yml': ROLE,
  hosts: `${[...HOSTS, 'r'].join('\n')}\n[all:vars]\nansible_connection=local\nansible_python_interpreter=/usr/bin/python3\n`,
}

/** What was shown, a line each. */
function shown(program: string, args: readonly string[], dir: string): string {
  const env = { PATH: process.env['PATH'], HOME: dir, ANSIBLE_NOCOLOR: '1', LC_ALL: 'C.UTF-8' }
  const { stdout, stderr } = spawnSync(program, [...args, 'play.yml', '-i', 'hosts'], {
    cwd: dir,
    encoding: 'utf8',
    env,
  })
  const found = Array.from(stdout.matchAll(/"msg": ("shown=.*")/g), ([, text = '']) => JSON.parse(text).slice(6))
  if (found.length !== CASES.length + 2) throw new Error(`${program} showed ${found.length}:\n${stdout}\n${stderr}`)
  return found.map((text, index) => `${CASES[index] ?? 'in a role'}: ${text}`).join('\n')
}

if (spawnSync('ansible-playbook', ['--version']).error === undefined)
  test(
    `${CASES.length} forms, and in a role`,
    () =>
      withFiles(ALL, dir =>
        assert.equal(shown(process.execPath, [REGPLAY, 'run'], dir), shown('ansible-playbook', [], dir)),
      ),
    120_000,
  )
else test.skip(`${CASES.length} forms, and in a role`, 'ansible-playbook is not installed')

test.run()
