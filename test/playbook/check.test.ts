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
  ['an empty file', '', [/^site.yml:1:1: error: A playbook must contain at least one play/]],
  ['only dashes', '---\n', [/A playbook must contain at least one play/]],
  ['a comment', '# x\n', [/A playbook must contain at least one play/]],
  ['an empty list', '[]\n', [/A playbook must contain at least one play/]],
  ['a mapping', 'hosts: all\n', [/^site.yml:1:1: error: a mapping where a list of plays is expected/]],
  ['a string', 'hello\n', [/'hello' where a list of plays is expected/]],
  ['a play that is text', '- hello\n', [/a play is 'hello'/]],
  ['no hosts', '- tasks: []\n', [/^site.yml:1:3: error: a play without 'hosts'/]],
  ['empty hosts', '- hosts: []\n', [/Hosts list cannot be empty/]],
  [
    'two tasks keys',
    '- hosts: a\n  tasks: []\n  tasks: []\n',
    [/3:3: warning: found a duplicate dict key \(tasks\), in line 2 and in line 3/],
  ],
  ['two documents', '- hosts: a\n---\n- hosts: b\n', [/one document is expected/]],
  [
    'unknown play key',
    '- hosts: a\n  post_taks: []\n',
    [/^site.yml:2:3: error: 'post_taks' is not a valid attribute for a Play; did you mean 'post_tasks'\?/],
  ],
  ['task keyword in a play', '- hosts: a\n  register: x\n', [/'register' is not a valid attribute for a Play/]],
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
      /Invalid variable name in 'name': 'a b'/,
      /Invalid vars_prompt data structure, missing 'name' key/,
      /found unsupported key 'privat'; did you mean 'private'/,
      /'rot13'/,
    ],
  ],
  ['connection', '- hosts: a\n  connection: docker\n', [/'connection' is 'docker', ssh or local is expected/]],
  ['strategy', '- hosts: a\n  strategy: debug\n', [/the strategy 'debug' is not supported/]],
  ['tasks as a mapping', '- hosts: a\n  tasks: {ping: }\n', [/a mapping where a list of tasks/]],
  ['a task as text', task('ping'), [/^site.yml:3:5: error: a task is 'ping'/]],
  [
    'unknown task key',
    task('ping:\nwehn: x'),
    [/^site.yml:4:5: error: 'wehn' is not a valid attribute for a Task; did you mean 'when'\?/],
  ],
  [
    'unknown module',
    task('name: x\nansible.builtin.cpoy: {}'),
    [/unknown module 'ansible.builtin.cpoy'; did you mean 'ansible.builtin.copy'\?/],
  ],
  [
    'a module that only Ansible has',
    task('ansible.builtin.subversion: {name: x}'),
    [/^site.yml:3:5: error: the module 'ansible.builtin.subversion' of Ansible is not supported \[module-refused\]$/],
  ],
  [
    'modules that only Ansible has, behind conditions',
    task('subversion: name=x\nwhen: a', '  - block:\n    - snap: {name: x}\n    when: a\n'),
    [
      /^site.yml:3:5: warning: the module 'subversion' of Ansible is not supported; a host that gets to this task fails/,
      /^site.yml:6:7: warning: the module 'snap'/,
    ],
  ],
  [
    'modules that only Ansible has, in loops',
    task(
      'subversion: name=x\nloop: "{{ a }}"',
      '  - {snap: {name: x}, with_items: "{{ a }}"}\n  - {snap: {name: x}, loop: [a]}\n',
    ),
    [
      /^site.yml:3:5: warning: the module 'subversion' of Ansible is not supported; a host that gets to this task fails/,
      /^site.yml:5:5: warning: the module 'snap'/,
      /^site.yml:6:5: error: the module 'snap'/,
    ],
  ],
  ['wrong collection', task('community.docker.copy: {}'), [/unknown module 'community.docker.copy'/]],
  ['two modules', task('ping:\ndebug: msg=x'), [/a task calls one module, found 'ping' and 'debug'/]],
  ['no module', task('name: x'), [/calls no module, found only 'name'/]],
  ['action unknown', task('action: cpoy a=b'), [/unknown module 'cpoy'; did you mean 'copy'\?/]],
  ['end_role outside', task('meta: end_role'), [/Cannot execute 'end_role' from outside of a role/]],
  [
    'words behind a template',
    task('action: "{{ m }} echo hi"'),
    [/3:22: error: 'echo hi' is no argument of '\{\{ m \}\}'/],
  ],
  ['words beside a template', task('action: {module: "{{ m }}", _raw_params: x y}'), [/'x y' is no argument of/]],
  ['a template left open', task('action: "{{ m"'), [/a quote or bracket stays open/, /unexpected end of template/]],
  ['a quote left open', task('action: "{{ m }} a=\'b"'), [/stays open in the arguments of '\{\{ m \}\} a='b'/]],
  ['a filter nobody knows', task('action: "{{ m | shuot }} a=b"'), [/3:21: error: there is no filter named 'shuot'/]],
  [
    'an argument of it',
    task('action: {module: "{{ m }}", a: "{{ b | shuot }}"}'),
    [/there is no filter named 'shuot'/],
  ],
  ['a known module with words', task('action: {module: "command echo {{ x }}"}'), [/unknown module 'command echo/]],
  ['a key that is a template', task('"{{ m }}": {}'), [/unknown module '\{\{ m \}\}'/]],
  ['boolean', task('ping:\nbecome: maybe'), [/'become' is 'maybe', true or false is expected/]],
  ['negative retries', task('ping:\nretries: -1'), [/'retries' is '-1', a whole number/]],
  ['not a timeout', task('ping:\ntimeout: 1e309'), [/'timeout' is '1e309'/]],
  ['when as a mapping', task('ping:\nwhen: {a: b}'), [/'when' is a mapping, an expression/]],
  ['register with a blank', task('ping:\nregister: a b'), [/Invalid variable name in 'register': 'a b'/]],
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
  ['task key in a block', task('block: []\nloop: []'), [/'loop' is not a valid attribute for a Block/]],
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
    [/unknown argument 'dst'; did you mean 'dest'/, /missing required arguments: dest/],
  ],
  ['exclusive arguments', task('copy: {src: a, content: b, dest: c}'), [/parameters are mutually exclusive: /]],
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
  [
    'tags by reserved names',
    '- hosts: a\n  tags: [all]\n  tasks:\n  - {ping: , tags: "web, tagged"}\n  - {block: [{ping: , tags: [always, never]}], tags: untagged}\n',
    [
      /^site.yml:2:9: warning: .* tags: all/,
      /^site.yml:4:21: warning: .* tags: tagged/,
      /^site.yml:5:54: warning: .*untagged/,
    ],
  ],
  [
    'variables by reserved names',
    '- hosts: a\n  vars: {namespace: 1, vars: {x: 1}}\n  tasks:\n  - {debug: {msg: x}, vars: {query: 1}, register: hosts}\n  - set_fact: {loop: 1, plain: 2}\n  - {block: [{debug: {msg: x}}], vars: {with_items: 1, environment: 2}}\n',
    [
      /^site.yml:2:10: warning: Found variable using reserved name 'namespace'/,
      /^site.yml:4:5: warning: .*'hosts'/,
      /^site.yml:4:30: warning: .*'query'/,
      /^site.yml:5:16: warning: .*'loop'/,
      /^site.yml:6:\d+: warning: .*'environment'/,
    ],
  ],
  [
    'two words for one login',
    '- hosts: a\n  user: me\n  remote_user: you\n',
    [/^site.yml:2:9: error: both 'user' and 'remote_user'/],
  ],
  ['missing include is a warning', task('include_tasks: absent.yml'), [/warning: there is no file 'absent.yml'/]],
  [
    'handler unknown',
    task('ping:\nnotify: retsart', '  handlers: [{name: restart, ping: }]\n'),
    [/The requested handler 'retsart' was not found in .*; did you mean 'restart'/],
  ],
  [
    'handler topic',
    task('ping:\nnotify: [web, "{{ x }}"]', '  handlers: [{name: restart, listen: web, ping: }]\n'),
    [],
  ],
  ['listen in a task', task('ping:\nlisten: x'), [/'listen' is not a valid attribute for a Task/]],
  [
    'an import with apply',
    '- hosts: a\n  tasks: [{import_tasks: {file: t.yml, apply: {tags: [x]}}}]\n',
    [/there is no file/, /Invalid options for import_tasks: apply/],
  ],
  [
    'an argument that module_defaults may give',
    '- hosts: a\n  module_defaults: {user: {name: x}}\n  tasks: [{user: {}}, {copy: {content: x}}]\n',
    [/missing required arguments: dest/],
  ],
  [
    'a role as a handler',
    '- hosts: a\n  handlers: [{name: h, include_role: {name: r}}]\n',
    [/Using 'include_role' as a handler is not supported/, /there is no role/],
  ],
  [
    'flush_handlers as a handler',
    '- hosts: a\n  handlers: [{name: h, meta: flush_handlers}]\n',
    [/flush_handlers cannot be used as a handler/],
  ],
  ['a block of handlers', '- hosts: a\n  handlers: [{block: [{ping: }]}]\n', []],
  [
    'a rescue of handlers',
    '- hosts: a\n  handlers: [{block: [{ping: }], rescue: [{ping: }]}]\n',
    [/which no handler has/],
  ],
  [
    'a word for a list of tasks',
    '- hosts: a\n  pre_tasks: 12\n  tasks: go\n',
    [/while loading pre_tasks: 12 should be a list or None/, /while loading tasks: go should be a list or None/],
  ],
  ['missing role', '- hosts: a\n  roles: [absent]\n', [/there is no role 'absent'/]],
  ['roles that are no list', '- hosts: a\n  roles: 123\n', [/A malformed role declaration was encountered: 'roles'/]],
  ['a role of old', '- hosts: a\n  roles: ["web,db"]\n', [/Invalid old style role requirement: web,db/]],
  ['tags that are no texts', task('ping:\ntags: [{a: b}]'), [/'tags' must be specified as a list/]],
  ['a result under a number', task('ping:\nregister: 200'), [/Invalid variable name in 'register': '200'/]],
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
    /^roles\/web\/tasks\/main.yml:3:11: error: The requested handler 'restrat' was not found/,
    /^t.yml:2:3: error: 'wehn' is not a valid attribute for a Task/,
    /^t.yml:3:/,
  ]
  for (const pattern of expected)
    is(found.filter(line => pattern.test(line)).length, 1, `${pattern}\n${found.join('\n')}`)
  is(found.length, expected.length, found.join('\n'))
})

