import * as assert from 'uvu/assert'
import { DEFAULTS } from '../../src/cli/config/read.ts'
import { rows } from '../support/rows.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/failures')

const two = ['a', 'b']
const play = (tasks: string, more = ''): string => `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks}`

rows(test, {
  'a rescue of which tags want nothing rescues nothing': {
    text: `
- hosts: all
  gather_facts: false
  tasks:
    - block:
        - { name: fails, fail: {}, tags: a }
      rescue:
        - { debug: { msg: not chosen } }
        - block: [{ debug: { msg: nor this } }]
    - { debug: { msg: not reached }, tags: a }`,
    job: { tags: ['a'] },
    results: ['one failed fails'],
    recap: ['one 0/0/1/0/0/0'],
    failed: true,
  },
  'a turn that is skipped registers nothing for the next one': {
    text: `
- hosts: all
  gather_facts: false
  tasks:
    - { debug: { msg: before }, register: r }
    - { debug: { msg: "{{ item }}" }, loop: [1, 2], when: item == 2 and r is not skipped, register: r }
    - { debug: { msg: "{{ r.results | map(attribute='skipped', default=false) }}" } }`,
    said: ['one before', 'one All items completed', 'one true,false'],
  },
  'what failed and has no name is known by an empty one': {
    text: play(`
    - block:
        - fail: { msg: nope }
      rescue:
        - { name: mends, debug: { msg: "[{{ ansible_failed_task.name }}]" } }`),
    said: ['one []'],
  },
  'what failed is known to rescue, always and what follows': {
    text: play(`
    - block:
        - { name: breaks, fail: { msg: nope } }
      rescue:
        - { name: mends, debug: { msg: "{{ ansible_failed_task.name }} {{ ansible_failed_task.action }} {{ ansible_failed_result.msg }}" } }
      always:
        - { name: always, debug: { msg: "{{ ansible_failed_result.msg }}" } }
    - { name: after, debug: { msg: "{{ ansible_failed_task.name }}" } }`),
    said: ['one breaks fail nope', 'one nope', 'one breaks'],
    recap: ['one 3/0/0/0/1/0'],
  },
  'a rescue that fails is rescued by the block around it, after its own always': {
    text: play(`
    - block:
        - block:
            - { name: f1, fail: { msg: one } }
          rescue:
            - { name: f2, fail: { msg: two } }
          always:
            - { name: a1, debug: { msg: "{{ ansible_failed_result.msg }}" } }
      rescue:
        - { name: r2, debug: { msg: "{{ ansible_failed_task.name }}" } }`),
    results: ['one rescued f1', 'one rescued f2', 'one ok a1', 'one ok r2'],
    said: ['one two', 'one f2'],
    recap: ['one 2/0/0/0/2/0'],
  },
  'two hosts that fail at one task are one failure for all, and a rescue mends both': {
    hosts: two,
    text: play(`
    - any_errors_fatal: true
      block:
        - { name: all, fail: { msg: x } }
      rescue:
        - { name: res, debug: { msg: mended } }
    - { name: last, debug: { msg: last } }`),
    said: ['a mended', 'a last', 'b mended', 'b last'],
    recap: ['a 2/0/0/0/1/0', 'b 2/0/0/0/1/0'],
  },
  'what always forgives is counted, and the host goes on': {
    hosts: two,
    text: play(`
    - block:
        - block:
            - { name: f, fail: { msg: x }, when: inventory_hostname == 'a' }
      always:
        - meta: clear_host_errors
    - { name: last, debug: { msg: last } }`),
    said: ['a last', 'b last'],
    recap: ['a 1/0/1/0/0/0', 'b 1/0/0/1/0/0'],
  },
  'a failure in always counts beside the one before it': {
    text: play(`
    - block: [{ name: f1, fail: { msg: x } }]
      always: [{ name: f2, fail: { msg: x } }]`),
    results: ['one failed f1', 'one failed f2'],
    recap: ['one 0/0/2/0/0/0'],
    failed: true,
  },
  'a host that is told to leave in a rescue is mended, and is in the next play': {
    hosts: two,
    text: `${play(`
    - block: [{ name: f, fail: { msg: x }, when: inventory_hostname == 'a' }]
      rescue:
        - { name: res, debug: { msg: rescue } }
        - meta: end_host
        - { name: never, debug: { msg: never } }
    - { name: last, debug: { msg: last } }`)}
- hosts: all
  gather_facts: false
  tasks: [{ debug: { msg: next } }]`,
    said: ['a rescue', 'a next', 'b last', 'b next'],
    recap: ['a 2/0/0/0/1/0', 'b 2/0/0/1/0/0'],
  },
  'a host that is told to leave in always takes with it what nobody rescued': {
    hosts: two,
    text: `${play(`
    - block: [{ name: f, fail: { msg: x }, when: inventory_hostname == 'a' }]
      always: [meta: end_host]
    - { name: last, debug: { msg: last } }`)}
- hosts: all
  gather_facts: false
  tasks: [{ debug: { msg: next } }]`,
    said: ['b next'],
    recap: ['a 0/0/1/0/0/0', 'b 1/0/0/1/0/0'],
    failed: true,
  },
  'the end of a role mends nothing of it': {
    text: '- hosts: all\n  gather_facts: false\n  roles: [r]\n  tasks: [{ debug: { msg: never } }]\n',
    files: { 'roles/r/tasks/main.yml': '- block: [{ fail: { msg: x } }]\n  always: [meta: end_role]\n' },
    said: [],
    recap: ['one 0/0/1/0/0/0'],
    failed: true,
  },
  'a failure in always ends it': {
    text: play(`
    - block: [{ name: fine, debug: { msg: x } }]
      always: [{ name: f3, fail: { msg: x } }]
    - { name: never, debug: { msg: x } }`),
    results: ['one ok fine', 'one failed f3'],
    failed: true,
  },
  'any_errors_fatal fails every host, and a rescue mends every host': {
    hosts: two,
    text: play(
      `
    - block:
        - { name: one, fail: { msg: x }, when: inventory_hostname == 'a' }
      rescue:
        - { name: res, debug: { msg: "rescue" } }
      always:
        - { name: alw, debug: { msg: always } }
    - { name: last, debug: { msg: last } }`,
      '  any_errors_fatal: true\n',
    ),
    said: ['a rescue', 'a always', 'a last', 'b rescue', 'b always', 'b last'],
    recap: ['a 3/0/0/0/1/0', 'b 3/0/0/1/0/0'],
  },
  'any_errors_fatal that nobody rescues ends the run for all': {
    hosts: two,
    text: `${play(
      `
    - { name: one, fail: { msg: x }, when: inventory_hostname == 'a' }
    - { name: two, debug: { msg: x } }`,
      '  any_errors_fatal: true\n',
    )}
- hosts: b
  gather_facts: false
  tasks: [{ name: three, debug: { msg: x } }]`,
    results: ['a failed one', 'b skipped one'],
    recap: ['a 0/0/1/0/0/0', 'b 0/0/0/1/0/0'],
    failed: true,
  },
  'max_fail_percentage runs always for those it ends': {
    hosts: two,
    text: play(
      `
    - block:
        - { name: one, fail: { msg: x }, when: inventory_hostname == 'a' }
      always:
        - { name: alw, debug: { msg: always } }
    - { name: two, debug: { msg: x } }`,
      '  max_fail_percentage: 40\n',
    ),
    results: ['a failed one', 'a ok alw', 'b skipped one', 'b ok alw'],
    failed: true,
  },
  'max_fail_percentage counts who failed in this batch, of all whom it had': {
    hosts: ['a', 'b', 'c', 'd', 'e', 'f'],
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { name: first, fail: { msg: x }, when: "inventory_hostname in 'abc'" }
- hosts: all
  gather_facts: false
  max_fail_percentage: 20
  tasks:
    - { name: second, fail: { msg: x }, when: inventory_hostname == 'd' }
    - { name: third, fail: { msg: x }, when: inventory_hostname == 'e' }
    - { name: last, debug: { msg: reached } }
`,
    said: [],
    recap: ['a 0/0/1/0/0/0', 'b 0/0/1/0/0/0', 'c 0/0/1/0/0/0', 'd 0/0/1/1/0/0', 'e 0/0/1/2/0/0', 'f 0/0/0/3/0/0'],
    failed: true,
  },
  'whoever is lost keeps a place in the batches of serial; a run ends when a whole batch is lost at once': {
    hosts: ['a', 'b', 'c', 'd'],
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { name: first, fail: { msg: x }, when: inventory_hostname == 'a' }
- hosts: all
  gather_facts: false
  serial: 2
  tasks:
    - { name: second, fail: { msg: x }, when: inventory_hostname == 'b' }
    - { name: batch, debug: { msg: "{{ ansible_play_batch | join }}" } }
- hosts: a, b
  gather_facts: false
  tasks:
    - { name: nobody, debug: { msg: nobody } }
- hosts: all
  gather_facts: false
  serial: 1
  tasks:
    - { name: third, fail: { msg: x }, when: inventory_hostname == 'c' }
    - { name: last, debug: { msg: reached } }
`,
    said: ['c cd', 'd cd'],
    recap: ['a 0/0/1/0/0/0', 'b 0/0/1/1/0/0', 'c 1/0/1/2/0/0', 'd 1/0/0/2/0/0'],
    failed: true,
  },
  'any_errors_fatal ends the run though others of the batch were lost before': {
    hosts: ['a', 'b', 'c'],
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { name: first, fail: { msg: x }, when: inventory_hostname == 'a' }
- hosts: a, b
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - { name: second, fail: { msg: x } }
- hosts: c
  gather_facts: false
  tasks:
    - { name: last, debug: { msg: reached } }
`,
    said: [],
    failed: true,
  },
  'a loop goes on after a turn that did not reach its host, which is named': {
    inventory: 'one ansible_connection=local\nlost ansible_host=127.0.0.1 ansible_port=1\n',
    text: `- hosts: one
  gather_facts: false
  tasks:
    - { name: loop, ping: {}, delegate_to: '{{ item }}', loop: [one, lost, one], ignore_unreachable: true, register: r }
    - { name: seen, debug: { msg: "{{ r.results | map(attribute='ping', default='-') | join(' ') }}" } }
    - { name: fatal, ping: {}, delegate_to: '{{ item }}', loop: [lost, one] }
`,
    said: ['one pong - pong'],
    results: ['one ignored loop', 'one ok seen', 'one unreachable fatal'],
    also: ({ events }) => {
      const items = events.filter(event => event.type === 'item-result' && event.task === 'fatal')
      assert.equal(
        items.map(event => event.type === 'item-result' && [event.delegate, event.status]),
        [
          ['lost', 'unreachable'],
          ['one', 'ok'],
        ],
      )
    },
  },
  'ignored failures keep their change': {
    text: play(`
    - { name: one, command: 'false', ignore_errors: true }
    - { name: two, command: "sh -c 'exit {{ item }}'", loop: [0, 1], ignore_errors: "{{ item == 1 }}", register: r }
    - { name: three, debug: { msg: "{{ r is failed }} {{ r.results[0] is failed }} {{ r.results[1] is failed }}" } }`),
    said: ['one True False True'],
    recap: ['one 3/2/0/0/0/2'],
  },
  'of failures in a loop every one must be ignored': {
    text: play(`
    - { name: one, command: "sh -c 'exit {{ item }}'", loop: [1, 2], ignore_errors: "{{ item == 1 }}" }`),
    failed: true,
  },
  'a host that is not reached is counted as ignored where that is ignored': {
    inventory: 'b ansible_host=127.0.0.1 ansible_port=1 ansible_user=x\n',
    text: play(`
    - { name: one, command: 'true', ignore_unreachable: true, register: r }
    - { name: two, debug: { msg: "{{ r.unreachable }} {{ 'failed' in r }}" } }`),
    said: ['b True False'],
    recap: ['b 2/0/0/0/0/1'],
  },
  'of the turns that do not reach a host every one must be ignored': {
    inventory: 'b ansible_host=127.0.0.1 ansible_port=1 ansible_user=x\n',
    text: play(`
    - { name: all, command: 'true', loop: [true, true], ignore_unreachable: "{{ item }}", register: r }
    - { name: told, debug: { msg: "{{ r is unreachable }} {{ r.results | select('unreachable') | length }}" } }
    - { name: one, command: 'true', loop: [true, false], ignore_unreachable: "{{ item }}" }
    - { name: never, debug: { msg: x } }`),
    said: ['b True 2'],
    recap: ['b 2/0/0/0/0/1'],
  },
  'a condition must be true or false': {
    text: play(
      `
    - { name: one, debug: { msg: x }, when: text }`,
      '  vars: { text: "false" }\n',
    ),
    why: /the condition text is "false", which is neither true nor false.*\| bool/,
    failed: true,
  },
  'conditions that are lists, numbers and texts are refused by what they are': {
    text: play(`
    - { name: one, debug: { msg: x }, when: "[1]", ignore_errors: true }
    - { name: two, debug: { msg: x }, when: "'' | length", ignore_errors: true }
    - { name: three, command: 'true', register: r, changed_when: r.stdout, ignore_errors: true }
    - { name: four, command: 'true', register: r, until: r.rc, retries: 0, ignore_errors: true }`),
    why: /the list \[1\][\s\S]*the number 0[\s\S]*r\.stdout is ""/,
    recap: ['one 4/2/0/0/0/3'],
  },
  'an assertion must be true or false as well': {
    text: play(
      `
    - { name: one, assert: { that: list }, ignore_errors: true }
    - { name: two, assert: { that: [true, "1"] }, ignore_errors: true }
    - { name: three, assert: { that: "{{ checks }}" }, ignore_errors: true, register: r }
    - { name: four, debug: { msg: "{{ r.assertion }}" } }
    - { name: five, assert: { that: ["{{ list | length > 0 }}", "list is defined"] } }`,
      '  vars: { list: [1], checks: ["list is defined", "list | length == 2"] }\n',
    ),
    why: /condition list is the list \[1\][\s\S]*1 is the number 1[\s\S]*ANSIBLE_ALLOW_BROKEN_CONDITIONALS/,
    said: ['one list | length == 2'],
    recap: ['one 5/0/0/0/0/3'],
  },
  'conditions may be anything where that is allowed': {
    text: play(
      `
    - { name: one, debug: { msg: one }, when: list }
    - { name: two, debug: { msg: two }, when: none }
    - { name: three, debug: { msg: three }, when: text }
    - { name: four, command: 'true', register: r, until: "r.stdout_lines == [] and list", changed_when: r.rc, failed_when: r.stdout }
    - { name: five, assert: { that: [list, text, 1] } }
    - { name: six, assert: { that: none }, ignore_errors: true }
    - { name: seven, debug: { msg: "{{ item }}" }, loop: [1, 2], loop_control: { break_when: list } }
    - { name: eight, debug: { msg: "{{ r is changed }}" } }`,
      '  vars: { list: [1], none: [], text: "false" }\n',
    ),
    job: { config: { ...DEFAULTS, allowBrokenConditionals: true } },
    said: ['one one', 'one three', 'one All items completed', 'one false'],
    recap: ['one 7/0/0/1/0/1'],
  },
  'a condition may be a template, a boolean, nothing, or text that says so': {
    text: play(
      `
    - { name: one, debug: { msg: 1 }, when: "{{ yes_please }}" }
    - { name: two, debug: { msg: 2 }, when: "false" }
    - { name: three, debug: { msg: 3 }, when: "" }
    - { name: four, debug: { msg: 4 }, when: }
    - { name: five, debug: { msg: 5 }, when: [true, "yes_please and not false"] }`,
      '  vars: { yes_please: true }\n',
    ),
    said: ['one 1', 'one 3', 'one 4', 'one 5'],
  },
  'retries without until try until it does not fail': {
    text: play(`
    - { name: one, shell: 'echo x >>DIR/n; [ $(wc -l <DIR/n) = 3 ]', retries: 5, delay: 0, register: r }
    - { name: two, debug: { msg: "{{ r.attempts }}" } }
    - { name: three, command: 'false', retries: 2, delay: 0, register: r, ignore_errors: true }
    - { name: four, debug: { msg: "{{ r.attempts }}" } }`),
    said: ['one 3', 'one 2'],
  },
  'a file that is not there is a failure that rescue answers and does not mend': {
    text: `${play(
      `
    - block:
        - { include_tasks: 'no{{ where }}.yml', ignore_errors: true }
      rescue:
        - { name: mends, debug: { msg: "{{ ansible_failed_task.action }}" } }
    - { name: after, debug: { msg: after } }`,
      '  vars: { where: where }\n',
    )}
- hosts: all
  gather_facts: false
  tasks:
    - { name: never, debug: { msg: never } }
`,
    said: ['one include_tasks', 'one after'],
    recap: ['one 2/0/1/0/0/0'],
  },
  'where nothing is tried again, attempts are not told': {
    text: play(`
    - { name: one, command: 'true', until: r.rc == 0, retries: 0, register: r }
    - { name: two, debug: { msg: "{{ 'attempts' in r }}" } }`),
    said: ['one false'],
  },
  'a failure for all that is rescued in what only some hosts include is none of the others': {
    hosts: ['a', 'b', 'c'],
    text: `- hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - { include_tasks: inner.yml, when: inventory_hostname == 'a' }
    - { name: after, debug: { msg: after } }
    - block:
        - { include_tasks: inner.yml, when: "inventory_hostname != 'c'" }
        - { include_tasks: bare.yml, when: inventory_hostname == 'b' }
      rescue:
        - { name: outer, debug: { msg: outer } }
`,
    files: {
      'inner.yml': '- block: [{ name: bad, fail: { msg: x } }]\n  rescue: [{ name: mended, debug: { msg: mended } }]\n',
      'bare.yml': '- { name: bare, fail: { msg: x } }\n',
    },
    said: [
      ...['a mended', 'a after', 'a mended', 'a outer'],
      ...['b after', 'b mended', 'b outer'],
      ...['c after', 'c outer'],
    ],
  },
})

test.run()
