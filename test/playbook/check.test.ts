import { equal, is, match, ok } from 'uvu/assert'
import { checkPlaybook } from '../../src/playbook/check.ts'
import { suite } from '../support/suite.ts'
import { context, lines, tree } from './tree.ts'

const test = suite('playbook/check')

function faults(files: Record<string, string>): string[] {
  const { path, dir, remove } = tree(files)
  try {
    return lines(checkPlaybook(path('site.yml'), context()).faults, dir)
  } finally {
    remove()
  }
}

const task = (text: string, more = ''): string =>
  `- hosts: all\n  tasks:\n  - ${text.replaceAll('\n', '\n    ')}\n${more}`

const PLAYBOOKS: readonly (readonly [what: string, text: string, faults: readonly RegExp[]])[] = [
  ['an empty file', '', [/^site.yml:1:1: error: an empty playbook/]],
  ['only dashes', '---\n', [/an empty playbook/]],
  ['a comment', '# x\n', [/an empty playbook/]],
  ['an empty list', '[]\n', [/an empty playbook/]],
  ['a mapping', 'hosts: all\n', [/^site.yml:1:1: error: a mapping where a list of plays is expected/]],
  ['a string', 'hello\n', [/'hello' where a list of plays is expected/]],
  ['a play that is text', '- hello\n', [/a play is 'hello'/]],
  ['no hosts', '- tasks: []\n', [/^site.yml:1:3: error: a play without 'hosts'/]],
  ['empty hosts', '- hosts: []\n', [/a play without 'hosts'/]],
  [
    'two tasks keys',
    '- hosts: a\n  tasks: []\n  tasks: []\n',
    [/3:3: warning: the key 'tasks' stands twice, in line 2 and in line 3/],
  ],
  ['two documents', '- hosts: a\n---\n- hosts: b\n', [/one document is expected/]],
  [
    'unknown play key',
    '- hosts: a\n  post_taks: []\n',
    [/^site.yml:2:3: error: unknown play keyword 'post_taks'; did you mean 'post_tasks'\?/],
  ],
  ['task keyword in a play', '- hosts: a\n  register: x\n', [/'register' cannot stand in a play/]],
  ['refused keyword', '- hosts: a\n  become_exe: /x\n', [/'become_exe' is not supported: /]],
  [
    'what cannot be left in the background',
    '- hosts: a\n  tasks:\n  - {pause: {seconds: 1}, async: 5, poll: 0}\n  - {command: x, async: 5, poll: 0}\n  - {pause: {seconds: 1}, async: 5}\n  - {pause: {seconds: 1}, async: 5, poll: 0, when: a}\n',
    [
      /^site.yml:3:34: error: 'pause' cannot be left in the background \[task-async\]/,
      /^site.yml:6:34: warning: 'pause' cannot be left in the background; a host that gets to this task fails/,
    ],
  ],
  [
    'vars_prompt',
    '- hosts: a\n  vars_prompt:\n  - {name: a b}\n  - {prompt: x}\n  - {name: c, privat: no}\n  - {name: d, encrypt: rot13}\n',
    [
      /name is 'a b'/,
      /a prompt is a mapping, a mapping with 'name'/,
      /unknown key 'privat' in vars_prompt; did you mean 'private'/,
      /'rot13'/,
    ],
  ],
  ['strategy', '- hosts: a\n  strategy: debug\n', [/the strategy 'debug' is not supported/]],
  ['tasks as a mapping', '- hosts: a\n  tasks: {ping: }\n', [/a mapping where a list of tasks/]],
  ['a task as text', task('ping'), [/^site.yml:3:5: error: a task is 'ping'/]],
  [
    'unknown task key',
    task('ping:\nwehn: x'),
    [/^site.yml:4:5: error: unknown task keyword 'wehn'; did you mean 'when'\?/],
  ],
  [
    'unknown module',
    task('name: x\nansible.builtin.cpoy: {}'),
    [/unknown module 'ansible.builtin.cpoy'; did you mean 'ansible.builtin.copy'\?/],
  ],
  [
    'a module that only Ansible has',
    task('ansible.builtin.yum: {name: x}'),
    [/^site.yml:3:5: error: the module 'ansible.builtin.yum' of Ansible is not supported \[module-refused\]$/],
  ],
  [
    'modules that only Ansible has, behind conditions',
    task('yum: name=x\nwhen: a', '  - block:\n    - pacman: {name: x}\n    when: a\n'),
    [
      /^site.yml:3:5: warning: the module 'yum' of Ansible is not supported; a host that gets to this task fails/,
      /^site.yml:6:7: warning: the module 'pacman'/,
    ],
  ],
  ['wrong collection', task('community.docker.copy: {}'), [/unknown module 'community.docker.copy'/]],
  ['two modules', task('ping:\ndebug: msg=x'), [/a task calls one module, found 'ping' and 'debug'/]],
  ['no module', task('name: x'), [/calls no module, found only 'name'/]],
  ['action unknown', task('action: cpoy a=b'), [/unknown module 'cpoy'; did you mean 'copy'\?/]],
  ['end_role outside', task('meta: end_role'), [/Cannot execute 'end_role' from outside of a role/]],
  ['action of a template', task('action: "{{ m }} a=b"'), [/the module is named by a template, \{\{/]],
  ['boolean', task('ping:\nbecome: maybe'), [/'become' is 'maybe', true or false is expected/]],
  ['negative retries', task('ping:\nretries: -1'), [/'retries' is '-1', a whole number/]],
  ['not a timeout', task('ping:\ntimeout: 1e309'), [/'timeout' is '1e309'/]],
  ['when as a mapping', task('ping:\nwhen: {a: b}'), [/'when' is a mapping, an expression/]],
  ['register with a blank', task('ping:\nregister: a b'), [/register is 'a b', which is no name/]],
  ['register a reserved name', task('ping:\nregister: __proto__'), [/a meaning of its own/]],
  ['unknown loop', task('ping:\nwith_itms: []'), [/unknown loop 'with_itms'; did you mean 'with_items'\?/]],
  ['two loops', task('ping:\nwith_items: []\nloop: []'), [/'with_items' and 'loop' stand in one task/]],
  ['loop over a mapping', task('ping:\nloop: {a: b}'), [/'loop' is a mapping, a list/]],
  [
    'loop_control key',
    task('ping:\nloop: []\nloop_control: {loopvar: x}'),
    [/unknown key 'loopvar' in loop_control; did you mean 'loop_var'/],
  ],
  ['rescue alone', task('rescue: []'), [/'rescue' or 'always' without 'block'/]],
  ['task key in a block', task('block: []\nloop: []'), [/'loop' cannot stand in a block/]],
  [
    'become on an include',
    task('include_tasks: "{{ x }}"\nbecome: true'),
    [/'become' cannot stand beside include_tasks/],
  ],
  ['meta', task('meta: flush'), [/'free form' is 'flush'|is 'flush'/]],
  ['open quote', task("shell: echo it's"), [/a quote or bracket stays open/]],
  ['words for copy', task('copy: a b'), [/'a b' is no argument of 'copy'/]],
  [
    'unknown argument',
    task('copy: {src: a, dst: b}'),
    [/unknown argument 'dst'; did you mean 'dest'/, /'dest' is missing/],
  ],
  ['exclusive arguments', task('copy: {src: a, content: b, dest: c}'), [/exclude each other/]],
  ['refused argument', task('copy: {src: a, dest: b, backup: yes}'), [/'backup' is not supported: nothing is kept/]],
  ['enum', task('service: {name: x, state: startd}'), [/'state' is 'startd'/]],
  ['mode', task('copy: {src: a, dest: b, mode: 644}'), [/mode 644 is a decimal number/]],
  [
    'template not quoted',
    task('debug:\n  msg: {{ x }}'),
    [/4:12: error: a value begins with a template and is not quoted/],
  ],
  ['template syntax', task('debug:\n  msg: "{{ x + }}"'), [/^site.yml:4:\d+: error: /]],
  ['unknown filter', task('debug:\n  msg: "{{ x | lenght }}"'), [/no filter named 'lenght'/]],
  ['when syntax', task(`ping:\nwhen: "facts.os = 'debian'"`), [/^site.yml:4:\d+: error: /]],
  ['when syntax, short', task('ping:\nwhen: a =='), [/^site.yml:4:\d+: error: /]],
  ['until syntax', task('ping:\nuntil: a b'), [/^site.yml:4:\d+: error: /]],
  ['block when syntax, once', task('block: [{ping: }, {ping: }]\nwhen: a =='), [/^site.yml:4:\d+: error: /]],
  ['keyword template', task('ping:\nenvironment: {A: "{{ x | nope }}"}'), [/no filter named 'nope'/]],
  ['vars template', '- hosts: a\n  vars: {x: "{{ y"}\n', [/^site.yml:2:/]],
  ['missing import', task('import_tasks: absent.yml'), [/3:19: error: there is no file 'absent.yml' to import/]],
  [
    'import with a loop',
    task('import_tasks: "{{ x }}"\nloop: [1]'),
    [/import_tasks cannot be looped over/, /cannot be known before the run/],
  ],
  ['missing playbook', '- import_playbook: absent.yml\n', [/there is no playbook 'absent.yml'/]],
  ['import itself', '- import_playbook: site.yml\n', [/the file imports itself: .*site.yml -> .*site.yml/]],
  ['missing include is a warning', task('include_tasks: absent.yml'), [/warning: there is no file 'absent.yml'/]],
  [
    'handler unknown',
    task('ping:\nnotify: retsart', '  handlers: [{name: restart, ping: }]\n'),
    [/no handler is named 'retsart' or listens to it; did you mean 'restart'/],
  ],
  [
    'handler topic',
    task('ping:\nnotify: [web, "{{ x }}"]', '  handlers: [{name: restart, listen: web, ping: }]\n'),
    [],
  ],
  ['listen in a task', task('ping:\nlisten: x'), [/'listen' cannot stand in a task/]],
  [
    'an import with apply',
    '- hosts: a\n  tasks: [{import_tasks: {file: t.yml, apply: {tags: [x]}}}]\n',
    [/there is no file/, /unknown argument 'apply'/],
  ],
  [
    'an argument that module_defaults may give',
    '- hosts: a\n  module_defaults: {user: {name: x}}\n  tasks: [{user: {}}, {copy: {content: x}}]\n',
    [/the argument 'dest' is missing/],
  ],
  [
    'a role as a handler',
    '- hosts: a\n  handlers: [{name: h, include_role: {name: r}}]\n',
    [/include_role cannot be a handler/, /there is no role/],
  ],
  [
    'flush_handlers as a handler',
    '- hosts: a\n  handlers: [{name: h, meta: flush_handlers}]\n',
    [/flush_handlers cannot be a handler/],
  ],
  ['a block of handlers', '- hosts: a\n  handlers: [{block: [{ping: }]}]\n', []],
  [
    'a rescue of handlers',
    '- hosts: a\n  handlers: [{block: [{ping: }], rescue: [{ping: }]}]\n',
    [/which no handler has/],
  ],
  ['missing role', '- hosts: a\n  roles: [absent]\n', [/there is no role 'absent'/]],
  ['role entry without a name', '- hosts: a\n  roles: [{when: x}]\n', [/a role entry is a mapping/]],
  ['old sudo', '- hosts: a\n  sudo: yes\n', [/'sudo' is not supported: use become/]],
  [
    'several at once',
    task('pnig:\nfoo: x\nbecome: maybe'),
    [/'pnig'; did you mean 'ping'/, /unknown module 'foo'/, /'become' is/],
  ],
]
for (const [what, text, expected] of PLAYBOOKS)
  test(what, () => {
    const found = faults({ 'site.yml': text })
    is(found.length, expected.length, found.join('\n'))
    for (const pattern of expected)
      ok(
        found.some(line => pattern.test(line)),
        `${pattern}\n${found.join('\n')}`,
      )
  })

test('faults of roles and imports name their own files, once', () => {
  const found = faults({
    'site.yml':
      '- hosts: a\n  roles: [web, {role: wbe}, {role: web, wehn: x}]\n  tasks:\n  - import_tasks: t.yml\n  - import_tasks: t.yml\n',
    't.yml': '- ping:\n  wehn: x\n- debug: {msg: "{{ a b }}"}\n',
    'roles/web/tasks/main.yml': '- import_tasks: main.yml\n- ping:\n  notify: restrat\n',
    'roles/web/handlers/main.yml': '- name: restart\n  ping:\n',
    'roles/web/vars/main.yml': '- x\n',
    'roles/web/meta/main.yml': 'dependencies: [web]\n',
  })
  const expected = [
    /^site.yml:2:23: error: there is no role 'wbe'; did you mean 'web'/,
    /^site.yml:2:\d+: warning: 'wehn' is taken as a parameter of the role; did you mean 'when'/,
    /^roles\/web\/meta\/main.yml:1:16: error: the role depends on itself: web -> web/,
    /^roles\/web\/vars\/main.yml:1:1: error: a file of variables holds a list/,
    /^roles\/web\/tasks\/main.yml:1:17: error: the file imports itself/,
    /^roles\/web\/tasks\/main.yml:3:11: error: no handler is named 'restrat'/,
    /^t.yml:2:3: error: unknown task keyword 'wehn'/,
    /^t.yml:3:/,
  ]
  for (const pattern of expected)
    is(found.filter(line => pattern.test(line)).length, 1, `${pattern}\n${found.join('\n')}`)
  is(found.length, expected.length, found.join('\n'))
})

test('a playbook that is missing', () => {
  const { faults: found } = checkPlaybook('/nonexistent/site.yml', context())
  equal(
    found.map(({ code }) => code),
    ['source-missing'],
  )
})

test('included files are checked as well', () => {
  const found = faults({
    'site.yml': task('include_tasks: inc.yml'),
    'inc.yml': '- include_tasks: inc.yml\n- pnig:\n',
  })
  is(found.length, 1, found.join('\n'))
  match(found[0] ?? '', /^inc.yml:2:3: error: unknown module 'pnig'/)
})

test.run()
