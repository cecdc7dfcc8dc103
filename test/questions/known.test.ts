import * as assert from 'uvu/assert'
import { known } from '../../src/questions/known.ts'
import { suite } from '../support/suite.ts'

const test = suite('questions/known')

test('equal answers are equal questions, and no others', () => {
  const answers = [
    undefined,
    null,
    false,
    '',
    0,
    {},
    [],
    new Map(),
    new Set(),
    { uid: undefined },
    new Map([[1, 2]]),
    '{}',
  ]
  assert.is(new Set(answers.map(answer => known(answer).key)).size, answers.length)
  assert.is(
    known({ a: new Map([['b', 'x'.repeat(20_000)]]) }).key,
    known({ a: new Map([['b', 'x'.repeat(20_000)]]) }).key,
  )
  assert.is.not(known('x'.repeat(20_000)).key, known(`${'x'.repeat(20_000)}y`).key)
})

test.run()
