import * as assert from 'uvu/assert'
import { toJson } from '../../src/base/value.ts'
import { pythonLiteral } from '../../src/inventory/literal.ts'
import { splitWords } from '../../src/inventory/words.ts'
import { suite } from '../support/suite.ts'

const test = suite('inventory words and literals')

/** Text, words (what Python's shlex.split(text, comments=True) gives). */
const WORDS: [string, string[]][] = [
  ['a b  c', ['a', 'b', 'c']],
  ['h x="a b" y=\'c "d"\'', ['h', 'x=a b', 'y=c "d"']],
  ['a"b"c', ['abc']],
  ['a\\ b', ['a b']],
  ['"a\\"b\\n"', ['a"b\\n']],
  ["'a\\b'", ['a\\b']],
  ['a # b', ['a']],
  ['a b#c d', ['a', 'b']],
  ['a "#b"', ['a', '#b']],
  ["x='' y", ['x=', 'y']],
  ['', []],
]
for (const [line, words] of WORDS)
  test(`words of ${line}`, () =>
    assert.equal(
      splitWords(line).words.map(word => word.text),
      words,
    ))

test('an open quote is found at its column', () => assert.is(splitWords('h x="a b').fault?.col, 5))
test('a backslash at the end is a fault', () => assert.is(splitWords('h x\\').fault?.col, 4))
test('a comment in a word is told', () => assert.is(splitWords('h p=a#b').cutAt, 6))

/** Text, value as JSON (what ast.literal_eval gives), or undefined for text that is no literal. */
const LITERALS: [string, unknown][] = [
  ['1', 1],
  ['-1', -1],
  ['0x1f', 31],
  ['0o17', 15],
  ['0b101', 5],
  ['1_000', 1000],
  ['0644', undefined],
  ['00', 0],
  ['1.5', 1.5],
  ['1e3', 1000],
  ['.5', 0.5],
  ['5.', 5],
  ['1.2.3.4', undefined],
  ['10.0.0.1', undefined],
  ['True', true],
  ['False # comment', false],
  ['None', null],
  ['true', undefined],
  ['Truest', undefined],
  ['"a b"', 'a b'],
  ["'it''s'", 'its'],
  ["'a\\tb\\x41\\u00e9'", 'a\tbAé'],
  ["r'a\\tb'", 'a\\tb'],
  ["'''a'''", 'a'],
  ['[1, "a", [True]]', [1, 'a', [true]]],
  ['[1,]', [1]],
  ['(1)', 1],
  ['(1,)', [1]],
  ['()', []],
  ['1, 2', [1, 2]],
  ['{"a": 1, "b": {"c": []}}', { a: 1, b: { c: [] } }],
  ['{1, 2}', [1, 2]],
  ['set()', []],
  ['[set(), {3}, ..., 2j, 1.5, 1e3]', [[], [3], '...', '2j', 1.5, 1000]],
  ['set', undefined],
  ['1j2', undefined],
  ['{}', {}],
  ['[1', undefined],
  ['{"a": }', undefined],
  ['{[]: 1}', undefined],
  ['hello', undefined],
  ['{{ x }}', undefined],
  ['{{ 1 }}', undefined],
  ['"{{ x }}"', '{{ x }}'],
  ['a,b', undefined],
  ['', undefined],
  ['8080 # all members', 8080],
  ['"a" + "b"', undefined],
  ['12345678901234567890', 12345678901234567890n],
  ['['.repeat(200), undefined],
]
for (const [text, value] of LITERALS)
  test(`literal ${text.slice(0, 40)}`, () => {
    const got = pythonLiteral(text)
    assert.equal(got === undefined ? undefined : toJson(got), value)
  })

test.run()
