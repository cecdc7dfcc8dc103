import * as assert from 'uvu/assert'
import { suite } from '../support/suite.ts'
import { crashes } from './fuzz/crash.ts'

const test = suite('jinja: damaged templates')
const COUNT = 800

test(`${COUNT} damaged templates give values or errors of ours`, () => {
  const seed = Number(process.env['REGPLAY_SEED'] ?? Date.now() % 1_000_000)
  console.log(`seed ${seed} (REGPLAY_SEED)`)
  const result = crashes(seed, COUNT)
  assert.equal(result.crashes, [], `seed ${seed}: node --import tsx test/jinja/fuzz/run-crash.ts ${seed} ${COUNT}`)
  assert.ok(result.values > 0 && result.errors > COUNT / 4)
}, 300_000)

test.run()
