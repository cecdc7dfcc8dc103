import * as assert from 'uvu/assert'
import { DEFAULTS } from '../../src/cli/config/read.ts'
import { play as ran } from '../support/play.ts'
import { type Row, rows } from '../support/rows.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/reuse')

const play = (tasks: string, more = ''): string => `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks}`

/** What `private_role_vars` says where a use does not; nobody says, yes, no. */
function privacy(): Record<string, Row> {
  const uses = {
    'an entry': ['', '  roles: [r]\n'],
    'an import': ['\n    - import_role: name=r', ''],
    'an import that says yes': ['\n    - import_role: name=r public=yes', ''],
    'an import that says no': ['\n    - import_role: name=r public=no', ''],
    'an include': ['\n    - include_role: name=r', ''],
    'an include that says yes': ['\n    - include_role: name=r public=yes', ''],
    'an include that says no': ['\n    - include_role: name=r public=no', ''],
    'a role that needs it': ['', '  roles: [needs]\n'],
  } as const
  const seen: Record<keyof typeof uses, [unsaid: string, yes: string, no: string]> = {
    'an entry': ['own', '-', 'own'],
    'an import': ['own', '-', 'own'],
    'an import that says yes': ['own', 'own', 'own'],
    'an import that says no': ['-', '-', '-'],
    'an include': ['-', '-', 'own'],
    'an include that says yes': ['own', 'own', 'own'],
    'an include that says no': ['-', '-', '-'],
    'a role that needs it': ['own', '-', 'own'],
  }
  const files = {
    'roles/r/vars/main.yml': 'v: own\n',
    'roles/r/tasks/main.yml': '- assert: { that: v == "own" }\n',
    'roles/needs/meta/main.yml': 'dependencies: [r]\n',
    'roles/needs/tasks/main.yml': '- { debug: { msg: "{{ v | default(\'-\') }} of the other role" } }\n',
  }
  return Object.fromEntries(
    Object.entries(uses).flatMap(([title, [task, entry]]) =>
      [undefined, true, false].map((privateRoleVars, at) => {
        const said = `one ${seen[title as keyof typeof uses][at]}`
        const row: Row = {
          text: play(`${task}\n    - { debug: { msg: "{{ v | default('-') }}" } }`, entry),
          files,
          job: { config: { ...DEFAULTS, privateRoleVars } },
          said: title === 'a role that needs it' ? [`${said} of the other role`, said] : [said],
        }
        return [`private_role_vars ${privateRoleVars}: who sees the variables of ${title}`, row]
      }),
    ),
  )
}

