import { writeFileSync } from 'node:fs'
import { unreachable } from 'uvu/assert'
import { checkPlaybook } from '../../src/playbook/check.ts'
import { suite } from '../support/suite.ts'
import { context, tree } from './tree.ts'

const test = suite('playbook: damaged playbooks give faults, never exceptions')

const SAMPLE = `---
- name: One
  hosts: "web:&db"
  become: true
  vars: {x: 1, y: "{{ z | default('a') }}"}
  roles: [{role: r, when: "a == 1", p: [1, 2]}]
  tasks:
    - name: copy it
      copy: src=a dest="b c" mode=0644
      notify: restart
      environment: &env {A: "1"}
    - block:
        - command: ls -l creates=/x
          args: {chdir: /tmp}
          register: out
          until: out is ok
        - import_tasks: more.yml
          vars: {<<: *env, f: more}
      rescue: [{fail: {msg: "no"}}]
      when: [a, "b in c"]
      tags: "c,d"
    - debug: {msg: "{{ item }}"}
      with_items: [1, 2]
      loop_control: {loop_var: q, label: "{{ q }}"}
    - {include_role: {name: r}, vars: {k: !unsafe "{{ v }}"}}
  handlers:
    - {name: restart, service: {name: x, state: restarted}, listen: [foo]}
- import_playbook: two.yml
`
const PIECES = [
  '{{',
  '}}',
  '{%',
  '"',
  "'",
  '- ',
  ': ',
  '\n',
  '\n  ',
  '[',
  ']',
  '{',
  '}',
  '*env',
  '&a ',
  '!x ',
  '!vault ',
  '<<: ',
  '~',
  '#',
  '\t',
  '|',
  '>',
  '\0',
  '0644',
  'when',
  'block: ',
  'copy: ',
  'import_tasks: site.yml',
  'é',
  '\uD83D\uDE00',
  '?',
  '%',
  '@',
  ',',
]

/** A small generator of numbers (mulberry32), so that a seed gives the same run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** The sample with some cuts, repetitions and insertions. */
function damaged(random: (below: number) => number): string {
  let text = SAMPLE
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(text.length + 1)
    const length = random(30)
    const piece = PIECES[random(PIECES.length)] ?? ''
    const kinds = [
      () => text.slice(0, at) + piece + text.slice(at),
      () => text.slice(0, at) + text.slice(at + length),
      () => text.slice(0, at) + text.slice(at, at + length).repeat(2) + text.slice(at + length),
      () => text.slice(0, at) + piece + text.slice(at + length),
    ]
    text = kinds[random(kinds.length)]?.() ?? text
  }
  return text
}

test('random damage', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1e9)
  const files = { 'roles/r/tasks/main.yml': '- ping:\n', 'more.yml': '- ping:\n', 'two.yml': '- hosts: b\n' }
  const { path, remove } = tree({ 'site.yml': SAMPLE, ...files })
  const random = numbers(seed)
  try {
    for (let round = 0; round < Number(process.env['ROUNDS'] ?? 400); round++) {
      const text = damaged(random)
      writeFileSync(path('site.yml'), text)
      try {
        checkPlaybook(path('site.yml'), context())
      } catch (error) {
        unreachable(`SEED=${seed} round ${round}: ${error instanceof Error ? error.stack : error}\n${text}`)
      }
    }
  } finally {
    remove()
  }
}, 60_000)

test.run()
