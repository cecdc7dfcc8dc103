import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/base/diagnostic.ts'
import { DEFAULTS } from '../../src/cli/config/read.ts'
import { HOSTS, play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/flow')

const three = HOSTS('a', 'b', 'c')

/** A playbook, and the results that it must have in this order. */
const ORDERS: Record<string, { text: string; hosts?: string; results?: string[]; said?: string[]; failed?: boolean }> =
  {
    'rescue and always run, and the host goes on': {
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - block:
        - { name: breaks, fail: { msg: nope } }
        - { name: never, debug: { msg: x } }
      rescue:
        - { name: mends, debug: { msg: "{{ ansible_failed_task.name }}: {{ ansible_failed_result.msg }}" } }
      always:
        - { name: always, debug: { msg: end } }
    - { name: after, debug: { msg: went on } }`,
      results: ['one rescued breaks', 'one ok mends', 'one ok always', 'one ok after'],
      said: ['one breaks: nope', 'one end', 'one went on'],
    },
    'debug says so where a variable is not defined': {
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: shows, debug: { var: nowhere.deep }, register: shown }
    - { name: after, debug: { msg: "{{ shown['nowhere.deep'] }}" } }`,
      results: ['one ok shows', 'one ok after'],
      said: ['one undefined', "one << error 1 - 'nowhere' is undefined >>"],
    },
    'always runs even when nobody rescues': {
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - block:
        - { name: breaks, fail: { msg: nope } }
      always:
        - { name: always, debug: { msg: end } }
    - { name: never, debug: { msg: went on } }`,
      results: ['one failed breaks', 'one ok always'],
      failed: true,
    },
    'a handler runs once, after the tasks, and may notify another': {
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: first, command: 'true', notify: h1 }
    - { name: second, command: 'true', notify: [h1, topic] }
    - { name: last, debug: { msg: x } }
  handlers:
    - { name: h1, command: 'true', notify: h2 }
    - { name: h2, debug: { msg: y } }
    - { name: h3, debug: { msg: z }, listen: topic }`,
      results: ['one changed first', 'one changed second', 'one ok last', 'one changed h1', 'one ok h2', 'one ok h3'],
    },
    'handlers are flushed where meta says so': {
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: first, command: 'true', notify: h }
    - meta: flush_handlers
    - { name: last, debug: { msg: x } }
  handlers:
    - { name: h, debug: { msg: y } }`,
      results: ['one changed first', 'one ok h', 'one ok last'],
    },
    'hosts keep step': {
      hosts: three,
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, command: "sleep {{ {'a': 0.2, 'b': 0, 'c': 0.1}[inventory_hostname] }}" }
    - { name: two, debug: { msg: x } }`,
      results: ['b changed one', 'c changed one', 'a changed one', 'a ok two', 'b ok two', 'c ok two'],
    },
    'a host that fails is out and the others go on': {
      hosts: three,
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, fail: { msg: nope }, when: inventory_hostname == 'b' }
    - { name: two, debug: { msg: x } }
- hosts: all
  gather_facts: false
  tasks:
    - { name: three, debug: { msg: y } }`,
      results: ['a skipped one', 'b failed one', 'c skipped one', 'a ok two', 'c ok two', 'a ok three', 'c ok three'],
      failed: true,
    },
    'any_errors_fatal ends it for all': {
      hosts: three,
      text: `
- hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - { name: one, fail: { msg: nope }, when: inventory_hostname == 'b' }
    - { name: two, debug: { msg: x } }`,
      results: ['a skipped one', 'b failed one', 'c skipped one'],
      failed: true,
    },
    'a play that lost every host of its own ends the run, for the other hosts too': {
      hosts: three,
      text: `
- hosts: a
  gather_facts: false
  tasks:
    - { name: one, fail: { msg: nope } }
- hosts: b,c
  gather_facts: false
  tasks:
    - { name: never, debug: { msg: x } }`,
      results: ['a failed one'],
      failed: true,
    },
    'a play that lost some of its hosts is followed by the next': {
      hosts: three,
      text: `
- hosts: a,b
  gather_facts: false
  tasks:
    - { name: one, fail: { msg: nope }, when: inventory_hostname == 'a' }
- hosts: b,c
  gather_facts: false
  tasks:
    - { name: two, debug: { msg: x } }`,
      results: ['a failed one', 'b skipped one', 'b ok two', 'c ok two'],
      failed: true,
    },
    'max_fail_percentage ends it when too many are lost': {
      hosts: three,
      text: `
- hosts: all
  gather_facts: false
  max_fail_percentage: 30
  tasks:
    - { name: one, fail: { msg: nope }, when: inventory_hostname == 'b' }
    - { name: two, debug: { msg: x } }`,
      results: ['a skipped one', 'b failed one', 'c skipped one'],
      failed: true,
    },
    'max_fail_percentage may be written with its sign': {
      hosts: three,
      text: `
- hosts: all
  gather_facts: false
  max_fail_percentage: 40%
  tasks:
    - { name: one, fail: { msg: nope }, when: inventory_hostname == 'b' }
    - { name: two, fail: { msg: nope }, when: inventory_hostname == 'c' }
    - { name: three, debug: { msg: x } }`,
      results: ['a skipped one', 'b failed one', 'c skipped one', 'a skipped two', 'c failed two'],
      failed: true,
    },
    'a host that is lost before a play goes its whole way once its errors are cleared': {
      hosts: HOSTS('a', 'b'),
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: lost, fail: { msg: nope }, when: inventory_hostname == 'b' }
- hosts: all
  gather_facts: false
  tasks:
    - { name: first, debug: { msg: x } }
    - meta: clear_host_errors
    - { name: last, debug: { msg: y } }`,
      results: ['a skipped lost', 'b failed lost', 'a ok first', 'a ok last', 'b ok first', 'b ok last'],
    },
    'hosts of a free play wait for nobody': {
      hosts: HOSTS('a', 'b'),
      text: `
- hosts: all
  gather_facts: false
  strategy: free
  tasks:
    - { name: one, command: "sleep {{ {'a': 0.5, 'b': 0}[inventory_hostname] }}" }
    - { name: two, debug: { msg: x } }`,
      results: ['b changed one', 'b ok two', 'a changed one', 'a ok two'],
    },
    'throttle lets one at a time through': {
      hosts: three,
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, throttle: 1, shell: 'mkdir DIR/held && sleep 0.05 && rmdir DIR/held' }`,
      results: ['a changed one', 'b changed one', 'c changed one'],
    },
    'run_once is done once and known to all': {
      hosts: three,
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, command: "echo {{ inventory_hostname }}", run_once: true, register: r, changed_when: false }
    - { name: two, debug: { msg: "{{ r.stdout }}" } }`,
      said: ['a a', 'b a', 'c a'],
    },
    'serial takes some hosts at a time': {
      hosts: three,
      text: `
- hosts: all
  gather_facts: false
  serial: 2
  tasks:
    - { name: one, debug: { msg: "{{ ansible_play_batch | join(' ') }}" } }
    - { name: two, debug: { msg: x } }`,
      said: ['a a b', 'b a b', 'a x', 'b x', 'c c', 'c x'],
    },
    'ignored failures are counted and passed over': {
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, fail: { msg: nope }, ignore_errors: true, register: r }
    - { name: two, debug: { msg: "{{ r is failed }} {{ r.msg }}" } }`,
      results: ['one ignored one', 'one ok two'],
      said: ['one True nope'],
    },
    'changed_when and failed_when have the last word': {
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, command: 'false', register: r, failed_when: r.rc == 7, changed_when: r.rc == 1 }
    - { name: two, command: echo bad, register: s, failed_when: "'bad' in s.stdout", ignore_errors: true }
    - { name: three, debug: { msg: "{{ r.changed }} {{ s.failed }}" } }`,
      results: ['one changed one', 'one ignored two', 'one ok three'],
      said: ['one True True'],
    },
    'until tries again': {
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - name: one
      shell: 'echo x >>DIR/n; wc -l <DIR/n'
      register: r
      until: r.stdout | int >= 3
      retries: 5
      delay: 0
    - { name: two, debug: { msg: "{{ r.attempts }}" } }`,
      said: ['one 3'],
    },
    'loops register every turn and label them': {
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, command: "echo {{ item }}", loop: [x, y], register: r, changed_when: item == 'y' }
    - { name: two, debug: { msg: "{{ r.results | map(attribute='stdout') | join(',') }} {{ r.changed }} {{ r.results[0].changed }} {{ r.results[1].item }}" } }
    - { name: three, debug: { msg: "{{ i }}{{ ansible_loop.last }}{{ k.v }}" }, loop: [{ v: p }, { v: q }], loop_control: { loop_var: k, index_var: i, extended: true } }`,
      results: ['one changed one', 'one ok two', 'one ok three'],
    },
    'include_tasks runs files, with loops and variables': {
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: inc, include_tasks: more.yml, loop: [1, 2], loop_control: { loop_var: n } }
    - { name: last, debug: { msg: end } }`,
      said: ['one n=1 x', 'one n=2 x', 'one end'],
    },
    'end_host leaves the others': {
      hosts: three,
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - meta: end_host
      when: inventory_hostname == 'a'
    - { name: two, debug: { msg: x } }
- hosts: all
  gather_facts: false
  tasks:
    - { name: three, debug: { msg: y } }`,
      results: ['b skipped meta', 'c skipped meta', 'b ok two', 'c ok two', 'a ok three', 'b ok three', 'c ok three'],
    },
    'set_fact and register live on; facts of another host are seen': {
      hosts: three,
      text: `
- hosts: all
  gather_facts: false
  tasks:
    - set_fact: { v: "{{ inventory_hostname }}!" }
- hosts: c
  gather_facts: false
  tasks:
    - { name: x, debug: { msg: "{{ v }} {{ hostvars['a'].v }}" } }`,
      said: ['c c! a!'],
    },
    'roles bring defaults, vars, tasks and handlers': {
      text: `
- hosts: all
  gather_facts: false
  vars: { greeting: play }
  roles: [{ role: r, who: you }]
  post_tasks:
    - { name: post, debug: { msg: "{{ greeting }}" } }`,
      said: ['one r: play you defaults', 'one handled', 'one play'],
    },
  }

