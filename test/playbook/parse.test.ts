import { equal, is, match, ok } from 'uvu/assert'
import { loadRole, loadTasks, parsePlaybook } from '../../src/playbook/parse.ts'
import { parseExtraVars } from '../../src/vars/extra.ts'
import { suite } from '../support/suite.ts'
import { allTasks, blocks, context, lines, object, tree, value } from './tree.ts'

const test = suite('playbook/parse')

/** The first play of one file; faults are failures. */
function play(text: string, more: Record<string, string> = {}) {
  const { path, dir, remove } = tree({ 'site.yml': text, ...more })
  try {
    const { playbook, faults } = parsePlaybook(path('site.yml'), context())
    equal(lines(faults, dir), [])
    const first = playbook?.plays[0]
    ok(first)
    return { play: first, tasks: allTasks(first), dir, plays: playbook?.plays ?? [] }
  } finally {
    remove()
  }
}

const CALLS: readonly (readonly [task: string, action: string, args: unknown, freeForm?: string])[] = [
  ['ping:', 'ping', {}],
  ['ansible.builtin.ping:', 'ping', {}],
  ['ansible.legacy.ping: {data: x}', 'ping', { data: 'x' }],
  ['community.docker.docker_container: {name: x}', 'docker_container', { name: 'x' }],
  ['docker_container: name=x', 'docker_container', { name: 'x' }],
  ['regplay.registry.registry_check:', 'registry_check', {}],
  ['regplay.registry_check:', 'registry_check', {}],
  ['copy: src=a dest="b c" mode=0644', 'copy', { src: 'a', dest: 'b c', mode: '0644' }],
  ['copy: {src: a, mode: 0644}\n  args: {dest: b, src: no}', 'copy', { dest: 'b', src: 'a', mode: 420 }],
  ['command: ls -l a=b creates=/x\n  args:\n    chdir: /tmp', 'command', { chdir: '/tmp', creates: '/x' }, 'ls -l a=b'],
  ['shell: |\n    echo a\n    echo b\n', 'shell', {}, 'echo a\necho b\n'],
  ['command:\n    cmd: ls', 'command', { cmd: 'ls' }],
  ['command: "{{ cmd }}"', 'command', {}, '{{ cmd }}'],
  ['action: copy src=a dest=b', 'copy', { src: 'a', dest: 'b' }],
  ['action: command ls -l chdir=/x', 'command', { chdir: '/x' }, 'ls -l'],
  ['action:\n    module: copy\n    src: a\n    dest: b', 'copy', { src: 'a', dest: 'b' }],
  ['local_action: command ls', 'command', {}, 'ls'],
  ['action: module=command ls', 'command', {}, 'ls'],
  ['action: "{{ m }}"', '{{ m }}', {}],
  ['action: " module={{ m }} a=1"', '{{ m }}', { a: '1' }],
  ['action: {module: " {{ m }} a=1"}', '{{ m }}', { a: '1' }],
  ["action: \"{{ m | default('a b') }} a=1 b='{{ c }} d'\"", "{{ m | default('a b') }}", { a: '1', b: '{{ c }} d' }],
  ['action: "ansible.builtin.{{ m }} a=1"', 'ansible.builtin.{{ m }}', { a: '1' }],
  ['action: "{{ m }} {{ c }}"', '{{ m }}', { _variable_params: '{{ c }}' }],
  ['action: {module: "{{ m }} a=1", b: 2, args: {c: 3}}', '{{ m }}', { a: '1', b: 2, c: 3 }],
  ['local_action: "{{ m }} a=1"\n  args: {a: no, b: 2}', '{{ m }}', { a: '1', b: 2 }],
  ['set_fact: a=1 b="{{ c d }}"', 'set_fact', { a: '1', b: '{{ c d }}' }],
  ['user: name=bob', 'user', { name: 'bob' }],
  ['meta: flush_handlers', 'meta', {}, 'flush_handlers'],
  ['include_vars: x.yml', 'include_vars', {}, 'x.yml'],
  ['include_tasks: x.yml', 'include_tasks', {}, 'x.yml'],
  [
    'include_tasks: {file: x.yml, apply: {tags: a}}',
    'include_tasks',
    { file: 'x.yml', apply: new Map([['tags', 'a']]) },
  ],
  ['debug: "{{ args }}"', 'debug', { _variable_params: '{{ args }}' }],
]
test('user is a login name in a play, and a module in a task', () => {
  const [task] = play('- hosts: all\n  user: bob\n  tasks:\n  - user: {name: carol}\n').tasks
  const user = task?.keywords.remoteUser
  is(user?.kind === 'scalar' ? user.text : undefined, 'bob')
})

