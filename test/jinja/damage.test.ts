import * as assert from 'uvu/assert'
import { SEED } from '../support/seed.ts'
import { suite } from '../support/suite.ts'
import { crashes } from './fuzz/crash.ts'

const test = suite('jinja: damaged templates')
const COUNT = 800

test(`${COUNT} damaged templates give values or errors of ours`, () => {
  console.log(`seed ${SEED} (REGPLAY_SEED)`)
  const result = crashes(SEED, COUNT)
  assert.equal(result.crashes, [], `seed ${SEED}: node --import tsx test/jinja/fuzz/run-crash.ts ${SEED} ${COUNT}`)
  assert.ok(result.values > 0 && result.errors > COUNT / 4)
}, 300_000)

test.run()
