import * as assert from 'uvu/assert'
import { rows } from '../support/rows.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/reuse')

const play = (tasks: string, more = ''): string => `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks}`

rows(test, {
  'what an include gives is stronger than facts and than vars of its tasks': {
    text: play(
      `
    - { set_fact: { x: fact } }
    - { include_tasks: i.yml, vars: { x: include } }
    - { import_tasks: i.yml, vars: { x: import } }
    - { include_role: { name: r }, vars: { x: includerole } }
    - { import_role: { name: r }, vars: { x: importrole } }
    - { include_tasks: i.yml, loop: [turn], loop_control: { loop_var: x } }`,
      '  vars: { x: play }\n',
    ),
    files: {
      'i.yml': '- { debug: { msg: "{{ x }}" } }\n- { debug: { msg: "{{ x }}" }, vars: { x: task } }\n',
      'roles/r/tasks/main.yml': '- { debug: { msg: "{{ x }} {{ y }}" } }\n',
      'roles/r/vars/main.yml': 'x: rolevars\ny: "{{ x }}"\n',
    },
    said: [
      'one include',
      'one include',
      'one fact',
      'one fact',
      'one includerole includerole',
      'one fact fact',
      'one turn',
      'one turn',
    ],
  },
  'the nearest include wins': {
    text: play('\n    - { include_tasks: a.yml, loop: [1], vars: { v: outer } }'),
    files: {
      'a.yml':
        '- { include_tasks: b.yml, vars: { item: inner, v: inner } }\n- { debug: { msg: "{{ item }} {{ v }}" } }\n',
      'b.yml': '- { debug: { msg: "{{ item }} {{ v }}" } }\n- { debug: { msg: "{{ item }}" }, loop: [own] }\n',
    },
    said: ['one inner inner', 'one All items completed', 'one 1 outer'],
  },
  'what a host said is not rendered when an include hands it on': {
    text: play(`
    - { command: "printf '%s' '{''{ 1 + 1 }''}'", register: r }
    - { include_tasks: show.yml, loop: ["{{ r.stdout }}"] }`),
    files: { 'show.yml': '- { debug: { msg: "{{ item }}" } }\n' },
    said: ['one {{ 1 + 1 }}'],
  },
  'hosts meet at the tasks that they include': {
    hosts: ['a', 'b'],
    text: play('\n    - { name: inc, include_tasks: i.yml, loop: [1, 2] }'),
    files: {
      'i.yml':
        '- { name: once, debug: { msg: "{{ item }}" }, run_once: true }\n- { name: each, debug: { msg: "{{ item }}" } }\n',
    },
    said: ['a 1', 'a 1', 'a 2', 'a 2', 'b 1', 'b 2'],
    also: ({ events }) =>
      assert.is(events.filter(event => event.type === 'task-start' && event.task === 'each').length, 2),
  },
  'an include that names no file fails, whatever is ignored': {
    text: play('\n    - { name: inc, include_tasks: "{{ f }}", ignore_errors: true }', '  vars: { f: absent.yml }\n'),
    failed: true,
    why: /there is no file 'absent\.yml' to include/,
  },
  'includes are counted by their files, roles by their tasks, and skipped once': {
    text: play(`
    - { include_tasks: i.yml, loop: [1, 2] }
    - { include_tasks: i.yml, loop: [1, 2], when: item > 1 }
    - { include_tasks: i.yml, loop: [1, 2], when: item > 2 }
    - { include_role: { name: r } }
    - { include_tasks: i.yml, register: inc }
    - { debug: { msg: "{{ inc.include }}" } }`),
    files: { 'i.yml': '- debug:\n', 'roles/r/tasks/main.yml': '- debug:\n' },
    recap: ['one 10/0/0/1/0/0'],
  },
  'a role shows its variables where it is public or imported': {
    text: play(`
    - { debug: { msg: "{{ imported }} {{ public | default('-') }}" } }
    - { include_role: { name: p, public: true } }
    - { include_role: { name: q } }
    - { import_role: { name: i } }
    - { import_role: { name: h, public: false } }
    - { debug: { msg: "{{ public }} {{ private | default('-') }} {{ hidden | default('-') }}" } }`),
    files: {
      'roles/p/defaults/main.yml': 'public: 1\n',
      'roles/q/vars/main.yml': 'private: 1\n',
      'roles/i/vars/main.yml': 'imported: 1\n',
      'roles/h/vars/main.yml': 'hidden: 1\n',
    },
    said: ['one 1 -', 'one 1 - -'],
  },
  'vars of a role entry are the role alone, over its files; its parameters are over facts': {
    text: play(
      '\n    - { debug: { msg: "{{ given | default(0) }} {{ file }}" } }',
      '  roles: [{ role: r, given: param, vars: { file: entry } }]\n  pre_tasks: [{ set_fact: { given: fact } }]\n',
    ),
    files: {
      'roles/r/vars/main.yml': 'file: file\n',
      'roles/r/tasks/main.yml': '- { debug: { msg: "{{ given }} {{ file }}" } }\n',
    },
    said: ['one param entry', 'one fact file'],
  },
  'a role runs once, unless it or its use says otherwise; one whose tasks were skipped gets another chance': {
    text: play(
      `
    - { import_role: { name: r, allow_duplicates: false } }
    - { include_role: { name: r } }`,
      '  roles: [r, r, { role: r, p: 1 }, s, s, t, t]\n',
    ),
    files: {
      'roles/r/tasks/main.yml': '- { debug: { msg: r } }\n',
      'roles/s/tasks/main.yml': '- { debug: { msg: s } }\n',
      'roles/s/meta/main.yml': 'allow_duplicates: true\n',
      'roles/t/tasks/main.yml': '- { debug: { msg: t }, when: false }\n',
    },
    said: ['one r', 'one r', 'one s', 'one s', 'one r'],
    recap: ['one 5/0/0/2/0/0'],
  },
  'roles of collections, by their full name or by the collections of the play': {
    text: play(
      `
    - { import_role: { name: my.col.a } }
    - { include_role: { name: b } }`,
      '  collections: [my.col]\n  roles: [a, plain]\n',
    ),
    files: {
      'collections/ansible_collections/my/col/roles/a/tasks/main.yml':
        '- { debug: { msg: "{{ role_name }} {{ ansible_role_name }}" }, changed_when: true, notify: "my.col.a : h" }\n',
      'collections/ansible_collections/my/col/roles/a/handlers/main.yml': '- { name: h, debug: { msg: handled } }\n',
      'collections/ansible_collections/my/col/roles/b/meta/main.yml': 'dependencies: [c]\n',
      'collections/ansible_collections/my/col/roles/b/tasks/main.yml': '- { debug: { msg: b } }\n',
      'collections/ansible_collections/my/col/roles/c/tasks/main.yml': '- { debug: { msg: c } }\n',
      'roles/plain/tasks/main.yml': '- { debug: { msg: plain } }\n',
    },
    results: [
      'one changed my.col.a : debug',
      'one ok plain : debug',
      'one changed my.col.a : debug',
      'one ok my.col.c : debug',
      'one ok my.col.b : debug',
      'one ok my.col.a : h',
    ],
  },
  'a playbook of a collection finds the roles of its collection': {
    text: '- import_playbook: my.col.site\n',
    files: {
      'collections/ansible_collections/my/col/playbooks/site.yml':
        '- hosts: all\n  gather_facts: false\n  roles: [my.col.a, a]\n',
      'collections/ansible_collections/my/col/roles/a/tasks/main.yml': '- { debug: { msg: a } }\n',
    },
    said: ['one a'],
  },
  'an imported playbook has the variables beside itself': {
    text: '- import_playbook: sub/site.yml\n',
    files: {
      'group_vars/all.yml': 'v: top\n',
      'sub/group_vars/all.yml': 'v: sub\n',
      'sub/site.yml':
        '- hosts: all\n  gather_facts: false\n  tasks: [{ debug: { msg: "{{ v }} {{ playbook_dir | basename }}" } }]\n',
    },
    said: ['one sub sub'],
  },
  'meta: end_role ends the role and nothing else': {
    text: play('\n    - { debug: { msg: after } }', '  roles: [r]\n'),
    files: {
      'roles/r/tasks/main.yml': '- include_tasks: x.yml\n- { debug: { msg: never } }\n',
      'roles/r/tasks/x.yml': '- block:\n    - meta: end_role\n  always: [{ debug: { msg: never } }]\n',
    },
    said: ['one after'],
  },
  'a meta for all is decided by the first host': {
    hosts: ['a', 'b'],
    text: `${play(`
    - { meta: end_play, when: inventory_hostname == 'b' }
    - { debug: { msg: 1 } }
    - { meta: end_play, when: inventory_hostname == 'a' }
    - { debug: { msg: never } }`)}
- hosts: all
  gather_facts: false
  serial: 1
  tasks:
    - meta: end_batch
      when: inventory_hostname == 'a'
    - { debug: { msg: 2 } }`,
    said: ['a 1', 'b 1', 'b 2'],
  },
  'argument specs of a role are asked before it begins': {
    text: play(`
    - { include_role: { name: r }, vars: { port: 80, level: low } }
    - { include_role: { name: r, rolespec_validate: false } }
    - { name: bad, include_role: { name: r }, vars: { port: x, level: odd, users: [{ id: 1 }, { name: a, id: 2, key: b }] } }`),
    files: {
      'roles/r/meta/argument_specs.yml': `argument_specs:
  main:
    short_description: A role
    options:
      port: { type: int, required: true, description: "not {{ rendered }}" }
      level: { choices: [low, high], default: low }
      users:
        type: list
        elements: dict
        mutually_exclusive: [[id, key]]
        options: { name: { required: true }, id: { type: int }, key: {} }
`,
      'roles/r/tasks/main.yml': '- { name: in r, debug: { msg: in } }\n',
    },
    results: [
      "one ok r : Validating arguments against arg spec 'main' - A role",
      'one ok r : in r',
      'one ok r : in r',
      "one failed r : Validating arguments against arg spec 'main' - A role",
    ],
    why: /argument 'port' is of type str and we were unable to convert to int: .*\nvalue of level must be one of: low, high, got: odd\n(?:.*\n)*parameters are mutually exclusive: id\|key found in users/,
    failed: true,
  },
})

test.run()