for (const [text, action, args, freeForm] of CALLS)
  test(`calls ${JSON.stringify(text)}`, () => {
    const [task] = play(`- hosts: all\n  tasks:\n  - ${text.replaceAll('\n', '\n  ')}\n`).tasks
    ok(task)
    is(task.action, action)
    equal(object(task.args), args)
    is(task.freeForm?.kind === 'scalar' ? task.freeForm.text : undefined, freeForm)
    is(
      task.delegateTo?.kind === 'scalar' ? task.delegateTo.text : undefined,
      text.startsWith('local') ? 'localhost' : undefined,
    )
  })

test('what a task inherits', () => {
  const { tasks } = play(
    `
- hosts: all
  become: true
  tags: [p]
  environment: {A: 1}
  vars: {f: more}
  tasks:
  - block:
    - block:
      - ping:
        when: c
        tags: t
        become_user: carol
        environment: {C: 3}
        notify: n3
      when: [b1, b2]
      tags: "x, y"
      become_user: bob
      environment: [{B: 2}, "{{ e }}"]
      delegate_to: there
      notify: n2
    when: a
    become: false
    become_user: alice
    notify: n1
  - import_tasks: "{{ f }}.yml"
    when: d
    tags: i
    delegate_to: here
  handlers: [{name: n1, ping: }]
`,
    { 'more.yml': '- ping:\n  when: e\n- ping:\n  delegate_to: x\n' },
  )
  const [inner, first, second] = tasks
  ok(inner && first && second)
  equal(inner.when.map(value), ['a', 'b1', 'b2', 'c'])
  equal(inner.tags, ['p', 'x', 'y', 't'])
  is(value(inner.keywords.become), false)
  is(value(inner.keywords.becomeUser), 'carol')
  equal(inner.keywords.environment?.map(object), [{ A: 1 }, { B: 2 }, '{{ e }}', { C: 3 }])
  is(value(inner.delegateTo), 'there')
  equal(inner.notify.map(value), ['n1', 'n2', 'n3'])
  equal(first.when.map(value), ['d', 'e'])
  equal(first.tags, ['p', 'i'])
  is(value(first.keywords.become), true)
  is(value(first.delegateTo), 'here')
  is(value(second.delegateTo), 'x')
})

const NAMES: Record<string, [name: string, extra: string, found: 'a' | 'b' | RegExp]> = {
  'a variable of the play': ['{{ which }}.yml', '', 'a'],
  'the command line is stronger': ['{{ which }}.yml', 'which=b', 'b'],
  'a variable that is a template': ['{{ indirect }}', '', 'a'],
  'its template sees the command line': ['{{ indirect }}', 'which=b', 'b'],
  'a filter': ["{{ nobody | default('b') }}.yml", '', 'b'],
  'the place of the playbook': ['{{ playbook_dir }}/a.yml', '', 'a'],
  'a name that nobody set': ['{{ nobody }}.yml', '', /cannot be known before the run: 'nobody' is undefined/],
  'a circle': ['{{ round }}', '', /cannot be known before the run: Recursive loop/],
  'a lookup': ["{{ lookup('pipe', 'echo a.yml') }}", '', /cannot be known before the run: .*only while running/],
}

for (const [title, [name, extra, found]] of Object.entries(NAMES))
  test(`the name of a static import: ${title}`, () => {
    const { path, remove } = tree({
      'site.yml': `- hosts: all\n  vars: {which: a, indirect: "{{ which }}.yml", round: "{{ round }}"}\n  tasks:\n  - import_tasks: ${JSON.stringify(name)}\n`,
      'a.yml': '- {name: a, ping: }\n',
      'b.yml': '- {name: b, ping: }\n',
    })
    try {
      const { vars } = parseExtraVars([extra])
      const { playbook, faults } = parsePlaybook(path('site.yml'), context({ extraVars: vars }))
      if (typeof found === 'string')
        equal(
          allTasks(playbook?.plays[0]).map(task => value(task.name)),
          [found],
        )
      else match(faults[0]?.message ?? 'no fault', found)
    } finally {
      remove()
    }
  })

