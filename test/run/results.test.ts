import * as assert from 'uvu/assert'
import { rows } from '../support/rows.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/results')

const play = (tasks: string, more = ''): string => `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks}`

rows(test, {
  'a skipped task registers that, and nothing of a module': {
    text: play(`
    - { name: one, command: 'true', when: false, register: r }
    - { name: two, debug: { msg: "{{ r.keys() | sort | join(' ') }} {{ r.skip_reason }}" } }`),
    said: ['one changed false_condition skip_reason skipped Conditional result was False'],
  },
  'a condition of changed_when or failed_when that cannot be judged fails the task, and its result is kept': {
    text: play(`
    - { name: one, command: 'echo kept', changed_when: nowhere, register: r, ignore_errors: true }
    - { name: two, debug: { msg: "{{ r.failed }} {{ r.stdout }} {{ 'nowhere' in r.changed_when_result }}" } }
    - { name: three, command: 'echo kept', failed_when: nowhere, register: r, ignore_errors: true }
    - { name: four, debug: { msg: "{{ r.failed }} {{ r.stdout }} {{ 'nowhere' in r.failed_when_result }}" } }`),
    said: ['one True kept True', 'one True kept True'],
  },
  'integers of any length stay integers in facts, registers and events': {
    text: play(
      `
    - { name: one, set_fact: { f: "{{ big + 1 }}", g: { a: ["{{ big }}"] } }, register: r }
    - { name: two, debug: { msg: "{{ f + 1 }} {{ g.a[0] | type_debug }} {{ r.ansible_facts.f - big }}" } }
    - { name: three, debug: { var: big } }
    - { name: four, set_fact: { h: '{"a": 12345678901234567890}' } }
    - { name: five, debug: { msg: "{{ (h | from_json).a - big }}" } }`,
      '  vars: { big: 12345678901234567890 }\n',
    ),
    said: ['one 12345678901234567892 int 1', 'one undefined', 'one 0'],
    also: ({ events }) => {
      const three = events.find(event => event.type === 'host-result' && event.task === 'three')
      assert.is(three?.type === 'host-result' && three.result['big'], 12345678901234567890n)
    },
  },
  'what failed_when says stands when until gives up': {
    text: play(`
    - { name: one, command: 'true', until: 1 == 0, retries: 1, delay: 0, failed_when: r.attempts > 5, register: r }
    - { name: two, debug: { msg: "{{ r.attempts }} {{ r.failed }}" } }`),
    said: ['one 1 False'],
  },
  'a label that cannot be made out is a warning of its turn, and the item stands in its place': {
    text: play(`
    - { name: one, command: "echo an {{ item }}", loop: [a, b, c], loop_control: { label: "{{ r.stdout }}" }, when: item == 'b', register: r }
    - { name: two, debug: { msg: "{{ r.results[0].warnings | length }} {{ r.results[1].warnings is defined }} {{ r.results[2].warnings is defined }}" } }`),
    said: ['one 1 False False'],
    also: ({ events }) => {
      const labels = events.flatMap(event => (event.type === 'item-result' ? [event.label] : []))
      // A turn that is left out registers nothing, so that the last one sees what the one before it did.
      assert.equal(labels, ['a', 'an b', 'an b'])
    },
  },
  'a run_once that is neither true nor false fails its task, also where it is skipped': {
    text: play(`
    - { name: one, debug: { msg: x }, run_once: "{{ nowhere }}", ignore_errors: true }
    - { name: two, include_tasks: absent.yml, run_once: "{{ 'maybe' }}", when: false, ignore_errors: true }`),
    files: { 'absent.yml': '[]\n' },
    results: ['one ignored one', 'one ignored two'],
    why: /nowhere[\s\S]*"maybe" is neither true nor false/,
  },
  'a throttle that is no number is told as such': {
    text: play(`
    - { name: one, throttle: "{{ 'few' }}", command: echo hi, ignore_errors: true }`),
    results: ['one ignored one'],
    why: /^Failed to convert the throttle value to an integer: invalid literal for int: "few" is no number$/,
  },
  'a throttle that nobody defines is told as such': {
    text: play(`
    - { name: one, throttle: "{{ nope }}", command: echo hi, ignore_errors: true }`),
    results: ['one ignored one'],
    why: /^Failed to convert the throttle value to an integer: 'nope' is undefined$/,
  },
  'names of a loop may be templates': {
    text: play(`
    - name: one
      debug: { msg: "{{ k }} {{ n }} {{ ansible_loop_var }} {{ ansible_index_var }}" }
      loop: [x]
      loop_control: { loop_var: "{{ a }}", index_var: "{{ b }}" }
      vars: { a: k, b: n }
      register: r
    - { name: what, debug: { msg: "{{ r.results[0].msg }}" } }
    - name: two
      debug: { msg: never }
      loop: [x]
      loop_control: { loop_var: "{{ a }}" }
      vars: { a: "1st" }
      ignore_errors: true`),
    said: ['one All items completed', 'one x 0 k n'],
    why: /Invalid variable name in 'loop_control': "1st"/,
  },
  'add_host changes nothing where it says what is known': {
    text: play(`
    - { name: one, add_host: { name: h, groups: [g], v: { a: ['{{ 1 + 1 }}', '{x}'] } } }
    - { name: two, add_host: { name: h, groups: [g], v: { a: ['{{ 2 }}', '{x}'] } } }
    - { name: three, add_host: { name: h, v: { a: [3] } } }`),
    results: ['one changed one', 'one ok two', 'one changed three'],
  },
  'include_vars tells why it failed as message, too': {
    text: play(`
    - { name: one, include_vars: { dir: d }, register: r, ignore_errors: true }
    - { name: two, debug: { msg: "{{ 'valid extension' in r.message }}" } }`),
    files: { 'd/odd.txt': 'x' },
    said: ['one true'],
  },
  'a play is told by its name, rendered, and a task without one by its module': {
    text: `- name: "{{ kind }} play"
  hosts: all
  gather_facts: false
  vars: { kind: first }
  tasks:
    - { name: , debug: { msg: x } }`,
    results: ['one ok debug'],
    also: ({ events }) => {
      const names = events.flatMap(event => (event.type === 'play-start' ? [event.name] : []))
      assert.equal(names, ['first play'])
    },
  },
  'module_defaults of a block replace what the play says of the same module': {
    text: `- hosts: all
  gather_facts: false
  module_defaults: { debug: { msg: outer } }
  tasks:
    - { name: one, debug: }
    - { name: two, debug: , module_defaults: { command: { chdir: / } } }
    - { name: three, debug: , module_defaults: { ansible.builtin.debug: { msg: inner } } }
    - { name: four, debug: , module_defaults: { debug: {} } }
    - { name: five, debug: { msg: "{{ omit }}" } }`,
    said: ['one outer', 'one outer', 'one inner', 'one Hello world!', 'one Hello world!'],
  },
  'module_defaults may give what a module needs': {
    text: `- hosts: all
  gather_facts: false
  module_defaults: { command: { argv: [echo, lent] } }
  tasks:
    - { name: one, command: , register: r }
    - { name: two, debug: { msg: "{{ r.stdout }}" } }`,
    said: ['one lent'],
  },
  'facts are gathered though the environment of the play is made of one': {
    text: `- hosts: all
  gather_subset: [min]
  environment: { PATH: "{{ ansible_env.PATH }}:/more", other: 'set' }
  tasks:
    - { name: one, command: 'printenv PATH other', register: r }
    - { name: two, debug: { msg: "{{ r.stdout_lines[0] is search('/more$') }} {{ r.stdout_lines[1] }}" } }`,
    said: ['one True set'],
  },
  'a loop registers what its turns have in common': {
    text: play(`
    - { name: one, command: 'echo {{ k }}', loop: [x, y], register: r, loop_control: { loop_var: k, index_var: i, extended: true } }
    - { name: two, debug: { msg: "{{ r.keys() | sort | join(' ') }} {{ r.skipped }} {{ r.msg }}" } }
    - { name: three, debug: { msg: "{{ r.results[1].k }} {{ r.results[1].i }} {{ r.results[1].ansible_loop.first }} {{ r.results[1].ansible_index_var }} {{ 'item' in r.results[1] }}" } }
    - { name: four, command: 'echo {{ item }}', loop: [], register: r }
    - { name: five, debug: { msg: "{{ r.results }} {{ r.skipped_reason }} {{ 'failed' in r }}" } }
    - { name: six, command: 'echo {{ item }}', loop: [1], when: item > 1, register: r }
    - { name: seven, debug: { msg: "{{ r.msg }} {{ r.skipped }} {{ r.results[0].item }}" } }`),
    said: [
      'one changed msg results skipped False All items completed',
      'one y 1 False i False',
      'one [] No items in the list False',
      'one All items skipped True 1',
    ],
  },
  'facts and registered values of one turn are seen by the next': {
    text: play(`
    - { set_fact: { all: "{{ all | default([]) + [item] }}" }, loop: [1, 2, 3] }
    - { command: "echo {{ item }} {{ r.stdout | default('-') }}", loop: [1, 2], register: r }
    - { debug: { msg: "{{ all }} {{ r.results | map(attribute='stdout') | join(',') }}" } }`),
    said: ['one [1, 2, 3] 1 -,2 1 -'],
  },
  'cacheable facts are facts': {
    text: play(`
    - { set_fact: { c: 1, cacheable: true }, register: r }
    - { debug: { msg: "{{ c }} {{ ansible_facts.c }} {{ r.keys() | sort | join(' ') }}" } }`),
    said: ['one 1 1 ansible_facts changed failed'],
  },
  'delegated facts go where each turn says': {
    hosts: ['a', 'b'],
    text: play(`
    - { set_fact: { v: "to {{ item }}" }, delegate_to: "{{ item }}", delegate_facts: true, loop: [a, b], run_once: true }
    - { debug: { msg: "{{ v }}" } }`),
    said: ['a to a', 'b to b'],
  },
  'a delegated task sees the variables of the other host': {
    inventory:
      'a ansible_connection=local mine=1\nb ansible_connection=local ansible_host=127.0.0.9 theirs=2 who="{{ inventory_hostname }}"\n',
    text: play(`
    - { name: one, debug: { msg: "{{ ansible_delegated_vars[item].theirs | default('-') }} {{ ansible_delegated_vars[item].ansible_host }} {{ ansible_delegated_vars[item].who | default('-') }} {{ ansible_delegated_vars | length }} {{ inventory_hostname }}" }, delegate_to: "{{ item }}", loop: [a, b], when: inventory_hostname == 'a', register: r }
    - { name: two, debug: { msg: "{{ r.results | map(attribute='msg') | join(';') }} {{ ansible_delegated_vars is defined }} {{ 'ansible_delegated_vars' in vars }}" }, when: inventory_hostname == 'a' }`),
    said: ['a All items completed', 'a - a - 1 a;2 127.0.0.9 a 1 a False False'],
    also: ({ events }) =>
      assert.equal(
        events.flatMap(event =>
          event.type === 'item-result' && event.delegate !== undefined ? [[event.delegate, event.delegateAddress]] : [],
        ),
        [
          ['a', undefined],
          ['b', '127.0.0.9'],
        ],
      ),
  },
  'environment is what the task and all around it say, whatever else has that name': {
    text: `- hosts: all
  gather_facts: false
  environment: { A: "{{ 1 + 1 }}" }
  vars: { environment: prod }
  tasks:
    - { debug: { msg: "{{ environment | string }}" }, environment: { B: "{{ x }}" }, vars: { x: y } }
    - { set_fact: { environment: no } }
    - { debug: { msg: "{{ environment }} {{ hostvars.one.environment }}" } }`,
    said: ["one [{'A': 2}, {'B': 'y'}]", "one [{'A': 2}] False"],
  },
  'command and shell say when they began and ended': {
    text: play(`
    - { command: sleep 0.02, register: r }
    - { shell: "exit 3", register: s, ignore_errors: true }
    - { debug: { msg: "{{ [r, s] | map(attribute='start') | select('match', '^\\\\d{4}-\\\\d\\\\d-\\\\d\\\\d \\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d') | length }} {{ r.delta is match('0:00:00[.]0') }} {{ r.delta != '0:00:00' and r.start < r.end }} {{ s.end is string }}" } }
    - { command: x, args: { creates: / }, register: r }
    - { debug: { msg: "{{ r.start is none }} {{ r.delta is none }}" } }
    - { raw: "true", register: r }
    - { debug: { msg: "{{ r.start is defined }}" } }`),
    said: ['one 2 True True True', 'one True True', 'one false'],
  },
  'what a module warns of is told once a host, and kept': {
    text: play(`
    - { name: made, registry_ca: { dir: DIR/ca, days: 5 } }
    - { name: there, registry_ca: { dir: DIR/ca, days: 5 }, register: r }
    - { registry_ca: { dir: DIR/hidden, days: 5 }, no_log: true }
    - { debug: { msg: "{{ r.warnings | length }} {{ 'expires on' in r.warnings[0] }}" } }`),
    said: ['one 1 True'],
    also: ({ events, result }) => {
      const told = events.filter(event => event.type === 'warning')
      assert.is(told.length, 1)
      assert.match(told[0]?.msg ?? '', /ca\.pem expires on/)
      assert.is(told[0]?.host, 'one')
      for (const task of ['made', 'there']) assert.equal(result(task).result['warnings'], [told[0]?.msg])
    },
  },
  'the file of settings is known': {
    text: play('\n    - { debug: { msg: "{{ ansible_config_file }}" } }'),
    job: { configFile: '/x/ansible.cfg' },
    said: ['one /x/ansible.cfg'],
  },
  'check mode and diff mode are those of the run, not of a task': {
    text: play(`
    - { debug: { msg: "{{ ansible_check_mode }} {{ ansible_diff_mode }}" }, check_mode: true, diff: true }`),
    said: ['one False False'],
  },
  'run_once is done and told once, and known to all': {
    hosts: ['a', 'b'],
    text: play(`
    - { name: one, command: "echo {{ inventory_hostname }} {{ item }}", loop: [1, 2], run_once: true, register: r, notify: h }
    - { name: two, debug: { msg: "{{ r.results | map(attribute='stdout') | join(',') }}" } }
    - { name: three, set_fact: { v: "{{ inventory_hostname }}" }, run_once: true }
    - { name: four, debug: { msg: "{{ v }}" } }
    - { name: inc, include_tasks: inc.yml, run_once: true }
  handlers:
    - { name: h, debug: { msg: handled } }`),
    files: { 'inc.yml': '- { name: inner, debug: { msg: inner } }\n' },
    said: ['a a 1,a 2', 'a a', 'a inner', 'a handled', 'b a 1,a 2', 'b a'],
    recap: ['a 7/1/0/0/0/0', 'b 2/0/0/0/0/0'],
  },
  'run_once that fails is the end for all, or is rescued by all': {
    hosts: ['a', 'b'],
    text: play(`
    - block:
        - { name: one, fail: { msg: x }, run_once: true }
      rescue:
        - { name: res, debug: { msg: rescue } }
    - { name: two, fail: { msg: x }, run_once: true }
    - { name: never, debug: { msg: x } }`),
    results: ['a rescued one', 'a ok res', 'a failed two', 'b ok res'],
    recap: ['a 1/0/1/0/1/0', 'b 1/0/0/0/0/0'],
    failed: true,
  },
  'a free play does run_once on every host': {
    hosts: ['a', 'b'],
    text: play(
      `
    - { name: one, debug: { msg: x }, run_once: true }`,
      '  strategy: free\n',
    ),
    said: ['a x', 'b x'],
  },
  'hosts of other batches are in the play, and only in it': {
    hosts: ['a', 'b', 'c'],
    text: play(
      `
    - { debug: { msg: "{{ ansible_play_batch | join }} {{ ansible_play_hosts | join }}" } }`,
      '  serial: [1, 5]\n',
    ),
    said: ['a a abc', 'b bc abc', 'c bc abc'],
  },
  'the order of hosts': {
    inventory: 'b ansible_connection=local\na ansible_connection=local\nc ansible_connection=local\n',
    text: ['sorted', 'reverse_sorted', 'reverse_inventory', 'inventory']
      .map(
        order =>
          `- hosts: all\n  gather_facts: false\n  order: ${order}\n  tasks: [{ debug: { msg: "${order} {{ ansible_play_hosts_all | join }}" }, run_once: true }]\n`,
      )
      .join(''),
    said: ['a sorted bac', 'b inventory bac', 'c reverse_sorted bac', 'c reverse_inventory bac'],
  },
  'who takes no part is not in the recap': {
    hosts: ['a', 'b'],
    text: play('\n    - { fail: { msg: x } }', '  serial: 1\n'),
    recap: ['a 0/0/1/0/0/0'],
    failed: true,
  },
  'arguments may be a template as a whole, and defaults of modules too': {
    text: play(
      `
    - { name: one, debug: , args: "{{ whole }}" }
    - { name: two, debug: }
    - { name: three, debug: { msg: own }, module_defaults: { debug: { verbosity: 4 } } }
    - { name: four, debug: , module_defaults: "{{ defaults }}" }`,
      '  vars: { whole: { msg: from args }, defaults: { ansible.builtin.debug: { msg: from a variable } } }\n  module_defaults: { debug: { msg: from the play }, group/aws: { region: x } }\n',
    ),
    said: ['one from args', 'one from the play', 'one from a variable'],
  },
  'what a task says itself wins over arguments that are a template, which is not even looked at': {
    text: play(
      `
    - { name: one, debug: { var: near }, args: "{{ whole }}" }
    - { name: two, debug: , args: "{{ omit }}" }
    - { name: three, debug: { var: "{{ omit }}" } }`,
      '  vars: { near: own, far: "{{ 1 / 0 }}", whole: { msg: "{{ omit }}", var: far } }\n',
    ),
    also: ({ result }) => {
      assert.is(result('one').result['near'], 'own')
      assert.is(result('three').result['msg'], 'Hello world!')
    },
    said: ['one undefined', 'one Hello world!', 'one Hello world!'],
  },
  'debug says in its result why what it shows has no value': {
    text: play(
      `
    - { name: one, debug: { var: nowhere }, register: r }
    - { name: two, debug: { var: left }, register: s }
    - { name: three, debug: { var: { a: b } }, ignore_errors: true, register: t }
    - { name: four, debug: { msg: "{{ 'nowhere' in r.warnings[0] }} {{ s.left }} {{ s.warnings | length }} {{ 'not a string' in t.msg }}" } }`,
      '  vars: { left: "{{ omit }}" }\n',
    ),
    said: ['one undefined', 'one undefined', 'one True <<Omit>> 1 True'],
  },
  'what only pretended is not looked for at the end, and a pretended command says so': {
    text: play(`
    - { name: one, copy: { content: x, dest: DIR/never }, check_mode: true }
    - { name: two, copy: { content: x, dest: DIR/ever } }
    - { name: three, command: { cmd: 'true', creates: DIR/none }, check_mode: true, register: r }
    - { name: four, debug: { msg: "{{ r.msg }} {{ r.changed }} {{ 'skipped' in r }}" } }`),
    said: ['one Command would have run if not in check mode True False'],
    also: ({ events }) => {
      assert.equal(
        events.filter(event => event.type === 'drift'),
        [],
      )
      const titles = events.flatMap(event => (event.type === 'task-start' ? [event.check] : []))
      assert.equal(titles, [true, undefined, true, undefined])
    },
  },
  'each host has facts of its own where one does the tasks for all': {
    hosts: ['one', 'two'],
    text: `- hosts: all
  run_once: true
  gather_subset: [min]
  tasks:
    - { name: it, debug: { msg: "{{ hostvars.one.ansible_facts.module_setup and hostvars.two.ansible_facts.module_setup }}" } }
`,
    said: ['one true'],
    results: ['one ok Gathering Facts', 'two ok Gathering Facts', 'one ok it'],
  },
  'what took longer than its timeout is known by the test timedout': {
    text: play(`
    - { name: one, command: sleep 30, timeout: 1, register: r, ignore_errors: true }
    - { name: two, debug: { msg: "{{ r is failed }} {{ r is timedout }} {{ r.timedout.period }} {{ 'The command action failed to execute in the expected time frame (1) and was terminated' in r.msg }}" } }
    - { name: three, command: 'true', timeout: 30, register: s }
    - { name: four, debug: { msg: "{{ s is timedout }}" } }`),
    said: ['one True True 1 True', 'one false'],
  },
  'a task knows where its files are looked for, and a variable whether it was vaulted': {
    text: play(
      `
    - { name: one, debug: { msg: "{{ ansible_search_path == [playbook_dir] }}" } }
    - { name: two, debug: { msg: "{{ sealed is vault_encrypted }} {{ open is vault_encrypted }} {{ both.in is vault_encrypted }}" } }`,
      '  vars:\n    sealed: !vault "$ANSIBLE_VAULT;1.1;AES256\\n3030"\n    open: x\n    both: { in: !vault "$ANSIBLE_VAULT;1.1;AES256\\n3030" }\n',
    ),
    said: ['one true', 'one True False True'],
  },
  'set_fact keeps a vault closed until the variable is used': {
    text: play(
      `
    - { name: one, set_fact: { x: "{{ sealed }}" }, ignore_errors: true }
    - { name: two, set_fact: { x: !vault "$ANSIBLE_VAULT;1.1;AES256\\n3030" } }
    - { name: three, debug: { msg: "{{ x is vault_encrypted }} {{ 1 }}" } }
    - { name: four, debug: { msg: "{{ x }}" }, ignore_errors: true }
    - { name: five, set_fact: { x: 1 } }
    - { name: six, debug: { msg: "{{ x is vault_encrypted }} {{ x }}" } }`,
      '  vars: { sealed: !vault "$ANSIBLE_VAULT;1.1;AES256\\n3030" }\n',
    ),
    said: ['one True 1', 'one False 1'],
    recap: ['one 6/0/0/0/0/2'],
  },
  'keywords may be omitted': {
    text: play(`
    - { command: echo hi, become: "{{ nope | default(omit) }}", delegate_to: "{{ nope | default(omit) }}", timeout: "{{ nope | default(omit) }}" }
    - { command: echo hi, run_once: "{{ nope | default(omit) }}", throttle: "{{ nope | default(omit) }}", no_log: "{{ nope | default(omit) }}", environment: "{{ nope | default(omit) }}" }`),
    recap: ['one 2/2/0/0/0/0'],
  },
  'tags may be templates': {
    text: play(
      `
    - { name: one, debug: { msg: 1 }, tags: "{{ words }}" }
    - { name: two, debug: { msg: 2 }, tags: [c] }`,
      '  vars: { words: [a, b] }\n',
    ),
    job: { tags: ['b'] },
    said: ['one 1'],
  },
})

test.run()
