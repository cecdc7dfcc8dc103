import { spawnSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { withFiles } from '../inventory/support.ts'
import { REGPLAY } from '../support/program.ts'
import { suite } from '../support/suite.ts'

/** Magic variables in a play, a role, a role that it needs and a role that it includes: as ansible-playbook gives them. */
const test = suite('magic variables')

const NAMES = [
  ...['inventory_hostname', 'inventory_hostname_short', 'inventory_dir', 'inventory_file', 'ansible_inventory_sources'],
  ...['ansible_limit', 'playbook_dir', 'role_path', 'role_name', 'ansible_role_name', 'ansible_parent_role_names'],
  ...['ansible_parent_role_paths', 'ansible_collection_name', 'ansible_play_hosts', 'ansible_play_hosts_all'],
  ...['ansible_play_batch', 'play_hosts', 'ansible_play_name', 'ansible_play_role_names', 'role_names'],
  ...['ansible_dependent_role_names', 'ansible_run_tags', 'ansible_skip_tags'],
  ...['ansible_check_mode', 'ansible_diff_mode', 'ansible_forks', 'ansible_verbosity', 'ansible_playbook_python'],
  ...['ansible_config_file', 'group_names', 'groups', 'ansible_facts'],
]
const ASKED = [
  ...NAMES.map(name => `'${name}': ${name} | default('absent')`),
  "'omitted': omit is defined",
  "'all roles': ansible_role_names | sort",
  "'major': ansible_version.major",
  "'parts of the version': ansible_version.keys() | sort",
  "'vars holds groups': 'groups' in vars",
  "'vars finds': vars['play_variable']",
  "'lazy': hostvars['h.example.org'].lazy",
  "'of others': hostvars.keys() | reject('equalto', 'localhost') | sort",
  "'no play variable': hostvars[inventory_hostname].play_variable | default('none')",
]
const SAY = (where: string) => `- debug: {msg: "shown=${where} {{ show | to_json }}"}\n`
const FILES = {
  hosts: '[web]\nh.example.org lazy="{{ [1, inventory_hostname] }}"\n[db]\nl\n',
  'play.yml': `
- name: Magic
  hosts: all
  gather_facts: false
  roles: [outer]
  tasks:
    ${SAY('play').trim()}
  vars:
    play_variable: 1
    show: "{{ {${ASKED.join(', ')}} }}"
`,
  'roles/outer/tasks/main.yml': `${SAY('outer')}- include_role: {name: inner}\n- import_role: {name: imported}\n`,
  'roles/outer/meta/main.yml': 'dependencies: [needed]\n',
  'roles/needed/tasks/main.yml': SAY('needed'),
  'roles/inner/tasks/main.yml': SAY('inner'),
  'roles/imported/tasks/main.yml': SAY('imported'),
}

const ARGS = [
  ...['play.yml', '-i', 'hosts', '-i', '10.0.0.1,', '-l', 'h.example.org:10.0.0.1', '-e', 'ansible_connection=local'],
  ...['-e', 'ansible_python_interpreter=/usr/bin/python3', '--check', '-f', '3', '--skip-tags', 'never'],
]

/** What was shown, by place and host. */
function shown(program: string, args: readonly string[], dir: string): Record<string, Record<string, unknown>> {
  const env = { PATH: process.env['PATH'], HOME: dir, ANSIBLE_NOCOLOR: '1', LC_ALL: 'C.UTF-8' }
  const { stdout, stderr } = spawnSync(program, [...args, ...ARGS], { cwd: dir, encoding: 'utf8', env })
  const out: Record<string, Record<string, unknown>> = {}
  for (const [, text = ''] of stdout.matchAll(/"msg": ("shown=.*")/g)) {
    const [, where, json] = /^shown=(\w+) (.*)$/s.exec(JSON.parse(text)) ?? []
    const values = JSON.parse(json ?? '{}')
    out[`${where} on ${values.inventory_hostname}`] = values
  }
  if (Object.keys(out).length === 0) throw new Error(`${program} showed nothing:\n${stdout}\n${stderr}`)
  return out
}

const ours = (dir: string) => shown(process.execPath, [REGPLAY, 'run'], dir)

if (spawnSync('ansible-playbook', ['--version']).error === undefined)
  test(
    'as ansible-playbook gives them',
    () =>
      withFiles(FILES, made => {
        const dir = realpathSync(made)
        const theirs = shown('ansible-playbook', [], dir)
        // 2.14 has no directory for a list of hosts, and says so by a word
        for (const values of Object.values(theirs))
          if (values['inventory_dir'] === 'None') values['inventory_dir'] = null
        assert.equal(ours(dir), theirs)
      }),
    60_000,
  )
else test.skip('as ansible-playbook gives them', 'ansible-playbook is not installed')

test.run()
