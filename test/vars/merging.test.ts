import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { toJson, type Value } from '../../src/base/value.ts'
import { evaluate } from '../../src/jinja/engine.ts'
import { explain } from '../../src/vars/explain.ts'
import { parseExtraVars } from '../../src/vars/extra.ts'
import type { Frame } from '../../src/vars/frame.ts'
import { withFiles } from '../inventory/support.ts'
import { REGPLAY } from '../support/program.ts'
import { suite } from '../support/suite.ts'
import { mapping, playOf, storeOf } from './support.ts'

/** `hash_behaviour = merge`: what dicts of several places come to. */
const test = suite('merged dicts')

const INI = 'h own="{\'ini\': 1}"\n'
const role = (name: string, defaults: string, vars: string) => ({
  ...{ name, dir: `/${name}`, params: [] },
  ...{ defaults: [mapping(defaults)], vars: [mapping(vars)] },
})

/** What surrounds the host, an expression, its value. */
const VALUES: Record<string, [frame: Frame, expression: string, value: unknown]> = {
  'a play over the inventory, the weaker keys first': [
    { play: playOf('own: {play: 2}') },
    'own | to_json',
    '{"ini": 1, "play": 2}',
  ],
  'however deep, lists replaced': [
    { play: playOf('d: {a: {b: {x: 1, l: [1, 2]}}}'), task: [mapping('d: {a: {b: {y: 2, l: [3]}}}')] },
    'd',
    { a: { b: { x: 1, l: [3], y: 2 } } },
  ],
  'as it is written: a template is no dict': [
    { play: playOf('d: {a: 1}\ne: {b: 2}'), task: [mapping('d: "{{ e }}"')] },
    'd',
    { b: 2 },
  ],
  'what is laid over a text hides all below': [
    { play: playOf('own: text'), task: [mapping('own: {task: 1}')] },
    'own',
    { task: 1 },
  ],
  'templates in it see the merged whole': [
    { play: playOf('d: {a: "{{ d.b }}!"}'), task: [mapping('d: {b: "{{ d.c }}", c: 3}')] },
    'd.a',
    '3!',
  ],
  'keys of other types are other keys': [
    { play: playOf('d: {1: a}'), task: [mapping('d: {"1": b}')] },
    'd | length',
    2,
  ],
  'blocks and tasks inherit without merging': [
    {
      play: playOf('d: {play: 1}'),
      blocks: [mapping('d: {outer: 1}'), mapping('d: {inner: 1}')],
      task: [mapping('d: {task: 1}')],
    },
    'd',
    { play: 1, task: 1 },
  ],
  'includes, too': [
    {
      play: playOf('d: {play: 1}'),
      params: [mapping('d: {outer: 1}'), mapping('d: {inner: 1}')],
      task: [mapping('d: {task: 1}')],
    },
    'd',
    { play: 1, task: 1, inner: 1 },
  ],
  'roles, their defaults lowest': [
    {
      play: playOf('d: {play: 1, s: play}', {
        roles: [role('a', 'd: {ad: 1, s: ad}', 'd: {av: 1}'), role('b', 'd: {bd: 1}', 'd: {bv: 1, s: bv}')],
      }),
    },
    'd',
    { ad: 1, s: 'bv', bd: 1, play: 1, av: 1, bv: 1 },
  ],
  'files of variables': [
    { play: playOf('d: {play: 1}', { varsFiles: [mapping('d: {one: 1, s: 1}'), mapping('d: {two: 2, s: 2}')] }) },
    'd',
    { play: 1, one: 1, s: 2, two: 2 },
  ],
  "names that are nobody's to set, and items of loops, stay alone": [
    {
      play: playOf('item: {play: 1}\ngroups: {play: 1}'),
      locals: new Map<string, Value>([['item', new Map([['x', 1]])]]),
    },
    '[item, groups.play is defined]',
    [{ x: 1 }, false],
  ],
}
for (const [title, [frame, expression, value]] of Object.entries(VALUES))
  test(title, () => {
    const scope = storeOf(INI, undefined, undefined, true).scope('h', frame)
    assert.equal(toJson(evaluate(expression, scope)), value)
  })

test('what came from a host is laid over what was written, and never rendered', () => {
  const store = storeOf(INI, parseExtraVars(['{"d": {"e": "{{ d.written }}"}}']).vars, undefined, true)
  const evil = '{{ nope }}'
  store.setFact(
    'h',
    'd',
    new Map<Value, Value>([
      ['evil', evil],
      ['list', [evil]],
      ['deep', new Map([['x', evil]])],
    ]),
  )
  const scope = store.scope('h', { play: playOf('d: {written: "{{ 1 + 1 }}", deep: {y: 1}}') })
  const whole = { written: 2, deep: { y: 1, x: evil }, evil, list: [evil], e: 2 }
  assert.equal(toJson(evaluate('d', scope)), whole)
  assert.equal(toJson(evaluate('hostvars.h.d.evil', scope)), evil)
  assert.equal(toJson(scope.with(new Map([['x', 1]])).get('d') ?? null), whole)
})

test('set_fact and register replace what they gave before, include_vars does not', () => {
  const store = storeOf(INI, undefined, undefined, true)
  for (const name of ['first', 'second']) {
    store.setFact('h', 'f', new Map([[name, 1]]))
    const node = mapping(`${name}: 1`)
    store.includeVars('h', [['i', { node, span: node.span, origin: 'include_vars' }]])
  }
  assert.equal(toJson(evaluate('[f, i]', store.scope('h'))), [{ second: 1 }, { first: 1, second: 1 }])
})

