import * as assert from 'uvu/assert'
import { play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

const test = suite('environment')

const tasks = (environment: string): string => `- hosts: all
  gather_facts: false
  environment:
    OUTER: from the play
    BOTH: play
  vars:
    empty: ''
  tasks:
    - name: look
      command: printenv OUTER BOTH
      environment: ${environment}
`

const heard: [said: string, out: string][] = [
  ['{BOTH: task}', 'from the play\ntask'],
  ['[{BOTH: one}, {BOTH: "it\'s two"}]', "from the play\nit's two"],
  ["{BOTH: ''}", 'from the play'],
  ['{BOTH: 7}', 'from the play\n7'],
  ['"{{ empty }}"', 'from the play\nplay'],
  ['{OUTER: "{{ nope | default(omit) }}", BOTH: task}', 'from the play\ntask'],
  ['"{{ omit }}"', 'from the play\nplay'],
]
for (const [said, out] of heard)
  test(`heard: ${said}`, async () => {
    const { result } = await play(tasks(said))
    assert.is(String(result('look').result['stdout']).trim(), out)
  })

test('facts tell what the environment of their task adds; what is made of facts is left out', async () => {
  const { said } = await play(`- hosts: all
  gather_subset: [min]
  environment: { NEAR: play, PATH: "{{ ansible_env.PATH }}:/more", HOME: /elsewhere }
  tasks:
    - debug: { msg: "{{ ansible_env.NEAR }} {{ '/more' in ansible_env.PATH }} {{ ansible_env.HOME }}" }
    - { setup: { gather_subset: min }, environment: { NEAR: task } }
    - debug: { msg: "{{ ansible_env.NEAR }} {{ ansible_facts.env.NEAR }}" }
`)
  assert.equal(said, ['one play False /elsewhere', 'one task task'])
})

const refused: [said: string, words: RegExp][] = [
  ['{BOTH: x, NO-NAME: y}', /play\.yml:11:30: error: 'NO-NAME' cannot be the name of an environment variable/],
  ['{1A: y}', /play\.yml:11:21: error: '1A' cannot be the name/],
  ['"{{ {\'A B\': 1} }}"', /play\.yml:11:21: error: 'A B' cannot be the name/],
  ['"{{ 7 }}"', /play\.yml:11:21: error: the environment is '7', not a mapping/],
]
for (const [said, words] of refused)
  test(`refused: ${said}`, async () => {
    const { result } = await play(tasks(said))
    assert.is(result('look').status, 'failed')
    assert.match(result('look').msg ?? '', words)
  })

test.run()