for (const [from, words] of [
  ['inner', undefined],
  ['../files/inner', undefined],
  ['../../../out.yml', /cannot load '..\/..\/..\/out.yml' as it is not inside the expected role path/],
  ['/etc/hostname', /cannot load '\/etc\/hostname' as it is not inside the expected role path/],
  ['nothing', /the role 'r' has no tasks\/nothing/],
] as const)
  test(`a role brings tasks of its own only: ${from}`, () => {
    const found = faults({
      'site.yml': task(`import_role: {name: r, tasks_from: ${from}}`),
      'out.yml': '- ping:\n',
      'roles/r/tasks/inner.yml': '- ping:\n',
      'roles/r/files/inner.yml': '- ping:\n',
    })
    is(found.length, words === undefined ? 0 : 1, found.join('\n'))
    if (words) match(found[0] ?? '', words)
  })

const VARS_FILES: Record<string, [plays: readonly string[], faults: readonly RegExp[]]> = {
  'they are there': [['[good.yml, [none.yml, good.yml], "{{ x }}.yml", [none.yml, "{{ x }}.yml"]]'], []],
  'one is nowhere': [['[none.yml]'], [/^site.yml:2:16: error: there is no such file of variables/]],
  'none of a list is there': [['[[none.yml, nor.yml]]'], [/^site.yml:2:16: error: there is no such file/]],
  'a play before may write it': [['[good.yml]', '[none.yml]'], [/^site.yml:5:16: warning: there is no such file/]],
  'what is in it': [['[list.yml, broken.yml]'], [/^list.yml:1:1: error: .*sequence/, /^broken.yml:\d+:\d+: error: /]],
}
for (const [what, [plays, expected]] of Object.entries(VARS_FILES))
  test(`vars_files before the run: ${what}`, () => {
    const found = faults({
      'site.yml': plays.map(files => `- hosts: a\n  vars_files: ${files}\n  tasks: []\n`).join(''),
      'vars/good.yml': 'x: 1\n',
      'list.yml': '- x\n',
      'broken.yml': 'x: {\n',
    })
    is(found.length, expected.length, found.join('\n'))
    for (const [index, pattern] of expected.entries()) match(found[index] ?? '', pattern)
  })

test('a playbook that is missing', () => {
  const { faults: found } = checkPlaybook('/nonexistent/site.yml', context())
  equal(
    found.map(({ code }) => code),
    ['source-missing'],
  )
})

for (const name of ['x'.repeat(5000), 'inc.yml/below.yml', 'a\\0b'])
  test(`a file whose name can be no file's is missing: ${name.slice(0, 20)}`, () => {
    const found = faults({ 'site.yml': task(`import_tasks: "${name}"`), 'inc.yml': '- ping:\n' })
    is(found.length, 1, found.join('\n'))
    match(found[0] ?? '', /^site.yml:\d+:\d+: error: /)
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
