import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { COLOUR_NAMES, COLOURS, colourCode, painter } from '../../src/report/style.ts'
import { suite } from '../support/suite.ts'

const test = suite('report/style')

const WORDS = [...COLOUR_NAMES, 'color0', 'color255', 'rgb000', 'rgb345', 'rgb555', 'gray0', 'gray23']

const NONE = ['', 'greenish', 'color256', 'color1000', 'rgb600', 'rgb12', 'gray24', 'Green', 'toString']
for (const word of NONE) test(`no colour: '${word}'`, () => assert.is(colourCode(word), undefined))

test('every line is coloured by itself, in the colour that its meaning has', () => {
  const paint = painter({ ...COLOURS, ok: 'rgb345' })
  assert.is(paint('a\n\nb', 'ok'), '\u001b[38;5;153ma\u001b[0m\n\n\u001b[38;5;153mb\u001b[0m')
  assert.is(paint('a', 'changed'), '\u001b[0;33ma\u001b[0m')
  assert.is(paint('a', 'plain'), 'a')
})

/** What Ansible, where it is installed, tells a terminal for each word, and which colour each meaning has. */
const PROGRAM = `
import json, sys
from ansible import constants
from ansible.utils.color import parsecolor
words, tones = json.load(sys.stdin)
print(json.dumps([[parsecolor(w) for w in words], [getattr(constants, 'COLOR_' + t.upper()) for t in tones]]))
`
const tones = Object.keys(COLOURS)
const asked = spawnSync('/usr/bin/python3', ['-c', PROGRAM], {
  input: JSON.stringify([WORDS, tones]),
  encoding: 'utf8',
  env: { HOME: '/nonexistent' },
})
if (asked.status !== 0) test.skip('codes and defaults are those of Ansible', 'ansible-core is not installed')
else
  test('codes and defaults are those of Ansible', () => {
    const [codes, names] = JSON.parse(asked.stdout)
    assert.equal(WORDS.map(colourCode), codes)
    assert.equal(Object.values(COLOURS), names)
  })

test.run()