test('ids go up in document order over all plays', () => {
  const { plays } = play(
    '- hosts: a\n  pre_tasks: [{ping: }]\n  tasks:\n  - block: [{ping: }]\n    rescue: [{fail: }]\n  handlers: [{name: h, ping: }]\n- import_playbook: sub/b.yml\n  when: w\n  tags: t\n  vars: {x: 1}\n- hosts: c\n  tasks: [ping: ]\n',
    {
      'sub/b.yml': '- hosts: b\n  vars: {x: 2}\n  tags: u\n  tasks: [{import_tasks: c.yml}]\n',
      'sub/c.yml': '[ping: ]\n',
    },
  )
  equal(
    plays.flatMap(allTasks).map(task => task.id),
    [1, 2, 3, 4, 5, 6],
  )
  const second = plays[1]
  ok(second)
  is(second.dir.endsWith('/sub'), true)
  equal(second.vars.map(object), [{ x: 1 }, { x: 2 }])
  equal(allTasks(second)[0]?.when.map(value), ['w'])
  equal(allTasks(second)[0]?.tags, ['t', 'u'])
})

test('a task with everything', () => {
  const { tasks } = play(`
- hosts: all
  tasks:
  - name: "{{ n }}"
    debug: {msg: "{{ i }}"}
    with_dict: "{{ d }}"
    loop_control: {loop_var: i, index_var: n, label: "{{ i.key }}", pause: 1.5, extended: yes, break_when: [x, y]}
    register: out
    until: out is ok
    retries: 3
    delay: 0
    changed_when: no
    failed_when: [a, b]
    async: 60
    poll: 5
    vars: {v: 1}
    delegate_facts: true
    ignore_errors: "{{ maybe }}"
    throttle: 2
`)
  const task = tasks[0]
  ok(task?.loop)
  const { loop } = task
  equal(
    [loop.by, value(loop.over), loop.variable, loop.indexVariable, value(loop.label), value(loop.pause)],
    ['dict', '{{ d }}', 'i', 'n', '{{ i.key }}', 1.5],
  )
  equal([loop.breakWhen.map(value), value(loop.extended)], [['x', 'y'], true])
  equal([task.register, task.until.map(value), value(task.retries), value(task.delay)], ['out', ['out is ok'], 3, 0])
  equal([task.changedWhen.map(value), task.failedWhen.map(value)], [[false], ['a', 'b']])
  equal(
    [value(task.async), value(task.poll), value(task.delegateFacts), value(task.keywords.throttle)],
    [60, 5, true, 2],
  )
  equal(task.vars.map(object), [{ v: 1 }])
})

const ROLES = {
  'roles/web/tasks/main.yml': '- import_tasks: sub/a.yml\n- ping:\n  notify: again\n',
  'roles/web/tasks/sub/a.yml': '- import_tasks: b.yml\n- import_tasks: other.yml\n',
  'roles/web/tasks/sub/b.yml': '- debug: {msg: b}\n',
  'roles/web/tasks/other.yml': '- debug: {msg: other}\n',
  'roles/web/defaults/main.yml': 'd: web\n',
  'roles/web/vars/main/1.yml': 'v: 1\n',
  'roles/web/vars/main/2.yaml': 'v: 2\n',
  'roles/web/handlers/main.yml': '- name: again\n  ping:\n',
  'roles/web/meta/main.yml': 'dependencies:\n- {role: base, level: 3, when: dep}\n',
  'roles/base/tasks/main.yaml': '- debug: {msg: base}\n',
  'roles/base/tasks/extra.yml': '- debug: {msg: extra}\n',
  'roles/base/defaults/main.yml': 'd: base\n',
}

