import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
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

test.run()
