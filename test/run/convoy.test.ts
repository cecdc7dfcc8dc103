import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { type Played, play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/convoy')

/** Runs tasks with `d`, a fresh directory, on this machine. */
async function run(tasks: string, check: (played: Played, d: string) => void, before?: (d: string) => void) {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-convoy-'))
  try {
    before?.(dir)
    const indented = tasks.replaceAll(/^/gm, '    ')
    const text = `- hosts: all\n  gather_facts: false\n  vars: {d: DIR}\n  tasks:\n${indented}\n`
    check(await play(text, { dir }), dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const items = ({ result }: Played, task: string): Record<string, unknown>[] =>
  result(task).result['results'] as Record<string, unknown>[]
const trips = ({ stats }: Played): number => stats['one']?.trips ?? 0

const FILES = `- name: files
  file: {path: "{{ d }}/f{{ item }}", state: touch, mode: "0640", modification_time: preserve, access_time: preserve}
  loop: "{{ range(20) | list }}"`

test('a loop that makes twenty files takes one look and one trip', () =>
  run(FILES, (played, d) => {
    assert.equal(played.recap['one']?.changed, 1)
    assert.equal(new Set(items(played, 'files').map(one => one['changed'])), new Set([true]))
    for (let i = 0; i < 20; i++) assert.ok(existsSync(join(d, `f${i}`)), `f${i}`)
    assert.is(
      trips(played),
      4,
      'the first words of the shell, the look, the lock of the run, and all of the work with its proof',
    )
  }))

test('turns that pretend leave nothing to those that do not', () =>
  run(
    `- name: turns
  copy: {content: "{{ item.what }}", dest: "{{ d }}/{{ item.name }}"}
  check_mode: "{{ item.only }}"
  loop:
    - {name: a, what: one, only: true}
    - {name: a, what: two, only: false}
    - {name: a, what: two, only: true}
    - {name: b, what: one, only: false}
    - {name: c, what: one, only: false}
    - {name: c, what: two, only: true}
    - {name: c, what: one, only: false}`,
    (played, d) => {
      const told = items(played, 'turns').map(one => [one['changed'], one['failed'] === true])
      const changed = [true, true, false, true, true, true, false]
      assert.equal(
        told,
        changed.map(one => [one, false]),
      )
      assert.equal(
        ['a', 'b', 'c'].map(name => readFileSync(join(d, name), 'utf8')),
        ['two', 'one', 'one'],
      )
    },
  ))

test('what is there already is no part of it', () =>
  run(
    FILES,
    (played, d) => {
      const changed = items(played, 'files').map(one => one['changed'])
      assert.equal(
        changed,
        Array.from({ length: 20 }, (_, i) => i !== 0 && i !== 7),
      )
      assert.is(readFileSync(join(d, 'f7'), 'utf8'), 'kept')
      assert.is(trips(played), 4)
    },
    d => {
      for (const name of ['f0', 'f7']) {
        writeFileSync(join(d, name), 'kept')
        chmodSync(join(d, name), 0o640)
      }
    },
  ))

test('a turn that fails is told as that turn, and those behind it are made', () =>
  run(
    `- name: files
  copy: {dest: "{{ d }}/{{ item }}", content: "x"}
  loop: [a, b, none/c, e, f]
  ignore_errors: true`,
    (played, d) => {
      assert.equal(
        items(played, 'files').map(one => [one['item'], one['changed'], one['failed'] ?? false]),
        [
          ['a', true, false],
          ['b', true, false],
          ['none/c', false, true],
          ['e', true, false],
          ['f', true, false],
        ],
      )
      for (const name of ['a', 'b', 'e', 'f']) assert.is(readFileSync(join(d, name), 'utf8'), 'x')
    },
  ))

test('what is wrong with a turn is told of that turn alone', () =>
  run(
    `- name: files
  copy: {dest: "{{ d }}/{{ item }}", content: "one\\ntwo\\n"}
  loop: [a, b, c]
- name: expressions
  replace: {path: "{{ d }}/a", regexp: "{{ item }}", replace: x}
  loop: [one, '(', two]
  ignore_errors: true
- name: groups
  replace: {path: "{{ d }}/b", regexp: o, replace: "{{ item }}"}
  loop: [p, '\\9', q]
  ignore_errors: true
- name: lines
  lineinfile: {path: "{{ d }}/c", regexp: "{{ item }}", line: x}
  loop: [one, '(', two]
  ignore_errors: true`,
    (played, d) => {
      const went = (name: string) => items(played, name).map(one => [one['changed'], one['failed'] ?? false])
      for (const name of ['expressions', 'lines'])
        assert.equal(
          went(name),
          [
            [true, false],
            [false, true],
            [true, false],
          ],
          name,
        )
      assert.equal(
        went('groups').map(([, failed]) => failed),
        [false, true, false],
      )
      assert.equal(
        ['a', 'b', 'c'].map(name => readFileSync(join(d, name), 'utf8')),
        ['x\nx\n', 'pne\ntwp\n', 'x\nx\n'],
      )
    },
  ))

test('turns that touch the same each see what those before them left', () =>
  run(
    `- name: lines
  lineinfile: {path: "{{ d }}/f", line: "{{ item }}", create: true}
  loop: [c, a, b, a]`,
    (played, d) => {
      assert.is(readFileSync(join(d, 'f'), 'utf8'), 'c\na\nb\n')
      assert.equal(
        items(played, 'lines').map(one => one['changed']),
        [true, true, true, false],
      )
    },
  ))

test('a turn that changes nothing sees nothing of those behind it', () =>
  run(
    `- name: between
  file: {path: "{{ d }}/{{ item.0 }}", state: "{{ item.1 }}"}
  loop: [[a, directory], [b, absent], [b, directory], [a, directory], [c, directory], [c, absent]]`,
    (played, d) => {
      assert.equal(
        items(played, 'between').map(one => one['changed']),
        [true, false, true, false, true, true],
      )
      assert.equal([existsSync(join(d, 'b')), existsSync(join(d, 'c'))], [true, false])
    },
  ))

test('a turn that undoes another is done after it', () =>
  run(
    `- name: there and gone
  file: {path: "{{ d }}/f", state: "{{ item }}"}
  loop: [directory, absent, directory, absent]`,
    (played, d) => {
      assert.equal(
        items(played, 'there and gone').map(one => one['changed']),
        [true, true, true, true],
      )
      assert.not.ok(existsSync(join(d, 'f')))
    },
  ))

const ROUNDS: readonly [string, string][] = [
  ['by name', "{{ before.dest | default('none') | basename }}"],
  ['through a variable', '{{ last }}'],
  ['as one of vars', "{{ (vars['before'] | default({})).dest | default('none') | basename }}"],
  [
    'through hostvars',
    "{{ (hostvars[inventory_hostname]['before'] | default({})).dest | default('none') | basename }}",
  ],
]

for (const [how, text] of ROUNDS)
  test(`a turn that asks how the one before it went waits for it: ${how}`, () =>
    run(
      `- vars: {last: "{{ before.dest | default('none') | basename }}"}
  block:
  - name: chain
    copy: {dest: ${JSON.stringify(`{{ d }}/{{ item }}-${text}`)}, content: x}
    loop: [a, b, c]
    register: before`,
      (_played, d) => {
        assert.equal(
          readdirSync(d)
            .filter(name => name.includes('-'))
            .sort(),
          ['a-none', 'b-a-none', 'c-b-a-none'],
        )
      },
    ))

test('a turn that copies what the one before it made sees it', () =>
  run(
    `- name: on and on
  copy: {src: "{{ d }}/{{ item.0 }}", dest: "{{ d }}/{{ item.1 }}"}
  loop: [[a, b], [b, c], [c, d]]`,
    (_played, d) => assert.is(readFileSync(join(d, 'd'), 'utf8'), 'new'),
    d => {
      writeFileSync(join(d, 'a'), 'new')
      for (const name of ['b', 'c']) writeFileSync(join(d, name), 'old')
    },
  ))

test('texts that are too long for one trip go in several', () =>
  run(
    `- name: long
  copy: {dest: "{{ d }}/{{ item }}", content: "{{ 'x' * 30000 }}"}
  loop: "{{ range(20) | list }}"`,
    (played, d) => {
      for (let i = 0; i < 20; i++) assert.is(readFileSync(join(d, `${i}`), 'utf8').length, 30_000)
      assert.ok(trips(played) < 20, `${trips(played)} trips`)
    },
  ))

test('a turn that is left out is not made', () =>
  run(
    `- name: some
  file: {path: "{{ d }}/{{ item }}", state: directory}
  loop: [1, 2, 3, 4]
  when: item != 2`,
    (played, d) => {
      assert.equal(
        items(played, 'some').map(one => one['skipped'] ?? false),
        [false, true, false, false],
      )
      assert.not.ok(existsSync(join(d, '2')))
    },
  ))

test(
  'a long loop goes by its length, not by its square',
  () =>
    run(FILES.replace('range(20)', 'range(100)'), (played, d) => {
      assert.ok(existsSync(join(d, 'f99')))
      assert.ok(trips(played) <= 2 + 2 * 4, `${trips(played)} trips`)
    }),
  60_000,
)

test.run()
