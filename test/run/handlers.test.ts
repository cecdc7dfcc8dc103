import * as assert from 'uvu/assert'
import { DEFAULTS } from '../../src/cli/config/read.ts'
import { rows } from '../support/rows.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/handlers')

const play = (notify: string, handlers: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n${more}  tasks:\n    - { name: one, command: 'true', notify: ${notify} }\n    - { name: two, debug: { msg: x } }\n  handlers:${handlers}`

rows(test, {
  'of handlers of one name the last that was defined runs, and its first in one list': {
    text: play(
      '[h]',
      `
    - { name: h, debug: { msg: first } }
    - { name: h, debug: { msg: second } }`,
      '  roles: [r]\n',
    ),
    files: { 'roles/r/handlers/main.yml': '- { name: h, debug: { msg: role } }\n' },
    said: ['one x', 'one first'],
  },
  'names may be templates, and a role may stand before them': {
    text: play(
      '["h{{ n }}", "r : rh"]',
      '\n    - { name: "h{{ n }}", debug: { msg: own } }',
      '  vars: { n: 5 }\n  roles: [r]\n',
    ),
    files: { 'roles/r/handlers/main.yml': '- { name: rh, debug: { msg: role } }\n' },
    said: ['one x', 'one role', 'one own'],
  },
  'all that listen run, those of one name once': {
    text: play(
      'topic',
      `
    - { name: a, debug: { msg: a1 }, listen: topic }
    - { name: a, debug: { msg: a2 }, listen: [other, topic] }
    - { name: b, debug: { msg: b }, listen: topic }
    - { debug: { msg: nameless }, listen: topic }`,
    ),
    said: ['one x', 'one a1', 'one b', 'one nameless'],
  },
  'a handler that nobody has is a failure': {
    text: play('"{{ n }}"', '\n    - { name: h, debug: { msg: x } }', '  vars: { n: nothere }\n'),
    results: ['one failed one'],
    why: /The requested handler 'nothere' was not found in either/,
    failed: true,
  },
  'a handler that nobody has is worth a warning where the settings say so, written out or not': {
    text: play('["{{ n }}", nowhere, h]', '\n    - { name: h, debug: { msg: x } }', '  vars: { n: nothere }\n'),
    job: { config: { ...DEFAULTS, errorOnMissingHandler: false } },
    results: ['one changed one', 'one ok two', 'one ok h'],
    also: ({ events }) => {
      const told = events.flatMap(event =>
        event.type === 'warning' ? [event.msg] : event.type === 'fault' ? [event.fault.message] : [],
      )
      assert.equal(told, [
        "The requested handler 'nowhere' was not found in either the main handlers list nor in the listening handlers list",
        "The requested handler 'nothere' was not found in either the main handlers list nor in the listening handlers list",
      ])
    },
  },
  'the failure names the handler also where the result has a message of its own': {
    text: `- hosts: all
  gather_facts: false
  vars: { n: nothere }
  tasks: [{ name: one, debug: { msg: mine }, changed_when: true, notify: "{{ n }}", register: r, ignore_errors: true }]
  handlers: [{ name: h, debug: { msg: x } }]
`,
    also: ({ result }) => assert.match(String(result('one').result['msg']), /'nothere'/),
    failed: true,
  },
  'a handler that fails ends the host, and the other waits in vain': {
    hosts: ['a', 'b'],
    text: play(
      '[h, k]',
      `
    - { name: h, fail: { msg: x }, when: inventory_hostname == 'a' }
    - { name: k, debug: { msg: k } }`,
    ),
    results: ['a changed one', 'a ok two', 'a failed h', 'b changed one', 'b ok two', 'b skipped h', 'b ok k'],
    failed: true,
  },
  'a handler that fails while handlers are flushed in a block is rescued there': {
    text: `- hosts: all
  gather_facts: false
  tasks:
    - block:
        - { name: one, command: 'true', notify: h }
        - meta: flush_handlers
      rescue:
        - { name: res, debug: { msg: "{{ ansible_failed_task.name }}" } }
  handlers:
    - { name: h, fail: { msg: x } }`,
    said: ['one h'],
    recap: ['one 2/1/0/0/1/0'],
  },
  'handlers are forced on every host when one failure fails all': {
    hosts: ['a', 'b', 'c'],
    text: `- hosts: all
  gather_facts: false
  any_errors_fatal: true
  force_handlers: true
  tasks:
    - { name: one, command: 'true', notify: h }
    - { name: two, fail: { msg: x } }
  handlers:
    - { name: h, debug: { msg: h } }`,
    said: ['a h', 'b h', 'c h'],
    failed: true,
  },
  'a role that the play has and includes again runs its handler once': {
    text: `- hosts: all
  gather_facts: false
  roles: [r]
  tasks:
    - { include_role: { name: r } }
    - meta: flush_handlers
    - { import_role: { name: r } }
    - { include_role: { name: r } }`,
    files: {
      'roles/r/tasks/main.yml': "- { name: t, command: 'true', notify: [rh, 'r : rh', heard] }\n",
      'roles/r/handlers/main.yml':
        '- { name: rh, debug: { msg: ran } }\n- { name: l, debug: { msg: heard }, listen: heard }\n',
    },
    said: ['one ran', 'one heard', 'one ran', 'one heard'],
  },
  'a role that is included twice and notifies its handler runs it once, as it was given last': {
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { include_role: { name: r }, vars: { v: "{{ item }}" }, loop: [1, 2] }`,
    files: {
      'roles/r/tasks/main.yml': "- { name: t, command: 'true', notify: rh }\n",
      'roles/r/handlers/main.yml': '- { name: rh, debug: { msg: ran } }\n',
    },
    said: ['one ran'],
    recap: ['one 3/2/0/0/0/0'],
  },
  'what a play has notified and not run is no business of the next': {
    text: `- hosts: all
  gather_facts: false
  tasks:
    - block:
        - { name: one, command: 'true', notify: h }
        - { name: two, fail: { msg: x } }
      rescue:
        - meta: end_play
  handlers:
    - { name: h, debug: { msg: first } }
- hosts: all
  gather_facts: false
  tasks: [{ name: three, debug: { msg: x } }]
  handlers:
    - { name: h, debug: { msg: second } }`,
    said: ['one x'],
  },
  'a play that does not force handlers is stronger than the command line': {
    text: `- hosts: all
  gather_facts: false
  force_handlers: false
  tasks:
    - { name: one, command: 'true', notify: h }
    - { name: two, fail: { msg: x } }
  handlers:
    - { name: h, debug: { msg: h } }`,
    job: { forceHandlers: true },
    said: [],
    failed: true,
  },
  'a template may name several handlers': {
    text: play(
      '"{{ several }}"',
      '\n    - { name: a, debug: { msg: a } }\n    - { debug: { msg: b }, listen: b }',
      '  vars: { several: [a, b] }\n',
    ),
    said: ['one x', 'one a', 'one b'],
  },
  'handlers may include and import; imported ones have names of their own': {
    text: play(
      '[h, inner]',
      `
    - { name: h, include_tasks: hh.yml }
    - { name: g, import_tasks: gg.yml }`,
    ),
    files: { 'hh.yml': '- { debug: { msg: included } }\n', 'gg.yml': '- { name: inner, debug: { msg: imported } }\n' },
    said: ['one x', 'one included', 'one imported'],
  },
  'handlers of an included role are there from then on, and once for all hosts': {
    hosts: ['a', 'b'],
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { include_role: { name: r }, vars: { v: given } }
    - { command: 'true', notify: rh }`,
    files: { 'roles/r/handlers/main.yml': '- { name: rh, debug: { msg: "{{ v }}" } }\n' },
    said: ['a given', 'b given'],
  },
  'each turn of a loop notifies by its own name': {
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { command: 'true', loop: [a, b], notify: "restart {{ item }}" }
  handlers:
    - { name: restart b, debug: { msg: b } }
    - { name: restart a, debug: { msg: a } }`,
    said: ['one b', 'one a'],
  },
  'handlers may stand in a block, each by its own name': {
    text: play(
      'inner',
      `
    - block: [{ name: inner, debug: { msg: "{{ v }}" } }, { name: other, debug: { msg: never } }]
      vars: { v: inner }`,
    ),
    said: ['one x', 'one inner'],
  },
  'forced handlers run on a host that failed': {
    text: `- hosts: all
  gather_facts: false
  force_handlers: "{{ yes_please }}"
  vars: { yes_please: true }
  tasks:
    - { command: 'true', notify: h }
    - { fail: { msg: x } }
  handlers:
    - { name: h, debug: { msg: forced } }`,
    said: ['one forced'],
    failed: true,
  },
})

test.run()
