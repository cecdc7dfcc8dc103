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
]
for (const [said, out] of heard)
  test(`heard: ${said}`, async () => {
    const { result } = await play(tasks(said))
    assert.is(String(result('look').result['stdout']).trim(), out)
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
