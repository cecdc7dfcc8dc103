import * as assert from 'uvu/assert'
import { suite } from '../support/suite.ts'
import { compare, PYTHON, pythonIsThere } from './fuzz/compare.ts'

const test = suite('jinja: generated cases against Python')
const COUNT = 2000
const name = `${COUNT} generated expressions and templates give what Python's Jinja2 gives`

if (pythonIsThere())
  test(name, () => {
    // The same cases every time: what a new seed finds must not stand in the way of a change that has nothing to do with
    // it. `test/jinja/fuzz/run.ts SEED COUNT` looks at new ones.
    const seed = Number(process.env['REGPLAY_SEED'] ?? 1)
    console.log(`seed ${seed} (REGPLAY_SEED)`)
    const { values, errors, explained, differences } = compare(seed, COUNT)
    assert.equal(differences, [], `seed ${seed}: node --import tsx test/jinja/fuzz/run.ts ${seed} ${COUNT}`)
    assert.ok(values > COUNT / 2 && values + errors + explained > COUNT * 0.98, `${values} values, ${errors} errors`)
  }, 120_000)
else test.skip(name, `${PYTHON} with jinja2 and yaml is not here`)

test.run()
