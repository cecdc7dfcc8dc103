import { equal, is, throws } from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { dict, Float, float, fromJson, jsonLine, toJson, Unsafe, type Value, Vaulted } from '../../src/base/value.ts'
import { suite } from '../support/suite.ts'

const test = suite('base/value')

const JSON_OF: readonly (readonly [value: Value, data: unknown])[] = [
  [null, null],
  [new Float(1), 1],
  [12345678901234567890n, 12345678901234567890n],
  [5n, 5],
  [new Unsafe('{{ x }}'), '{{ x }}'],
  [new Vaulted('$ANSIBLE_VAULT'), '$ANSIBLE_VAULT'],
  [
    [1, [true]],
    [1, [true]],
  ],
  [
    new Map<Value, Value>([
      [null, 1],
      [true, 2],
      [new Float(1), 3],
      [new Float(0.5), 4],
      [7, 5],
    ]),
    { null: 1, true: 2, '1.0': 3, '0.5': 4, 7: 5 },
  ],
]
for (const [value, data] of JSON_OF) test(`as JSON: ${jsonLine(data)}`, () => equal(toJson(value), data))

test('integers of any length are written by their digits', () => {
  const value = dict({ a: [2n ** 70n, -(2n ** 64n), 12n, 2 ** 53], b: `${2n ** 70n}` })
  is(
    jsonLine(toJson(value)),
    '{"a":[1180591620717411303424,-18446744073709551616,12,9007199254740992],"b":"1180591620717411303424"}',
  )
  equal(fromJson(toJson(value)), dict({ ...Object.fromEntries(value), a: [2n ** 70n, -(2n ** 64n), 12, 2 ** 53] }))
  is(jsonLine({ a: [2n ** 64n] }, 1), '{\n "a": [\n  18446744073709551616\n ]\n}')
})

test('a key of any name is only a key', () => {
  const data = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as unknown
  const value = fromJson(data)
  equal(value instanceof Map && [...value.keys()], ['__proto__', 'constructor'])
  is(JSON.stringify(toJson(value)), '{"__proto__":{"a":1},"constructor":2}')
})

test('what is no JSON is no value', () => {
  throws(() => fromJson(() => 1), /function is not JSON/)
  throws(() => fromJson([Symbol('x')]), /symbol is not JSON/)
})

test('floats that look like ints are boxed', () => {
  is(float(1.5), 1.5)
  equal(
    [1, Number.NaN, Number.POSITIVE_INFINITY].map(number => float(number) instanceof Float),
    [true, true, true],
  )
})

test('a dict leaves out what is undefined', () => equal(dict({ a: 1, b: undefined }), new Map([['a', 1]])))

test('a secret is its label in every printed form', () => {
  const secret = new Secret('hunter2', 'password')
  for (const text of [String(secret), JSON.stringify({ secret }), `${secret}`]) is(text.includes('hunter2'), false)
  is(secret.same(new Secret('hunter2', 'other')), true)
  is(secret.same(undefined), false)
})

test.run()