test('roles: dependencies first, parameters and keywords inherited, handlers before those of the play', () => {
  const { play: found, tasks } = play(
    '- hosts: all\n  roles:\n  - {role: web, when: w, tags: [t], size: 9, vars: {z: 1}}\n  handlers: [{name: own, ping: }]\n',
    ROLES,
  )
  const [base, web, ...others] = blocks(found.roles)
  is(others.length, 0)
  ok(base?.role && web?.role)
  equal([base.role.name, web.role.name], ['base', 'web'])
  equal(base.role.defaults.map(object), [{ d: 'web' }, { d: 'base' }])
  equal(web.role.defaults.map(object), [{ d: 'base' }, { d: 'web' }])
  // what stands under vars is the role's, over its files, and nobody else sees it
  equal(web.role.vars.map(object), [{ v: 1 }, { v: 2 }, { z: 1 }])
  equal(web.role.exports.map(object), [{ v: 1 }, { v: 2 }])
  equal(base.role.vars.map(object), [{ z: 1 }, { v: 1 }, { v: 2 }])
  equal(web.role.params.map(object), [{ size: 9 }])
  equal(base.role.params.map(object), [{ size: 9 }, { level: 3 }])
  equal(
    tasks.map(task => [task.action, task.when.map(value).join(), task.tags.join(), task.role?.name ?? '']),
    [
      ['debug', 'w,dep', 't', 'base'],
      ['debug', 'w', 't', 'web'],
      ['debug', 'w', 't', 'web'],
      ['ping', 'w', 't', 'web'],
      ['ping', 'w', 't', 'web'],
      ['ping', '', '', ''],
    ],
  )
  equal(
    found.handlers.map(step => step.kind),
    ['block', 'task'],
  )
})

test('import_role takes other files, and may be repeated', () => {
  const { play: found, tasks } = play(
    '- hosts: all\n  tasks:\n  - import_role: {name: base, tasks_from: extra}\n    vars: {p: 1}\n    become: true\n  - import_role: name=base\n  - import_role: name=base\n',
    ROLES,
  )
  equal(
    tasks.map(task => object(task.args)),
    [{ msg: 'extra' }, { msg: 'base' }, { msg: 'base' }],
  )
  is(value(tasks[0]?.keywords.become), true)
  const [extra] = blocks(found.tasks)
  equal([extra?.role?.vars.map(object), extra?.vars.map(object)], [[{ p: 1 }], [{ p: 1 }]])
})

test('a role that is used twice with the same parameters runs once, and each use counts its own way', () => {
  const { play: found } = play(
    '- hosts: all\n  roles: [base, base, {role: base, level: 1}, {role: base, tags: x}]\n  tasks: [{import_role: {name: base, allow_duplicates: false}}, {import_role: {name: base}}]\n',
    ROLES,
  )
  const once = [...blocks(found.roles), ...blocks(found.tasks)].map(block => block.role?.once)
  is(once[0], once[1])
  is(new Set(once.slice(0, 5)).size, 3)
  equal([once[4], once[5]], [once[0], undefined])
})

test('an empty main, an empty list and roles in collections are fine', () => {
  const { tasks } = play('- hosts: all\n  tasks:\n  roles: [a.b.c, plain]\n', {
    'collections/ansible_collections/a/b/roles/c/tasks/main.yml': '- ping:\n',
    'roles/plain/tasks/main.yml': '---\n',
  })
  is(tasks.length, 1)
})

test('what include_tasks and include_role load at run time', () => {
  const { path, dir, remove } = tree({
    'site.yml':
      '- hosts: all\n  tags: p\n  tasks:\n  - block:\n    - include_tasks: "{{ f }}"\n      vars: {v: 1}\n      tags: only-include\n      when: mine\n    become: true\n    when: theirs\n',
    'inc.yml': '- ping:\n- include_tasks: inc.yml\n',
    ...ROLES,
  })
  try {
    const ctx = context()
    const { playbook } = parsePlaybook(path('site.yml'), ctx)
    const [include] = allTasks(playbook?.plays[0])
    ok(include?.scope)
    equal(include.tags, ['p', 'only-include'])
    const giving = { node: include.args }
    const { steps, faults } = loadTasks('inc.yml', ctx, include.scope, giving)
    equal(lines(faults, dir), [])
    const [block] = blocks(steps)
    const [task] = block?.block ?? []
    ok(task?.kind === 'task' && block)
    equal([task.id, task.tags, task.when.map(value), value(task.keywords.become)], [2, ['p'], ['theirs'], true])
    const role = loadRole({ name: 'web' }, ctx, include.scope, giving, include.vars)
    equal(lines(role.faults, dir), [])
    equal(
      blocks(role.steps).map(step => step.role?.name),
      ['base', 'web'],
    )
    equal(blocks(role.steps)[1]?.role?.vars.map(object), [{ v: 1 }, { v: 2 }, { v: 1 }])
    is(role.handlers.length, 1)
    const missing = loadTasks('absent.yml', ctx, include.scope, giving)
    is(missing.faults[0]?.code, 'source-missing')
  } finally {
    remove()
  }
})

test.run()
