import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { play } from '../support/play.ts'
import { rows } from '../support/rows.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/actions')

const tasks = (text: string, more = ''): string => `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${text}`

rows(test, {
  'add_host and group_by make hosts and groups for the plays that follow': {
    hosts: ['a', 'b'],
    text: `${tasks(`
    - { name: new, add_host: { name: new1, groups: [dyn, other], ansible_connection: local, v: "{{ inventory_hostname }}" }, register: r }
    - { name: more, add_host: "name={{ item }} groups=dyn,loopy ansible_connection=local v={{ item }}", loop: [n2, n3] }
    - { name: again, add_host: { name: new1, groups: dyn }, register: s }
    - { name: show, debug: { msg: "{{ r.changed }} {{ s.changed }} {{ r.add_host.groups | join }}" }, when: r is defined }
    - { name: by, group_by: { key: "g {{ inventory_hostname }}", parents: [par] } }
    - { name: in, debug: { msg: "{{ group_names | join(',') }}" } }`)}
- hosts: dyn:par:!loopy
  gather_facts: false
  tasks: [{ debug: { msg: "{{ v | default('-') }} {{ group_names | join(',') }}" } }]`,
    said: ['a True False dynother', 'a g-a,par', 'a - g-a,par', 'b g-b,par', 'b - g-b,par', 'new1 a dyn,other'],
    recap: ['a 7/3/0/0/0/0', 'b 3/1/0/1/0/0', 'new1 1/0/0/0/0/0'],
  },
  'new groups get names that can be names of variables where that is asked for': {
    text: `${tasks(`
    - { add_host: { name: new1, groups: [a-b], ansible_connection: local }, register: r }
    - { add_host: { name: new1, groups: [a-b], ansible_connection: local }, register: s }
    - { group_by: { key: k.1, parents: [p-q] } }
    - { group_by: { key: k.1 }, register: t }
    - { debug: { msg: "{{ [r, s, t] | map(attribute='changed') }} {{ groups.a_b }} {{ groups.p_q }} {{ groups.k_1 }}" } }`)}
- hosts: a_b
  gather_facts: false
  tasks: [{ debug: { msg: "{{ group_names | join }}" } }]`,
    job: { safeNames: 'silently' },
    said: ["one [True, False, False] ['new1'] ['one'] ['one']", 'new1 a_b'],
  },
  'what a new host is given is data': {
    text: `${tasks("\n    - { command: \"printf '%s' '{''{ 1 + 1 }''}'\", register: r }\n    - { add_host: { name: n, ansible_connection: local, v: '{{ r.stdout }}' } }")}
- hosts: n
  gather_facts: false
  tasks: [{ debug: { msg: "{{ v }}" } }]`,
    said: ['n {{ 1 + 1 }}'],
  },
  'a pattern that names nothing is an error where no play could bring it': {
    text: '- hosts: all\n  gather_facts: false\n  tasks: [{ group_by: { key: g } }]\n- hosts: nobody\n  tasks: []\n',
    also: ({ events }) => assert.ok(events.some(event => event.type === 'fault' && event.fault.severity === 'warning')),
  },
  'what add_host and group_by made outlives the sources being read anew': {
    hosts: ['a', 'b'],
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { name: one, add_host: { name: new, groups: [g], v: 1 } }
    - { name: two, group_by: { key: "is_{{ inventory_hostname }}", parents: [up] } }
    - meta: refresh_inventory
- hosts: a
  gather_facts: false
  tasks:
    - { name: three, debug: { msg: "{{ groups.g }} {{ hostvars.new.v }} {{ groups.is_b }} {{ groups.up }}" } }`,
    said: ["a ['new'] 1 ['b'] ['a', 'b']"],
  },
  'meta: refresh_inventory reads the sources anew, for the plays that follow': {
    text: `${tasks(`
    - { command: 'true' }
    - { shell: "printf 'two ansible_connection=local v=new\\n[g]\\ntwo\\none\\n' >>DIR/hosts" }
    - meta: refresh_inventory
    - { debug: { msg: "{{ groups.g | join(',') }} {{ hostvars.two.v }}" } }`)}
- hosts: g
  gather_facts: false
  tasks: [{ debug: { msg: "{{ v | default('-') }} {{ group_names | join }}" } }]`,
    said: ['one two,one new', 'one - g', 'two new g'],
  },
  'pause waits once for all hosts, and for nobody where nobody sits': {
    hosts: ['a', 'b'],
    text: tasks(`
    - { name: wait, pause: { seconds: 1 }, register: r }
    - { name: ask, pause: { prompt: Well }, register: s }
    - { name: show, debug: { msg: "{{ r.delta }} {{ r.stdout }} {{ s.user_input | length }}" }, when: r is defined }`),
    results: ['a ok wait', 'a ok ask', 'a ok show', 'b skipped show'],
    also: ({ said }) => assert.match(said[0] ?? '', /^a [1-9]\d* Paused for [1-9]\d*[.]\d+ seconds 0$/),
  },
  'pause and vars_prompt ask who sits there': {
    text: `- hosts: all
  gather_facts: false
  vars_prompt:
    - { name: who, prompt: Who }
    - { name: usual, prompt: What, default: "{{ 1 + 1 }}" }
    - { name: sure, confirm: true, private: false }
    - { name: given, prompt: Never }
    - { name: hashed, encrypt: sha512_crypt, salt: abcdefgh }
  tasks:
    - { pause: { prompt: Go, echo: false }, register: r }
    - { debug: { msg: "{{ who }} {{ usual }} {{ usual | type_debug }} {{ sure }} {{ given }} {{ hashed[:12] }} {{ r.user_input }}" } }`,
    job: {
      extraVars: ['given=extra'],
      pause: async ({ shown, tell }) => {
        tell()
        return { typed: shown ? '' : 'now', aborted: false }
      },
      ask: (() => {
        const answers = ['me', '', 'x', 'y', 'z', 'z', 'secret']
        return async () => answers.shift() ?? ''
      })(),
    },
    said: ['one me 2 str z extra $6$rounds=65 now'],
    also: ({ events }) =>
      assert.equal(
        events.flatMap(event => (event.type === 'warning' ? [event.msg] : [])),
        ['***** VALUES ENTERED DO NOT MATCH ****; please enter them again'],
      ),
  },
  'without a terminal the defaults of prompts count': {
    text: tasks('\n    - { debug: { msg: "{{ a }}" } }', '  vars_prompt: [{ name: a, default: 5 }]\n'),
    said: ['one 5'],
  },
  'whom a play is for may hang on an answer, and on what a play before has set': {
    hosts: ['a', 'b'],
    text: `- hosts: "{{ target }}"
  gather_facts: false
  vars_prompt: [{ name: target, default: b }]
  tasks: [{ set_fact: { next: a } }, { debug: { msg: "{{ target }}" } }]
- hosts: "{{ hostvars.b.next }}"
  gather_facts: false
  tasks: [{ debug: { msg: second } }]`,
    said: ['a second', 'b b'],
  },
  'set_stats adds up': {
    hosts: ['a', 'b'],
    text: tasks(`
    - { set_stats: { data: { n: 1, l: [x] } }, register: r }
    - { debug: { msg: "{{ r.ansible_stats.data.n }} {{ r.ansible_stats.aggregate }}" } }`),
    said: ['a 1 True', 'b 1 True'],
  },
  'what was gathered is told at the end, for the run and by host': {
    hosts: ['a', 'b'],
    text: tasks(`
    - { set_stats: { data: { n: 1, l: [x], "t{{ 1 }}": "{{ inventory_hostname }}", f: 1, d: { a: { b: 1 } } } }, run_once: true }
    - { set_stats: { data: { n: 2, l: [y], f: text, d: { a: { c: 1 } } } }, run_once: true }
    - { set_stats: { data: { q: 1 }, aggregate: false } }
    - { set_stats: { data: { p: 1 }, per_host: true }, loop: [1, 2] }
    - { set_stats: { data: { once: 1 }, per_host: true }, run_once: true, delegate_to: b }
    - { set_stats: { data: { "bad name": 1 } }, ignore_errors: true }`),
    also: ({ events }) =>
      assert.equal(
        events.find(event => event.type === 'custom-stats'),
        {
          type: 'custom-stats',
          run: { n: 3, l: ['x', 'y'], t1: 'a', f: 1, d: { a: { b: 1, c: 1 } }, q: 1 },
          hosts: { a: { p: 2, once: 1 }, b: { p: 2, once: 1 } },
        },
      ),
  },
  'no word of Python is the name of a variable, nor what holds other signs': {
    text: tasks(`
    - { set_fact: { "{{ 'continue' }}": 1 }, register: a, ignore_errors: true }
    - { set_fact: { "{{ 'a-b' }}": 1 }, register: b, ignore_errors: true }
    - { set_stats: { data: { ".bad": 1 } }, register: c, ignore_errors: true }
    - { debug: { msg: "{{ [a, b, c] | map(attribute='msg') | join(' ') }}" } }`),
    said: [
      "one Invalid variable name 'continue'. Invalid variable name 'a-b'. The variable name '.bad' is not valid. " +
        'Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.',
    ],
  },
  'include_vars keeps what the host has': {
    text: tasks(
      `
    - { include_vars: { file: d/a.yml, keep_existing: true } }
    - { debug: { msg: "{{ x }} {{ y }}" } }
    - { include_vars: { dir: d, keep_existing: true, hash_behaviour: merge } }
    - { debug: { msg: "{{ x }} {{ y }} {{ z }} {{ w }}" } }`,
      '  vars: { x: play }\n',
    ),
    files: { 'd/a.yml': 'x: a\ny: {a: 1}\nw: a\n', 'd/b.yml': 'y: {b: 2}\nz: b\nw: b\n' },
    said: ["one play {'a': 1}", "one play {'a': 1} b a"],
  },
  'include_vars reads files and directories, and says what it read': {
    text: tasks(
      `
    - { include_vars: v.yml }
    - { include_vars: { file: v.yml, name: whole }, register: r }
    - { include_vars: { dir: d, ignore_files: [skip.yml], depth: 1 }, register: s }
    - { include_vars: "{{ item }}", loop: [w.yml] }
    - { debug: { msg: "{{ x }} {{ whole }} {{ y }} {{ deep | default('-') }} {{ z | default('-') }} {{ w }} {{ s.ansible_included_var_files | map('basename') | join(',') }} {{ r.ansible_facts }}" } }
    - { include_vars: { dir: d, files_matching: "y+[.]" } }
    - { include_vars: { file: v.yml, hash_behaviour: merge } }
    - { debug: { msg: "{{ deep }} {{ h }}" } }
    - { include_vars: absent.yml, ignore_errors: true }
    - { include_vars: { dir: odd }, ignore_errors: true }
    - { include_vars: { dir: odd, ignore_unknown_extensions: true } }`,
      '  vars: { h: { a: 1 } }\n',
    ),
    files: {
      'vars/v.yml': 'x: "{{ 1 + 1 }}"\nh: { b: 2 }\n',
      'vars/w.yml': 'w: 1\n',
      'd/y.yml': 'y: 1\n',
      'd/skip.yml': 'z: 1\n',
      'd/sub/yy.yml': 'deep: 1\n',
      'odd/a.txt': 'a: 1\n',
    },
    said: [
      "one 2 {'x': 2, 'h': {'b': 2}} 1 - - 1 y.yml {'whole': {'x': '{{ 1 + 1 }}', 'h': {'b': 2}}}",
      "one 1 {'b': 2}",
    ],
    recap: ['one 11/0/0/0/0/2'],
  },
  'a task in the background is begun, asked about and cleaned up': {
    text: tasks(
      `
    - { name: begin, shell: "umask; sleep 0.3; echo out; echo err >&2; exit {{ item }}", async: 30, poll: 0, register: j, loop: [0, 3] }
    - { name: begun, debug: { msg: "{{ j.results[0].started }} {{ j.results[0].finished }} {{ j.results[0].changed }}" } }
    - { name: look, async_status: { jid: "{{ j.results[0].ansible_job_id }}" }, register: r }
    - { name: wait, async_status: { jid: "{{ item.ansible_job_id }}" }, register: r, until: r.finished, retries: 50, delay: 0.1, loop: "{{ j.results }}", ignore_errors: true }
    - { name: ended, debug: { msg: "{{ r.results | map(attribute='rc') | join(',') }} {{ r.results[0].stdout_lines }} {{ r.results[1].stderr }} {{ r.results[0].changed }} {{ r.results[1].msg }}" } }
    - { name: clean, async_status: { jid: "{{ j.results[0].ansible_job_id }}", mode: cleanup } }
    - { name: gone, async_status: { jid: "{{ j.results[0].ansible_job_id }}" }, ignore_errors: true, register: g }
    - { name: lost, debug: { msg: "{{ g.msg }}" } }`,
      '  vars: { ansible_async_dir: DIR/jobs }\n',
    ),
    said: ['one True False True', "one 0,3 ['0022', 'out'] err True non-zero return code", 'one could not find job'],
  },
  'what was to be so is proven when the job has ended': {
    text: tasks(
      `
    - { file: { path: DIR/made, state: directory }, async: 30, poll: 0, register: j }
    - { async_status: { jid: "{{ j.ansible_job_id }}" }, register: r, until: r.finished, retries: 150, delay: 0.1 }
    - { debug: { msg: "{{ r.changed }} {{ r.path | basename }}" } }
    - { file: { path: DIR/made, state: directory }, register: s }
    - { debug: { msg: "{{ s.changed }}" } }`,
      '  vars: { ansible_async_dir: DIR/jobs }\n',
    ),
    said: ['one True made', 'one false'],
  },
  'a job that takes too long is ended': {
    text: tasks(
      `
    - { shell: "sleep 60", async: 1, poll: 0, register: j }
    - { async_status: { jid: "{{ j.ansible_job_id }}" }, register: r, until: r.finished, retries: 50, delay: 0.2, ignore_errors: true }
    - { debug: { msg: "{{ r.msg }}" } }
    - { shell: "sleep 60", async: 1, poll: 1, register: w, ignore_errors: true }
    - { debug: { msg: "{{ w.msg }}" } }`,
      '  vars: { ansible_async_dir: DIR/jobs }\n',
    ),
    said: [
      'one the job took longer than async allows and was ended',
      'one async task did not complete within the requested time - 1s',
    ],
  },
})

test('a job outlives the run that began it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-job-'))
  try {
    await play(
      tasks(
        '\n    - { shell: "sleep 0.5; touch DIR/flag", async: 30, poll: 0 }',
        '  vars: { ansible_async_dir: DIR/jobs }\n',
      ),
      { dir },
    )
    assert.not.ok(existsSync(join(dir, 'flag')))
    while (!existsSync(join(dir, 'flag'))) await sleep(50)
  } finally {
    // The job writes its end after the flag.
    rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
})

test('a prompt without a terminal and a default ends the run before anything is done', async () => {
  try {
    await play(tasks('\n    - debug:', '  vars_prompt: [{ name: a }]\n'))
    assert.unreachable()
  } catch (error) {
    assert.match(String(error), /there is no terminal to ask for 'a', and it has no default/)
  }
})

test('whom a play is for must be known when it begins', async () => {
  const lost = /play\.yml:\d+:\d+: error: the hosts of the play cannot be made out: 'nobody' is undefined/
  for (const text of [
    '- hosts: "{{ nobody }}"\n  tasks: []\n',
    `${tasks('\n    - debug:')}\n- hosts: "{{ nobody }}"\n  tasks: []\n`,
  ]) {
    let told = ''
    try {
      await play(text)
    } catch (error) {
      told = String(error)
    }
    assert.match(told, lost)
  }
})

test.run()
