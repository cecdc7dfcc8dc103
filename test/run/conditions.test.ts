import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { DEFAULTS } from '../../src/cli/config/read.ts'
import { play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

const test = suite('run: conditions and what debug shows')

test('templates in conditions, and names of variables that templates make', async () => {
  const { results, result } = await play(`
- hosts: all
  gather_facts: false
  vars: { a: b, b: 5, h: { k: v }, list: [1, 2] }
  tasks:
    - { name: in a string, assert: { that: ["'{{ a }}' == 'b'", "'{{ a }}' in ['b']"] } }
    - { name: as a part, assert: { that: "{{ b }} == 5" } }
    - { name: as a whole, assert: { that: "{{ b == 5 }}" } }
    - { name: not true, assert: { that: "'{{ a }}' == 'x'" }, ignore_errors: true }
    - { name: skipped, debug: { msg: x }, when: "'{{ a }}' == 'x'" }
    - { name: a name, debug: { var: "{{ a }}" } }
    - { name: a path, debug: { var: "{{ 'h.' ~ 'k' }}" } }
`)
  assert.equal(results, [
    'one ok in a string',
    'one ok as a part',
    'one ok as a whole',
    'one ignored not true',
    'one skipped skipped',
    'one ok a name',
    'one ok a path',
  ])
  assert.is(result('a name').result['b'], 5)
  assert.is(result('a path').result['h.k'], 'v')
}, 20_000)

test('an omitted keyword is what holds around it', async () => {
  const { results } = await play(`
- hosts: all
  gather_facts: false
  ignore_errors: true
  tasks:
    - { name: inherited, command: 'false', ignore_errors: "{{ omit }}" }
    - block:
        - { name: deeper, command: 'false', ignore_errors: "{{ omit }}" }
      ignore_errors: "{{ nothing | default(omit) }}"
    - { name: own, command: 'false', ignore_errors: "{{ nothing | default(false) }}" }
`)
  assert.equal(results, ['one ignored inherited', 'one ignored deeper', 'one failed own'])
}, 20_000)

const ATTACKS = [
  "x' or lookup('pipe', 'touch FILE') == '' or 'x",
  "lookup('pipe', 'touch FILE') == ''",
  "{{ lookup('pipe', 'touch FILE') }}",
]

test('what a host says in a condition never runs on the controller', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-test-'))
  const file = join(dir, 'ran')
  try {
    for (const attack of ATTACKS) {
      await play(
        `
- hosts: all
  gather_facts: false
  tasks:
    - { command: cat DIR/said, register: r }
    - { debug: { var: "{{ r.stdout }}" }, ignore_errors: true }
    - { assert: { that: "'{{ r.stdout }}' == 'x'" }, ignore_errors: true }
    - { debug: { msg: x }, when: "{{ r.stdout }}", ignore_errors: true }
    - { debug: { msg: x }, when: "'{{ r.stdout }}' == 'x'", ignore_errors: true }
`,
        { files: { said: attack.replace('FILE', file) } },
      )
      assert.not(existsSync(file), attack)
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
}, 40_000)

test('with allow_broken_conditionals anything counts, text that is no expression too, and is warned of once', async () => {
  const { results, events } = await play(
    `
- hosts: all
  gather_facts: false
  vars: { list: [1], empty: '' }
  tasks:
    - { name: a list, debug: { msg: x }, when: list, loop: [1, 2] }
    - { name: empty, debug: { msg: x }, when: empty }
    - { name: words, assert: { that: "{{ 'two words' }}" } }
`,
    { job: { config: { ...DEFAULTS, allowBrokenConditionals: true } } },
  )
  assert.equal(results, ['one ok a list', 'one skipped empty', 'one ok words'])
  const told = events.flatMap(event => (event.type === 'warning' ? [event.msg] : []))
  assert.is(told.length, 3, told.join('\n'))
  assert.match(told[0] ?? '', /play\.yml:6:\d+: the condition list is the list \[1\], which counts as true/)
})

test('arguments that are a template as a whole have conditions and names of variables as others have', async () => {
  const { results, result } = await play(`
- hosts: all
  gather_facts: false
  vars: { a: 5, fine: { that: a == 5 }, both: { that: [a == 5, true] }, wrong: { that: [a == 5, a == 6] }, shows: { var: a } }
  tasks:
    - { name: fine, assert: "{{ fine }}" }
    - { name: both, assert: "{{ both }}" }
    - { name: wrong, assert: "{{ wrong }}", ignore_errors: true }
    - { name: shows, debug: "{{ shows }}" }
    - { name: action, action: { module: ansible.builtin.assert, args: { that: a == 5 } } }
`)
  assert.equal(results, ['one ok fine', 'one ok both', 'one ignored wrong', 'one ok shows', 'one ok action'])
  assert.is(result('wrong').result['assertion'], 'a == 6')
  assert.is(result('shows').result['a'], 5)
})

/** An expression, and how it is said that something in it is undefined: what Ansible 2.14 says after "The error was:". */
const UNDEFINED: readonly (readonly [expression: string, said: string])[] = [
  ['nothing', "'nothing' is undefined"],
  ['nothing.a.b', "'nothing' is undefined"],
  ['nothing[0]', "'nothing' is undefined"],
  ["nothing['a']", "'nothing' is undefined"],
  ['nothing | upper', "'nothing' is undefined"],
  ['nothing + 1', "'nothing' is undefined"],
  ["'a' ~ nothing", "'nothing' is undefined"],
  ['1 in nothing', "'nothing' is undefined"],
  ['nothing()', "'nothing' is undefined"],
  ['nothing[1:2]', "'nothing' is undefined"],
  ['-nothing', "'nothing' is undefined"],
  ['not nothing', "'nothing' is undefined"],
  ['nothing == 1', "'nothing' is undefined"],
  ['nothing and 1', "'nothing' is undefined"],
  ['[nothing, 1]', "'nothing' is undefined"],
  ['d | combine(nothing)', "'nothing' is undefined"],
  ["lookup('env', nothing)", "'nothing' is undefined"],
  ["query('items', nothing)", "'nothing' is undefined"],
  ['nothing | length', "'nothing' is undefined"],
  ['d.l[nothing]', "'nothing' is undefined"],
  ['1 if nothing', "'nothing' is undefined"],
  ['d.l | join(nothing)', "'nothing' is undefined"],
  ['d.b', "'dict object' has no attribute 'b'"],
  ['d.b.c', "'dict object' has no attribute 'b'"],
  ["d['x y']", "'dict object' has no attribute 'x y'"],
  ['d[0]', 'dict object has no element 0'],
  ['d.a.b.c', "'int object' has no attribute 'b'"],
  ['d.a[0]', 'int object has no element 0'],
  ['d.l[5]', 'list object has no element 5'],
  ['d.l[-9]', 'list object has no element -9'],
  ['d.l[i].x', 'list object has no element 9'],
  ['d.l.foo', "'list object' has no attribute 'foo'"],
  ["d.l['foo']", "'list object' has no attribute 'foo'"],
  ['d.l[0].a', "'int object' has no attribute 'a'"],
  ['(d | dict2items)[7]', 'list object has no element 7'],
  ['text.foo', "'str object' has no attribute 'foo'"],
  ['text[20]', 'str object has no element 20'],
  ['none.foo', "'None' has no attribute 'foo'"],
  ['none[0]', 'None has no element 0'],
  ['d.nope()', "'dict object' has no attribute 'nope'"],
  ["d.l | map(attribute='foo') | list", "'int object' has no attribute 'foo'"],
  ["[d] | map(attribute='nope') | join", "'dict object' has no attribute 'nope'"],
  ["[d] | selectattr('nope', 'eq', 1) | list", "'dict object' has no attribute 'nope'"],
  ["[d, d] | sort(attribute='nope')", "'dict object' has no attribute 'nope'"],
  ["d.l | map('extract', d) | list", 'dict object has no element 1'],
  ['groups.nogroup', "'dict object' has no attribute 'nogroup'"],
  ["ansible_facts['nope']['x']", "'dict object' has no attribute 'nope'"],
  ['vars.nope', "'dict object' has no attribute 'nope'"],
  ["hostvars['nobody'].x", '"hostvars[\'nobody\']" is undefined: the inventory has no such host'],
  ['hostvars.one.nope', "'dict object' has no attribute 'nope'"],
  ['through', "'dict object' has no attribute 'zip'"],
  ['[through]', "'dict object' has no attribute 'zip'"],
  ['x | default(nothing)', "'nothing' is undefined"],
  ["lookup('vars', 'nope')", "No variable found with this name: nope; did you mean 'none'?"],
  ['d.nope.deep | mandatory', "Mandatory variable 'nope' not defined."],
  ['nothing | mandatory', "Mandatory variable 'nothing' not defined."],
  ["nothing | mandatory('gone')", 'gone'],
  ['(1 if false).x', 'the inline if-expression evaluated to false and no else section was defined'],
  ['loop.index', "'loop' is undefined"],
]

test('what is undefined is named as in Ansible', async () => {
  const tasks = UNDEFINED.map(
    ([expression], i) => `    - { name: t${i}, debug: { msg: "{{ ${expression} }}" }, ignore_errors: true }`,
  )
  const { result } = await play(`
- hosts: all
  gather_facts: false
  vars: { d: { a: 1, l: [1] }, none: null, text: abc, i: 9, through: '{{ d.zip }}' }
  tasks:
${tasks.join('\n')}
`)
  const said = UNDEFINED.map((_, i) => String(result(`t${i}`).result['msg']).replace(/^.*play\.yml:\d+:\d+: /, ''))
  assert.equal(
    said,
    UNDEFINED.map(([, message]) => message),
  )
})

test.run()
