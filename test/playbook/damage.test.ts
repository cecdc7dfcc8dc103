import * as assert from 'uvu/assert'
import { suite } from '../support/suite.ts'
import { fuzz } from './fuzz/check.ts'

const test = suite('playbook: damaged projects give faults with places')
const COUNT = 500

test(`${COUNT} projects with one or two damaged files, by the code of regplay check`, async () => {
  // The same cases every time; `test/playbook/fuzz/run.ts SEED COUNT` looks at new ones
  const seed = Number(process.env['REGPLAY_SEED'] ?? 1)
  console.log(`seed ${seed} (REGPLAY_SEED)`)
  const { fine, faulty, bad } = await fuzz(seed, COUNT)
  assert.equal(bad, [], `seed ${seed}: node --import tsx test/playbook/fuzz/run.ts ${seed} ${COUNT}`)
  assert.ok(fine > COUNT / 20 && faulty > COUNT / 3, `${fine} without errors, ${faulty} with errors`)
}, 300_000)

test.run()