test('files of the controller: a script with arguments, the content of a directory', async () => {
  const text = `
- hosts: all
  gather_facts: false
  tasks:
    - { name: script, script: "say.sh one 'two three' $((1 + 2))" }
    - { name: quoted, script: { cmd: '"a b.sh" x' } }
    - { name: content, copy: { src: tree/, dest: 'DIR/made' } }
    - { name: made, command: find DIR/made -type f }`
  const files = {
    'files/say.sh': '#!/bin/sh\nprintf "%s|" "$@"\n',
    'files/a b.sh': '#!/bin/sh\necho "$0 $1" | sed "s/.* //"\n',
    'files/tree/sub/file': 'x',
  }
  const dir = mkdtempSync(join(tmpdir(), 'regplay-play-'))
  try {
    const { result } = await play(text, { files, dir })
    assert.is(result('script').result['stdout'], 'one|two three|3|')
    assert.is(result('quoted').result['stdout'], 'x\n')
    assert.is(result('made').result['stdout'], join(dir, 'made/sub/file'))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test('what a change tells of itself stays told after the proof; what exists already is skipped where Ansible skips', async () => {
  const text = `
- hosts: all
  gather_facts: false
  tasks:
    - { name: file, copy: { content: "a\\na\\n", dest: 'DIR/text' } }
    - { name: replace, replace: { path: 'DIR/text', regexp: a, replace: b } }
    - { name: line, lineinfile: { path: 'DIR/text', line: b, state: absent, backup: true } }
    - { name: block, blockinfile: { path: 'DIR/new', block: x, create: true, mode: '0600' } }
    - { name: again, blockinfile: { path: 'DIR/new', block: x } }
    - { name: script, script: { cmd: nothing.sh, creates: 'DIR/new' } }
    - { name: would, command: echo x, check_mode: true }`
  const { result } = await play(text, { files: { 'files/nothing.sh': '#!/bin/sh\n' } })
  const told = (task: string) => [result(task).status, result(task).result['msg']]
  assert.equal(told('replace'), ['changed', '2 replacements made'])
  assert.equal([...told('line'), result('line').result['found']], ['changed', '2 line(s) removed', 2])
  assert.match(String(result('line').result['backup']), /text\.\d+\..*~$/)
  assert.equal(told('block'), ['changed', 'File created and ownership, perms or SE linux context changed'])
  assert.equal(told('again'), ['ok', ''])
  assert.is(result('script').status, 'skipped')
  assert.equal(told('would'), ['skipped', 'Command would have run if not in check mode'])
})

test('a run knows its settings, and warns where a lookup is to warn', async () => {
  const text = `
- hosts: all
  gather_facts: false
  tasks:
    - debug: { msg: "{{ lookup('config', 'DEFAULT_FORKS') }} {{ lookup('file', 'nowhere', errors='warn') | default('-', true) }}" }`
  const { said, events } = await play(text)
  assert.equal(said, ['one 5 -'])
  assert.match(events.find(event => event.type === 'warning')?.msg ?? '', /nowhere/)
})

test('a handler runs whatever its tags', async () => {
  const text = `
- hosts: all
  gather_facts: false
  tasks:
    - { name: notifies, command: echo, notify: heard, tags: chosen }
    - { name: not chosen, command: echo }
  handlers:
    - { name: heard, debug: { msg: heard }, tags: other }`
  const { results } = await play(text, { job: { tags: ['chosen'] } })
  assert.equal(results, ['one changed notifies', 'one ok heard'])
})

for (const [name, { text, hosts, results, said, failed = false }] of Object.entries(ORDERS)) {
  test(name, async () => {
    const files = {
      'more.yml': '- debug: { msg: "n={{ n }} {{ extra }}" }\n  vars: { extra: x }\n',
      'roles/r/defaults/main.yml': 'greeting: default\nextra: defaults\n',
      'roles/r/tasks/main.yml':
        '- { debug: { msg: "{{ role_name }}: {{ greeting }} {{ who }} {{ extra }}" }, changed_when: true, notify: h }\n',
      'roles/r/handlers/main.yml': '- { name: h, debug: { msg: handled } }\n',
    }
    const played = await play(text, { files, ...(hosts === undefined ? {} : { hosts }) })
    if (results) assert.equal([...played.results].sort(byTask(results)), results)
    if (said) assert.equal(played.said, said)
    assert.is(played.ending.failed, failed)
  }, 20_000)
}

/** Hosts of one task may come in any order: they are sorted by name inside a run of one task, unless the test is about order. */
const byTask =
  (wanted: readonly string[]) =>
  (a: string, b: string): number => {
    const task = (line: string) => line.split(' ').slice(2).join(' ')
    return task(a) === task(b) && wanted.includes(a) && wanted.includes(b) ? wanted.indexOf(a) - wanted.indexOf(b) : 0
  }

test('what a host says is never rendered again', async () => {
  const played = await play(`
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, command: "echo '{{ '{{' }} 1 + 1 {{ '}}' }}'", register: r }
    - { name: two, set_fact: { copy: "{{ r.stdout }}" } }
    - { name: three, debug: { msg: "{{ copy }}" } }`)
  assert.equal(played.said, ['one {{ 1 + 1 }}'])
})

test('no_log hides results', async () => {
  const played = await play(`
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, command: echo s3cr3t-value, no_log: true, register: r }
    - { name: two, debug: { msg: "{{ r.stdout | length }}" } }`)
  assert.not.match(JSON.stringify(played.events), 's3cr3t-value')
  assert.equal(played.said, ['one 12'])
})

test('a no_log that cannot be made out hides', async () => {
  const played = await play(`
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, command: echo s3cr3t-value, no_log: "{{ nothing_of_the_kind }}" }`)
  assert.not.match(JSON.stringify(played.events), 's3cr3t-value')
})

test('an undefined variable fails its task, with place and nearest name', async () => {
  const played = await play(`
- hosts: all
  gather_facts: false
  vars: { colour: red }
  tasks:
    - { name: one, debug: { msg: "{{ color }}" } }`)
  const { msg, origin } = played.result('one')
  assert.match(origin ?? '', /play\.yml:6:\d+$/)
  assert.match(msg ?? '', /^'color' is undefined.*colour/)
})

test('hosts that are pinned are done before others take their places', async () => {
  const hosts = ['a', 'b', 'c', 'd']
  const played = await play(
    `
- hosts: all
  gather_facts: false
  strategy: host_pinned
  tasks:
    - { name: one, debug: { msg: x } }
    - { name: two, command: 'true' }
    - { name: three, debug: { msg: y } }`,
    { hosts: HOSTS(...hosts), job: { forks: 2 } },
  )
  assert.equal(played.results.length, 12)
  const [going, seen] = [new Set<string>(), new Set<string>()]
  for (const result of played.results) {
    const [host = '', , task] = result.split(' ')
    if (task === 'three') going.delete(host)
    else going.add(host)
    seen.add(host)
    assert.ok(going.size <= 2, `${[...going]} at once`)
  }
  assert.equal([...seen].sort(), hosts)
})

for (const limit of ['all:!a', '!a:!b', 'a:!a'])
  test(`--limit '${limit}' that leaves nobody is refused`, async () => {
    const text = '- { hosts: a, gather_facts: false, tasks: [{ add_host: { name: c } }] }\n- { hosts: c, tasks: [] }\n'
    const run = play(text, { hosts: HOSTS('a', ...(limit === 'all:!a' ? [] : ['b'])), job: { limit } })
    const error = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    assert.instance(error, InputError)
    assert.match(
      (error as InputError).message,
      /Specified hosts and\/or --limit does not match any hosts: '.*' leaves none/,
    )
  })

test('--limit that leaves nobody is a warning where host_pattern_mismatch says so', async () => {
  const text = '- { hosts: all, gather_facts: false, tasks: [{ ping: }] }\n'
  const config = { ...DEFAULTS, hostPatternMismatch: 'warning' as const }
  const { events } = await play(text, { hosts: HOSTS('a'), job: { limit: 'all:!a', config } })
  const faults = events.flatMap(event =>
    event.type === 'fault' ? [`${event.fault.severity} ${event.fault.code}`] : [],
  )
  assert.equal(faults, ['warning limit-empty'])
})

test('--limit may name the controller, which no inventory knows', async () => {
  const text = '- { hosts: localhost, gather_facts: false, tasks: [{ debug: { msg: here } }] }\n'
  assert.equal((await play(text, { job: { limit: 'localhost' } })).said, ['localhost here'])
})

test.run()
