import * as assert from 'uvu/assert'
import { InputError } from '../../src/base/diagnostic.ts'
import { toJson } from '../../src/base/value.ts'
import { toValue } from '../../src/source/node.ts'
import { parseExtraVars } from '../../src/vars/extra.ts'
import { short, withFiles } from '../inventory/support.ts'
import { suite } from '../support/suite.ts'

const test = suite('extra vars')

/** Arguments, variables. */
const GOOD: [string[], Record<string, unknown>][] = [
  [['a=1 b="x y" c=\'{{ a }}\''], { a: '1', b: 'x y', c: '{{ a }}' }],
  [['a='], { a: '' }],
  [['a=b=c'], { a: 'b=c' }],
  [['a=x#y'], { a: 'x#y' }],
  [
    ['a=C:\\dir b=x\\ny c="\\u00e4" d={{ x | default("a b") }}'],
    { a: 'C:\\dir', b: 'x\ny', c: 'ä', d: '{{ x | default("a b") }}' },
  ],
  [["a='b\"c' d=e'f g'h"], { a: 'b"c', d: "e'f g'h" }],
  [['{"a": 1, "b": [true, null]}'], { a: 1, b: [true, null] }],
  [['{a: yes, b: 0644}'], { a: true, b: 420 }],
  [['a=1', 'a=2', '{"a": 3}'], { a: 3 }],
  [[' '], {}],
]
for (const [args, vars] of GOOD)
  test(args.join(' | '), () => {
    const { vars: got, faults } = parseExtraVars(args)
    assert.equal(faults, [])
    assert.equal(Object.fromEntries([...got].map(([name, entry]) => [name, toJson(toValue(entry.node))])), vars)
  })

test('a dict of a later one is laid over that of an earlier one where dicts are merged', () => {
  const { vars } = parseExtraVars(
    ['{"a": {"x": 1, "l": [1]}, "b": {}}', '{"a": {"y": 2, "l": [2]}}', 'b=t'],
    undefined,
    true,
  )
  const [a, b] = ['a', 'b'].map(name => vars.get(name)?.node)
  assert.equal(a && toJson(toValue(a)), { x: 1, l: [2], y: 2 })
  assert.is(b && toValue(b), 't')
})

/** Arguments, faults. */
const BAD: [string[], string[]][] = [
  [['a'], ['1:1 extra-vars']],
  [['x=1 a'], ['1:5 extra-vars']],
  [['a="b'], ['1:1 extra-vars']],
  [['a={{ b'], ['1:1 extra-vars']],
  [['@'], ['1:1 extra-vars']],
  [['[1]'], ['1:1 extra-vars']],
  [['a-b=1'], ['1:5 variable-name']],
  [['1a=1'], ['1:4 variable-name']],
  [['for=1'], ['1:5 variable-name']],
  [['{"a b": 1, "c": 2}'], ['1:9 variable-name']],
]
for (const [args, faults] of BAD)
  test(`refused: ${args.join(' | ')}`, () => assert.equal(short(parseExtraVars(args).faults), faults))

test('broken JSON has a place', () => assert.is(parseExtraVars(['{bad json']).faults[0]?.span?.file, '-e'))

test('files', () =>
  withFiles({ 'v.yml': 'a: 1\nb: {c: "{{ a }}"}\n', 'l.yml': '- a\n' }, dir => {
    const { vars, faults } = parseExtraVars([`@${dir}/v.yml`, 'a=2'])
    assert.equal(faults, [])
    assert.is(vars.get('b')?.span.line, 2)
    assert.is(vars.get('a')?.origin, 'extra vars')
    assert.is(parseExtraVars([`@${dir}/l.yml`]).faults[0]?.code, 'vars-shape')
    assert.throws(
      () => parseExtraVars([`@${dir}/none`]),
      (error: Error) => error instanceof InputError && error.exit === 66,
    )
  }))

test.run()
