import * as assert from 'uvu/assert'
import { selected } from '../../src/run/tags.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/tags')

/** tags of the task, --tags, --skip-tags, and whether it runs: as ansible-playbook decides. */
const CASES: readonly [string[], string[], string[], boolean][] = [
  [[], [], [], true],
  [['a'], [], [], true],
  [['a'], ['a'], [], true],
  [['a'], ['b'], [], false],
  [[], ['a'], [], false],
  [['a'], [], ['a'], false],
  [['a', 'b'], ['a'], ['b'], false],
  [['always'], ['b'], [], true],
  [['always'], ['b'], ['always'], false],
  [['always'], [], ['always'], false],
  [['always', 'a'], [], ['a'], false],
  [['never'], [], [], false],
  [['never', 'a'], ['a'], [], true],
  [['never'], ['never'], [], true],
  [['never'], ['all'], [], false],
  [['a'], ['tagged'], [], true],
  [[], ['tagged'], [], false],
  [[], ['untagged'], [], true],
  [['a'], ['untagged'], [], false],
  [['a'], [], ['tagged'], false],
  [[], [], ['untagged'], false],
  [['a'], ['all'], [], true],
]

for (const [tags, only, skip, runs] of CASES) {
  test(`[${tags}] with --tags [${only}] --skip-tags [${skip}] ${runs ? 'runs' : 'is left out'}`, () => {
    assert.is(selected(tags, only, skip), runs)
  })
}

test.run()
