import { existsSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import modprobe from '../../src/modules/modprobe.ts'
import { brief, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/modprobe')

const IN = { loaded: true, loadable: true }
const OUT = { loaded: false, loadable: true }
const file = (name: string, text: string) => ({ name, bytes: Buffer.from(text) })
const LOADS = '/etc/modules-load.d'
const OPTIONS = '/etc/modprobe.d'

const CASES: Record<string, [wish: Record<string, unknown>, seen: Record<string, unknown>, wanted: string[]]> = {
  'it is there': [{}, { now: IN }, []],
  'it is not there': [{ params: 'a=1 b="2 3"' }, { now: OUT }, ['dummy: absent -> loaded']],
  'it goes': [{ state: 'absent' }, { now: IN }, ['dummy: loaded -> absent']],
  'nothing can load it': [{}, { now: { ...OUT, loadable: false } }, ['refuse: web1 has no modprobe']],
  'it is there, and is not after a reboot': [
    { persistent: 'present' },
    { now: IN, loads: [file('x.conf', '#dummy\n')], options: [] },
    [`${LOADS}/dummy.conf: absent -> the wanted lines`],
  ],
  'somebody else sees to it': [
    { persistent: 'present', params: 'a=1 b=2' },
    {
      now: IN,
      loads: [file('x.conf', ' dummy # x\n')],
      options: [file('o', 'options dummy b=2\noptions dummy a=1\n')],
    },
    [],
  ],
  'its parameters change': [
    { persistent: 'present', params: 'a=1' },
    { now: IN, loads: [file('x', 'dummy')], options: [file('o', 'options dummy a=2\n'), file('dummy.conf', 'x\n')] },
    [`${OPTIONS}/o: other lines -> the wanted lines`, `${OPTIONS}/dummy.conf: other lines -> the wanted lines`],
  ],
  'it is there until the next start': [
    { persistent: 'absent' },
    { now: IN, loads: [file('x', 'a\ndummy\n')], options: 'absent' },
    [`${LOADS}/x: other lines -> the wanted lines`],
  ],
  'directories are made': [
    { persistent: 'present' },
    { now: IN, loads: 'absent', options: 'absent' },
    [`${LOADS}: absent -> directory`, `${LOADS}/dummy.conf: absent -> the wanted lines`],
  ],
}

for (const [title, [wish, seen, wanted]] of Object.entries(CASES))
  test(title, () =>
    assert.equal(
      brief(planWith(modprobe, { name: 'dummy', ...wish }, { loads: [], options: [], ...seen }, debian)),
      wanted,
    ),
  )

test('words of the shell are given as they are', () => {
  const plan = planWith(modprobe, { name: 'dummy', params: 'b="2 3"' }, { now: OUT, loads: [], options: [] }, debian)
  assert.match(
    plan.kind === 'change' && plan.edits[0]?.by.kind === 'run' ? plan.edits[0].by.script.shown : '',
    /dummy 'b=2 3'$/,
  )
})

const kernel = existsSync('/proc/modules') ? readFileSync('/proc/modules', 'utf8') : ''
const [loaded] = /^\w+(?= )/m.exec(kernel) ?? []
for (const shell of SHELLS) {
  test(`${shell[0]}: a module that nobody has is not there`, async () =>
    assert.match(
      brief(await planHere(modprobe, { name: 'regplay_none' }, debian, shell)).join(),
      /^(regplay_none: absent -> loaded|refuse: web1 has no modprobe)$/,
    ))
  if (loaded === undefined) test.skip(`${shell[0]}: a module that is loaded is seen`, 'this kernel has none loaded')
  else
    test(`${shell[0]}: a module that is loaded is seen`, async () =>
      assert.equal(brief(await planHere(modprobe, { name: loaded }, debian, shell)), []))
}

test.run()