rows(test, {
  'a loop of includes decides of every turn before it runs the first': {
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { include_tasks: more.yml, loop: [1, 2], when: not (done | default(false)) }
    - { debug: { msg: '{{ seen }}' } }
`,
    files: { 'more.yml': "- set_fact: { done: true, seen: '{{ seen | default([]) + [item] }}' }\n" },
    said: ['one 1,2'],
    also: ({ events }) =>
      assert.equal(
        events.flatMap(event => (event.type === 'included' ? [event.label] : [])),
        ['1', '2'],
      ),
  },
  'a loop in an include that has one is told of its variable': {
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { include_tasks: more.yml, loop: [1] }
    - { include_tasks: other.yml, loop: [1] }
`,
    files: {
      'more.yml': '- { debug: { msg: x }, loop: [2] }\n',
      'other.yml': '- { debug: { msg: x }, loop: [2], loop_control: { loop_var: inner } }\n',
    },
    also: ({ events }) => {
      const said = events.flatMap(event => (event.type === 'warning' ? [event.msg] : []))
      assert.is(said.length, 1)
      assert.match(said[0] ?? '', /more\.yml:1:\d+: the loop variable 'item' is in use already/)
    },
  },
  'an include of a role is called by itself, not by the role that it stands in': {
    text: '- { hosts: all, gather_facts: false, roles: [outer] }\n',
    files: {
      'roles/outer/tasks/main.yml':
        '- include_role: { name: inner }\n- { name: named, include_role: { name: inner } }\n',
      'roles/inner/tasks/main.yml': '- { name: done, debug: { msg: x } }\n',
    },
    also: ({ events }) =>
      assert.equal(
        events.flatMap(event => (event.type === 'task-start' ? [event.task] : [])),
        ['include_role : inner', 'inner : done', 'named', 'inner : done'],
      ),
  },
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
    also: ({ events }) =>
      assert.equal(
        events.flatMap(event => (event.type === 'item-result' ? [`${event.label} ${event.status}`] : [])),
        ['1 skipped', '1 skipped', '2 skipped'],
      ),
  },
  'an include that is skipped says so, though its loop could not be made out': {
    text: play(`
    - { include_tasks: i.yml, loop: "{{ nobody }}", when: false, register: inc }
    - { debug: { msg: "{{ inc is skipped }} {{ inc.results is undefined }} {{ inc.skip_reason is defined }}" } }
    - { include_tasks: i.yml, loop: [1, 2], when: false, register: inc }
    - { debug: { msg: "{{ inc is skipped }} {{ inc.results | map(attribute='item') }}" } }
    - { include_tasks: i.yml, loop: [], register: inc }
    - { debug: { msg: "{{ inc.skipped_reason }}" } }`),
    files: { 'i.yml': '- debug:\n' },
    said: ['one True True True', 'one True [1, 2]', 'one No items in the list'],
  },
  'a file of variables that is missing fails whatever task comes, needed or not': {
    text: `${play('\n    - { debug: { msg: first } }')}\n${play('\n    - { debug: { msg: second } }', '  vars_files: [none.yml]\n')}`,
    said: ['one first'],
    failed: true,
    why: /there is no file of variables; looked for .*none\.yml/,
  },
  'a role that cannot be loaded is rescued, unless it is said to be beyond rescue': {
    text: play(`
    - block: [{ include_role: { name: none, rescuable: true } }]
      rescue: [{ debug: { msg: mended } }]
    - block: [{ include_role: { name: none, rescuable: "{{ false }}" } }]
      rescue: [{ debug: { msg: never } }]
    - { debug: { msg: nor this } }`),
    said: ['one mended'],
    recap: ['one 1/0/2/0/0/0'],
    failed: true,
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
  ...privacy(),
  'a role that is given what its parents were given runs for each': {
    text: play('', '  roles: [a, b]\n').replace(/ {2}tasks:\n$/, ''),
    files: {
      'roles/a/meta/main.yml': 'dependencies: [{ role: common, vars: { of: a } }]\n',
      'roles/b/meta/main.yml': 'dependencies: [{ role: common, vars: { of: b } }]\n',
      'roles/common/meta/main.yml': 'dependencies: [{ role: nested, vars: { mine: "{{ of }}" } }, { role: same }]\n',
      'roles/nested/tasks/main.yml': '- { debug: { msg: "{{ mine }}" } }\n',
      'roles/same/tasks/main.yml': '- { debug: { msg: once } }\n',
    },
    said: ['one a', 'one once', 'one b'],
  },
  'what Galaxy reads of a dependency are parameters of the role': {
    text: play('', '  roles: [needs]\n').replace(/ {2}tasks:\n$/, ''),
    files: {
      'roles/needs/meta/main.yml': 'dependencies: [{ role: r, version: "1.0", scm: git, src: x }]\n',
      'roles/r/tasks/main.yml': '- { debug: { msg: "{{ version }} {{ scm }} {{ src }}" } }\n',
    },
    said: ['one 1.0 git x'],
  },
  'a spec judges of what is for Galaxy only what it names': {
    text: play('', '  roles: [needs]\n').replace(/ {2}tasks:\n$/, ''),
    files: {
      'roles/needs/meta/main.yml': 'dependencies: [{ role: r, version: v1, scm: git }]\n',
      'roles/r/meta/argument_specs.yml': 'argument_specs: { main: { options: { version: { type: int } } } }\n',
    },
    failed: true,
    why: /^Validation of arguments failed:\nargument 'version' is of type str[^\n]*$/,
  },
  'a key that stands twice is nothing where the settings say so': {
    text: play('\n    - { debug: { msg: "{{ a }}" } }', '  vars:\n    a: 1\n    a: 2\n'),
    job: { config: { ...DEFAULTS, duplicateKeys: 'ignore' } },
    said: ['one 2'],
    also: ({ events }) => assert.not.ok(events.some(event => event.type === 'warning')),
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
  'the name of a static import in a role may need its defaults and variables': {
    text: '- hosts: all\n  gather_facts: false\n  roles: [r]\n',
    files: {
      'roles/r/defaults/main.yml': 'one: first\n',
      'roles/r/vars/main.yml': 'two: second\n',
      'roles/r/tasks/main.yml': '- import_tasks: "{{ one }}.yml"\n- import_tasks: "{{ two }}.yml"\n',
      'roles/r/tasks/first.yml': '- debug: { msg: 1 }\n',
      'roles/r/tasks/second.yml': '- debug: { msg: 2 }\n',
    },
    said: ['one 1', 'one 2'],
  },
  'in the name of a static import variables of the role win over the play, and are beaten by what is nearer': {
    text: `- hosts: all
  gather_facts: false
  vars: { one: play, two: play }
  roles: [r, { role: s, vars: { two: entry } }]
`,
    files: {
      ...Object.fromEntries(
        ['r', 's'].flatMap(role => [
          [`roles/${role}/defaults/main.yml`, 'one: default\n'],
          [`roles/${role}/vars/main.yml`, 'two: role\n'],
          [
            `roles/${role}/tasks/main.yml`,
            '- import_tasks: "{{ one }}.yml"\n- import_tasks: "{{ two }}.yml"\n- import_tasks: "{{ two }}.yml"\n  vars: { two: task }\n',
          ],
          ...['default', 'play', 'role', 'entry', 'task'].map(name => [
            `roles/${role}/tasks/${name}.yml`,
            `- debug: { msg: ${name} of ${role} }\n`,
          ]),
        ]),
      ),
    },
    said: ['play', 'role', 'task', 'play', 'entry', 'task'].map((what, i) => `one ${what} of ${i < 3 ? 'r' : 's'}`),
  },
})

test('a key that stands twice is an error where the settings say so', async () => {
  const config = { ...DEFAULTS, duplicateKeys: 'error' as const }
  const twice = '- hosts: all\n  gather_facts: false\n  gather_facts: false\n'
  const refused = await ran(twice, { job: { config } }).then(
    () => 'it ran',
    (error: Error) => error.message,
  )
  assert.match(refused, /found a duplicate dict key \(gather_facts\)/)
})

test.run()