test('every definition is told, and which of them are in the whole', () => {
  const frame: Frame = {
    play: playOf('own: {play: 1}\nx: text'),
    blocks: [mapping('own: {block: 1}')],
    task: [mapping('own: {task: 1}\nx: {a: 1}')],
  }
  const scope = storeOf(INI, undefined, undefined, true).scope('h', frame)
  const told = (name: string) => explain(scope, name).map(({ level, merged }) => `${level}${merged ? ' +' : ''}`)
  assert.equal(told('own'), ['task vars', 'block vars', 'play vars +', 'inventory host +'])
  assert.equal(told('x'), ['task vars', 'play vars'])
})

/** A playbook that shows what dicts come to wherever they may be given. */
const FILES = {
  'one.yml':
    'all:\n  vars: {d: {all: 1, s: all, l: [1]}}\n  children:\n    p: {children: {c: }, vars: {d: {p: 1, s: p}, u: {k: 1}}}\n    c: {hosts: {h: {d: {h: 1}, u: text, ansible_connection: local}}}\n',
  'two.yml': 'all: {hosts: {h: {d: {again: 1, l: [2]}}}}\n',
  'group_vars/c/a.yml': 'd: {a: 1, s: a}\n',
  'group_vars/c/b.yml': 'd: {b: 1}\n',
  'host_vars/h': 'd: {hv: 1}\n',
  'f1.yml': 'd: {f1: 1, s: f1}\n',
  'f2.yml': 'd: {f2: 1}\n',
  'i1.yml': 'd: {i1: 1, s: i1}\nonly: {n: {a: 1}}\n',
  'i2.yml': 'd: {i2: 1}\nonly: {n: {b: 1}}\n',
  'inner.yml':
    '- debug: {msg: "inner={{ d | to_json }}"}\n- debug: {msg: "inner={{ d | to_json }}"}\n  vars: {d: {inner: 1, s: inner}}\n',
  'roles/dep/defaults/main.yml': 'd: {dd: 1, s: dd}\n',
  'roles/dep/vars/main.yml': 'd: {dv: 1}\n',
  'roles/dep/tasks/main.yml': '- debug: {msg: "dep={{ d | to_json }}"}\n',
  'roles/r/meta/main.yml': 'dependencies: [dep]\n',
  'roles/r/defaults/main.yml': 'd: {rd: 1, s: rd}\n',
  'roles/r/vars/main.yml': 'd: {rv: 1}\n',
  'roles/r/tasks/main.yml': `
- debug: {msg: "role={{ d | to_json }}"}
- vars: {d: {bv: 1}}
  block:
    - {debug: {msg: "block={{ d | to_json }}"}}
    - {debug: {msg: "task={{ d | to_json }}"}, vars: {d: {tv: 1}}}
- {include_tasks: ../../../inner.yml, vars: {d: {given: 1}}}
`,
  'play.yml': `
- hosts: h
  gather_facts: false
  vars: {d: {pv: 1}, u: {pv: 1}, said: {mine: 1}}
  vars_files: [f1.yml, f2.yml]
  roles: [{role: r, d: {rp: 1, s: rp}}]
  tasks:
    - debug: {msg: "play={{ [d, u, hostvars.h.d] | to_json }}"}
    - include_vars: i1.yml
    - include_vars: i2.yml
    - debug: {msg: "include_vars={{ [d, only] | to_json }}"}
    - include_vars: {file: i1.yml, hash_behaviour: replace}
    - debug: {msg: "again={{ [d, only] | to_json }}"}
    - set_fact: {d: {sf: 1}}
    - set_fact: {d: {second: "{{ d.sf }}"}}
    - debug: {msg: "set_fact={{ d | to_json }}"}
    - command: echo hi
      register: said
    - debug: {msg: "register={{ [said.mine, said.stdout] | to_json }}"}
    - include_role: {name: r}
      vars: {d: {ir: 1}}
    - add_host: {name: new, groups: c, d: {one: 1}}
    - add_host: {name: new, d: {two: 1}}
    - add_host: {name: new, d: {two: 1}}
      register: last
    - debug: {msg: "add_host={{ [hostvars.new.d, last.changed] | to_json }}"}
`,
}
const ARGS = ['play.yml', '-i', 'one.yml', '-i', 'two.yml', '-e', '{"d": {"e1": 1}}', '-e', '{"d": {"e2": 1}}']

/** What was shown, by its labels; the order of keys is not compared. */
function shown(program: string, args: readonly string[], dir: string): readonly unknown[] {
  const env = {
    ...{ PATH: process.env['PATH'], HOME: dir, LC_ALL: 'C.UTF-8', ANSIBLE_NOCOLOR: '1' },
    ...{ ANSIBLE_HASH_BEHAVIOUR: 'merge', ANSIBLE_JINJA2_NATIVE: '1' },
  }
  const { stdout, stderr } = spawnSync(program, [...args, ...ARGS], { cwd: dir, encoding: 'utf8', env })
  const said = Array.from(stdout.matchAll(/"msg": ("\w+=.*")/g), ([, text = '']): string => JSON.parse(text))
  if (!said.at(-1)?.startsWith('add_host='))
    throw new Error(`${program} did not come to its end:\n${stdout}\n${stderr}`)
  return said.map(text => [text.replace(/=.*/, ''), JSON.parse(text.replace(/^\w+=/, ''))])
}

const TITLE = 'a playbook sees what it sees under ansible-playbook'
if (spawnSync('ansible-playbook', ['--version']).error === undefined)
  test(
    TITLE,
    () =>
      withFiles(FILES, dir =>
        assert.equal(shown(process.execPath, [REGPLAY, 'run'], dir), shown('ansible-playbook', [], dir)),
      ),
    120_000,
  )
else test.skip(TITLE, 'ansible-playbook is not installed')

test.run()
