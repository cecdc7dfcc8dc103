import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { fromJson, toJson } from '../../src/base/value.ts'
import { evaluate } from '../../src/jinja/engine.ts'
import { TemplateError } from '../../src/jinja/errors.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: json_query')

interface Case {
  readonly expression: string
  readonly value?: unknown
  readonly error?: string
}

const { data, cases } = JSON.parse(readFileSync(new URL('jmespath.json', import.meta.url), 'utf8')) as {
  data: unknown
  cases: readonly Case[]
}

function query(expression: string): unknown {
  const values = new Map([
    ['data', fromJson(data)],
    ['expression', expression],
  ])
  return toJson(
    evaluate('data | json_query(expression)', { get: name => values.get(name), names: () => values.keys() }),
  )
}

for (const { expression, value, error } of cases)
  test(`${expression}${error === undefined ? '' : ' is wrong'}`, () => {
    if (error === undefined) assert.equal(query(expression), value)
    else
      assert.throws(
        () => query(expression),
        (thrown: unknown) => thrown instanceof TemplateError,
      )
  })

test('an unknown function is told with a guess', () => {
  assert.throws(() => query('lenght(services)'), /there is no function lenght\(\); did you mean 'length'\?/)
})

test('nesting has an end', () => {
  for (const deep of [`${'('.repeat(5000)}a${')'.repeat(5000)}`, `a${'.b'.repeat(50_000)}`, `${'!'.repeat(5000)}a`])
    assert.throws(
      () => query(deep),
      (thrown: unknown) => thrown instanceof TemplateError,
    )
})

test.run()
