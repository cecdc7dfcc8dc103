// limit: 400
// one node: it judges what is said, and that is the same on every Node
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as assert from 'uvu/assert'
import { REGPLAY } from '../support/program.ts'
import { suite } from '../support/suite.ts'

/** What regplay prints is what Ansible prints on the same playbooks, but for what is listed here. */

const test = suite('ansible-output')
const dir = mkdtempSync(join(tmpdir(), 'regplay-output-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const missing =
  spawnSync('ansible-playbook', ['--version']).status === 0 ? undefined : 'ansible-playbook is not installed'
const compared = (name: string, body: () => Promise<void>) =>
  missing === undefined ? test(name, body, 60_000) : test.skip(name, missing)

/** Either program has a folder of its own, with the same files. */
const FOLDERS = ['ours', 'theirs'] as const
type Whose = (typeof FOLDERS)[number]

const write = (files: Readonly<Record<string, string>>): void => {
  for (const whose of FOLDERS)
    for (const [name, text] of Object.entries(files)) {
      const path = join(dir, whose, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text.replaceAll('DIR', join(dir, whose)))
    }
}
write({
  inv: '[all]\nh1\nh2\n[all:vars]\nansible_connection=local\nansible_python_interpreter=/usr/bin/python3\n',
  gone: 'u1 ansible_host=127.0.0.1 ansible_port=1\n',
  old: 'a\nb\n',
  'inc.yml': '- name: included task\n  debug: {msg: inc}\n',
  'roles/r1/tasks/main.yml':
    '- name: role task\n  command: echo role\n- debug: {msg: unnamed}\n- include_tasks: more.yml\n',
  'roles/r1/tasks/more.yml': '- debug: {msg: more}\n',
  'roles/r1/handlers/main.yml': '- name: role handler\n  debug: {msg: handled}\n',
})

/** Lines that begin what a host says. */
const RESULT = /^(?:ok|changed|skipping|fatal|failed|included|FAILED - |h\d \|)/

/** What no two programs say alike: times, what Python is told, our remedies; and Ansible's titles of `meta`. */
const known = (text: string): string =>
  text
    .replace(/"(?:start|end|delta)": "[^"]*",?\s*/g, '')
    .replace(/^ {4}(?:start|end|delta): .*\n/gm, '')
    .replace(/^ {2}remedy: .*\n/gm, '')
    .replace(/"(?:ansible_facts)": \{\s*"discovered_interpreter_python": "[^"]*"\s*\},\s*/g, '')
    .replace(/^\nTASK \[meta\].*\n/gm, '')
    .replace(/^(\+\+\+ after: ).*$/gm, '$1FILE')
    .replaceAll(/\S*\/(?:ours|theirs)\//g, '')
    .replace(/ for (h\d), (h\d)/g, (_, a, b) => ` for ${[a, b].sort().join(', ')}`)
    .replace(/ +$/gm, '')

/** The text with the results of each task in the order of their words: hosts come as they are done. */
function settled(text: string): string {
  return known(text)
    .split(/\n(?=\n[A-Z ]+ \[?)/)
    .map(block => {
      const [head, results]: [string[], string[]] = [[], []]
      for (const line of block.trimEnd().split('\n')) {
        if (RESULT.test(line)) results.push(line)
        else if (results.length > 0) results.push(`${results.pop()}\n${line}`)
        else head.push(line)
      }
      return [...head, ...results.sort()].join('\n')
    })
    .join('\n')
}

interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

const run = (whose: Whose, command: string, args: readonly string[], env: Readonly<Record<string, string>>) =>
  new Promise<Ended>(resolve => {
    const options = {
      ...{ cwd: join(dir, whose), timeout: 50_000 },
      env: { PATH: process.env['PATH'], HOME: dir, ANSIBLE_LOCALHOST_WARNING: '0', LC_ALL: 'C.UTF-8', ...env },
    }
    const child = execFile(command, args, options, (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    )
    child.stdin?.end()
  })

/** Runs both programs side by side. */
async function both(
  [command, word]: readonly [theirs: string, ours: string],
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<[ours: string, theirs: string]> {
  const [ours, theirs] = await Promise.all([
    run('ours', process.execPath, [REGPLAY, word, ...args], env),
    run('theirs', command, args, env),
  ])
  assert.is(ours.status, theirs.status, ours.stderr)
  return [settled(ours.stdout), settled(theirs.stdout)]
}

const PLAYBOOK = ['ansible-playbook', 'run'] as const

const head = '- hosts: all\n  name: a play\n  gather_facts: false\n'
const tasks = (text: string): string => `${head}  tasks:\n${text.replace(/^(?=.)/gm, '    ')}`

const PLAYBOOKS: Record<string, [text: string, args?: string[], env?: Record<string, string>]> = {
  'what debug shows': [
    tasks(`- debug: {msg: "hello {{ inventory_hostname }}"}
- debug: {var: inventory_hostname}
- debug: {msg: {a: [1, 2, {b: null}], c: 1.5, d: [], e: {}}}
- name: ünï “quotes”
  debug: {msg: "ünï\\ttab"}
- debug: {msg: shown by -v, verbosity: 1}
- name: label
  debug: {msg: "{{ item.n }}"}
  loop: [{n: x}, {n: y}]
  loop_control: {label: "L{{ item.n }}"}
`),
  ],
  'what becomes of tasks': [
    tasks(`- name: changes
  command: echo hi
- name: does not
  command: echo hi
  changed_when: false
- name: skipped
  command: echo hi
  when: false
- set_fact: {a: 1}
- ping:
- name: delegated
  command: echo hi
  delegate_to: h2
- name: secret
  command: echo secret
  no_log: true
- name: secret failure
  command: /bin/false
  no_log: true
  ignore_errors: true
`),
  ],
  loops: [
    tasks(`- name: items
  command: "echo {{ item }}"
  loop: [a, 1, {x: 1}, [1, "2"], null, true]
- name: all skipped
  command: echo x
  loop: [1, 2]
  when: false
- name: nothing
  command: echo x
  loop: []
- name: some
  command: "echo {{ item }}"
  loop: [1, 2]
  when: item == 1
- name: failures
  command: "test {{ item }} = a"
  loop: [a, b]
  ignore_errors: true
`),
  ],
  failures: [
    tasks(`- name: ignored
  command: /bin/false
  ignore_errors: true
- name: by condition
  command: echo out
  failed_when: true
  ignore_errors: true
- fail: {msg: "no way\\nat all"}
  ignore_errors: true
- assert: {that: [true], success_msg: good}
- assert: {that: ["1 == 1"], quiet: true}
- name: rescued
  block: [{name: fails, command: /bin/false}]
  rescue: [{debug: {msg: "{{ ansible_failed_task.name }}"}}]
  always: [{debug: {msg: always}}]
- name: again
  command: /bin/false
  register: r
  until: r.rc == 0
  retries: 2
  delay: 0
  ignore_errors: true
- name: stops h1
  fail: {msg: stop}
  when: inventory_hostname == 'h1'
- debug: {msg: after}
`),
  ],
  'no host is left': [
    `${head}  any_errors_fatal: true\n  tasks:\n    - fail: {msg: stop}\n      when: inventory_hostname == 'h1'\n    - debug: {msg: never}\n`,
  ],
  'all hosts fail': [tasks('- fail: {msg: all}\n- debug: {msg: never}\n')],
  handlers: [
    `${tasks('- command: echo hi\n  notify: told\n')}  handlers:\n    - name: told\n      debug: {msg: handled}\n    - name: not told\n      debug: {msg: never}\n`,
  ],
  'includes and roles': [
    `${head}  roles: [r1]\n  tasks:\n    - include_tasks: inc.yml\n    - import_tasks: inc.yml\n    - include_role: {name: r1, tasks_from: more}\n    - name: with a name\n      include_role: {name: r1}\n`,
  ],
  'batches, and a play for nobody': [
    `${head}  serial: 1\n  tasks: [{debug: {msg: "{{ inventory_hostname }}"}}]\n- hosts: h1:!h1\n  gather_facts: false\n  tasks: [{ping: }]\n`,
  ],
  '-v': [
    tasks('- ping:\n- command: echo hi\n- command: echo {{ item }}\n  loop: [a]\n- ping:\n  when: false\n'),
    ['-v'],
  ],
  'differences of texts': [
    tasks('- copy: {content: "a\\nb\\n", dest: DIR/made}\n- copy: {content: "a\\nc", dest: DIR/old}\n'),
    ['--diff'],
  ],
  'nothing skipped, nothing fine': [
    tasks('- ping:\n- ping:\n  when: false\n- command: echo hi\n- debug: {msg: even so}\n'),
    [],
    { ANSIBLE_DISPLAY_OK_HOSTS: '0', ANSIBLE_DISPLAY_SKIPPED_HOSTS: '0' },
  ],
  'YAML results': [
    tasks(
      '- debug: {msg: {a: [1, {b: c}], t: "x\\ny\\n", "n": null, e: "", "yes": "no"}}\n- command: /bin/false\n  ignore_errors: true\n',
    ),
    [],
    { ANSIBLE_CALLBACK_RESULT_FORMAT: 'yaml' },
  ],
  'a dry run with marks': [tasks('- ping:\n- command: echo hi\n'), ['-C'], { ANSIBLE_CHECK_MODE_MARKERS: '1' }],
  'one line a result': [
    tasks('- ping:\n- command: echo hi\n- ping:\n  when: false\n'),
    [],
    { ANSIBLE_STDOUT_CALLBACK: 'oneline' },
  ],
  'results only': [tasks('- ping:\n- command: echo hi\n'), [], { ANSIBLE_STDOUT_CALLBACK: 'minimal' }],
  'where it failed': [tasks('- fail: {msg: x}\n'), [], { ANSIBLE_SHOW_TASK_PATH_ON_FAILURE: '1' }],
}

/** Where the second host matters; everywhere else one will do. */
const TWO = new Set([
  'what becomes of tasks',
  'failures',
  'no host is left',
  'includes and roles',
  'batches, and a play for nobody',
])

/** What stays different, with its reason; each is taken out of both. */
const APART: Record<string, readonly [pattern: RegExp, why: string][]> = {
  '-v': [
    [/^(?:Using|No config file).*\n/gm, 'regplay config tells which file was read'],
    [/^h1 .*handshake.*\n/gm, 'what a run cost is our own'],
    [/^.*changed, [\d.]+ .*\n?/gm, 'so is the last line'],
    [/"(?:skip_reason|false_condition|skipped)": [^,}]*,? ?/g, 'newer versions say more of what is skipped'],
  ],
}

for (const [name, [text, args = [], env]] of Object.entries(PLAYBOOKS))
  compared(name, async () => {
    const file = `play-${name.replace(/\W+/g, '-')}.yml`
    write({ [file]: text })
    const hosts = TWO.has(name) ? [] : ['-l', 'h1']
    const [ours, theirs] = (await both(PLAYBOOK, ['-i', 'inv', ...hosts, ...args, file], env)).map(said =>
      (APART[name] ?? []).reduce((left, [pattern]) => left.replace(pattern, ''), said).trimEnd(),
    )
    assert.is(ours, theirs)
  })

compared('a host that cannot be reached', async () => {
  write({ 'gone.yml': '- hosts: u1\n  gather_facts: false\n  tasks: [{ping: }]\n' })
  const said = await both(PLAYBOOK, ['-i', 'gone', 'gone.yml'])
  const [ours, theirs] = said.map(text => text.replace(/"msg": "[^"]*"/, '"msg": ""'))
  assert.is(ours, theirs)
})

const MODULES: Record<string, readonly string[]> = {
  'a command': ['h1', '-a', 'echo hi'],
  'a command that fails': ['h1', '-m', 'shell', '-a', 'echo hi; echo err >&2; exit 3'],
  'arguments as JSON': ['h1', '-m', 'stat', '-a', '{"path": "/nonexist/x"}'],
  'a line each': ['all', '-o', '-m', 'shell', '-a', 'echo a; echo b; echo c >&2'],
  'a dry run': ['h1', '-C', '-m', 'shell', '-a', 'echo x'],
  hosts: ['h2', '--list-hosts'],
}
for (const [name, args] of Object.entries(MODULES))
  compared(`adhoc: ${name}`, async () => {
    const [ours, theirs] = await both(['ansible', 'adhoc'], ['-i', 'inv', ...args])
    assert.is(ours.trimEnd(), theirs.trimEnd())
  })

for (const look of ['oneline', 'minimal', 'default'])
  compared(`adhoc: as stdout_callback = ${look}`, async () => {
    const env = { ANSIBLE_LOAD_CALLBACK_PLUGINS: 'yes', ANSIBLE_STDOUT_CALLBACK: look }
    const [ours, theirs] = await both(['ansible', 'adhoc'], ['-i', 'inv', 'h1', '-m', 'ping'], env)
    assert.is(ours.trimEnd(), theirs.trimEnd())
  })

/** What both say of a run: of a document without times, numbers, paths, what Ansible keeps for itself and newer versions add. */
const said = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(said)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !/^(?:_ansible_.*|duration|id|path|start|end|delta|invocation|false_condition)$/.test(key))
      .filter(([key, one]) => key !== 'skipped' || one === true)
      .map(([key, one]) => [key, said(one)]),
  )
}

compared('stdout_callback = json: one document', async () => {
  const tasks = [
    '- { name: said, command: echo hi }',
    '- { name: looped, command: "echo {{ item }}", loop: [1, 2] }',
    '- { name: some, debug: { msg: "{{ inventory_hostname }}" }, when: inventory_hostname == "h1" }',
    '- { name: ignored, command: "false", ignore_errors: true }',
    '- { name: told, set_stats: { data: { n: 1 } }, run_once: true, changed_when: true, notify: handled }',
    '- { name: fatal, fail: { msg: why }, when: inventory_hostname == "h2" }',
    '- { name: last, debug: { var: inventory_hostname } }',
  ]
  const handler = '  handlers: [{ name: handled, debug: { msg: handler } }]\n'
  write({ 'document.yml': `${head}${handler}  tasks:\n${tasks.map(task => `    ${task}\n`).join('')}` })
  const env = { ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json', ANSIBLE_SHOW_CUSTOM_STATS: '1' }
  const args = ['-i', 'inv', 'document.yml']
  const [ours, theirs] = await Promise.all([
    run('ours', process.execPath, [REGPLAY, 'run', ...args], env),
    run('theirs', 'ansible-playbook', args, env),
  ])
  assert.is(ours.status, theirs.status, ours.stderr)
  assert.equal(said(JSON.parse(ours.stdout)), said(JSON.parse(theirs.stdout)))
})

test.run()
