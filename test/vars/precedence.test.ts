import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { withFiles } from '../inventory/support.ts'
import { REGPLAY } from '../support/program.ts'
import { suite } from '../support/suite.ts'

/**
 * Every two levels of precedence against each other: a variable for each pair, set at both. ansible-playbook runs the playbook, and
 * so do we; both must say the same for all of them.
 */
const test = suite('precedence')

/** Where a variable may be set, weakest first: as Ansible's documentation has it. */
const LEVELS = [
  ...['role_defaults', 'inventory_all', 'inventory_group', 'inventory_group_vars_all', 'playbook_group_vars_all'],
  ...['inventory_group_vars', 'playbook_group_vars', 'inventory_host', 'inventory_host_vars', 'playbook_host_vars'],
  ...['play_vars', 'vars_files', 'role_vars', 'block_vars', 'task_vars', 'include_vars', 'set_fact', 'role_params'],
  ...['include_params', 'extra_vars'],
] as const

type Level = (typeof LEVELS)[number]

const PAIRS = LEVELS.flatMap((lower, index) => LEVELS.slice(index + 1).map(higher => ({ lower, higher })))
const nameOf = ({ lower, higher }: (typeof PAIRS)[number]): string => `${lower}__${higher}`

/** The variables that a level sets, as JSON, which is YAML too. */
const at = (level: Level): string =>
  JSON.stringify(
    Object.fromEntries(
      PAIRS.filter(pair => pair.lower === level || pair.higher === level).map(pair => [nameOf(pair), level]),
    ),
  )

const ini = (level: Level, separator: string): string =>
  Object.entries(JSON.parse(at(level)))
    .map(([name, value]) => `${name}=${value}`)
    .join(separator)

const SHOW = `{${PAIRS.map(pair => `'${nameOf(pair)}': ${nameOf(pair)}`).join(', ')}}`

const FILES = {
  'inv/hosts': `[g]\nh ansible_connection=local ansible_python_interpreter=/usr/bin/python3 ${ini('inventory_host', ' ')}\n[g:vars]\n${ini('inventory_group', '\n')}\n[all:vars]\n${ini('inventory_all', '\n')}\n`,
  'inv/group_vars/all.yml': at('inventory_group_vars_all'),
  'inv/group_vars/g.yml': at('inventory_group_vars'),
  'inv/host_vars/h.yml': at('inventory_host_vars'),
  'play/group_vars/all.yml': at('playbook_group_vars_all'),
  'play/group_vars/g.yml': at('playbook_group_vars'),
  'play/host_vars/h.yml': at('playbook_host_vars'),
  'play/files.yml': at('vars_files'),
  'play/roles/r/defaults/main.yml': at('role_defaults'),
  'play/roles/r/vars/main.yml': at('role_vars'),
  'play/roles/r/tasks/main.yml': `
- include_vars: {file: more.yml}
- set_fact: ${at('set_fact')}
- include_tasks: inner.yml
  vars: ${at('include_params')}
`,
  'play/roles/r/vars/more.yml': at('include_vars'),
  'play/roles/r/tasks/inner.yml': `
- vars: ${at('block_vars')}
  block:
    - debug: {msg: "shown={{ ${SHOW} | to_json }}"}
      vars: ${at('task_vars')}
`,
  'play/play.yml': `
- hosts: g
  gather_facts: false
  vars: ${at('play_vars')}
  vars_files: [files.yml]
  roles: [{role: r, ${at('role_params').slice(1)}]
`,
}

/** What the task prints: the text after `shown=`, whatever stands around it. */
function shown(program: string, args: readonly string[], dir: string): Record<string, string> {
  const env = { PATH: process.env['PATH'], HOME: dir, ANSIBLE_NOCOLOR: '1', LC_ALL: 'C.UTF-8' }
  const words = [...args, 'play/play.yml', '-i', 'inv/hosts', '-e', at('extra_vars')]
  const { stdout, stderr } = spawnSync(program, words, { cwd: dir, encoding: 'utf8', env })
  const found = /"msg": ("shown=.*")/.exec(stdout)?.[1]
  if (found === undefined) throw new Error(`${program} printed no message:\n${stdout}\n${stderr}`)
  return JSON.parse(JSON.parse(found).slice('shown='.length))
}

const byDocumentation = Object.fromEntries(PAIRS.map(pair => [nameOf(pair), pair.higher]))
const installed = spawnSync('ansible-playbook', ['--version']).error === undefined

test(
  'ours is the order of the documentation',
  () =>
    withFiles(FILES, dir => {
      const ours = shown(process.execPath, [REGPLAY, 'run'], dir)
      assert.equal(ours, byDocumentation)
    }),
  60_000,
)

if (installed)
  test(
    'and so is the order of ansible-playbook',
    () => withFiles(FILES, dir => assert.equal(shown('ansible-playbook', [], dir), byDocumentation)),
    60_000,
  )
else test.skip('and so is the order of ansible-playbook', 'ansible-playbook is not installed')

test.run()
