import * as assert from 'uvu/assert'
import { toJson } from '../../src/base/value.ts'
import { evaluate } from '../../src/jinja/engine.ts'
import { TemplateError } from '../../src/jinja/errors.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: filters of collections')

const ask = (expression: string): unknown => toJson(evaluate(expression, { get: () => undefined, names: () => [] }))

/** What community.general documents, and passlib and Python answer. */
const ANSWERS: Record<string, unknown> = {
  '[[1, 2], ["a", "b"]] | community.general.dict': { 1: 2, a: 'b' },
  '"v" | community.general.dict_kv("k")': { k: 'v' },
  '["a", "b", "a"] | community.general.counter': { a: 2, b: 1 },
  '[{"n": "a", "x": 1}, {"n": "b"}] | community.general.groupby_as_dict("n")': { a: { n: 'a', x: 1 }, b: { n: 'b' } },
  '[1, 2] | community.general.lists_union([2, 3], [4])': [1, 2, 3, 4],
  '[[1, 2], [2, 3]] | community.general.lists_union(flatten=true)': [1, 2, 3],
  '[1, 2, 3] | community.general.lists_intersect([2, 3, 4], [3])': [3],
  '[1, 2, 3] | community.general.lists_difference([2], [3])': [1],
  '[1, 2] | community.general.lists_symmetric_difference([2, 3])': [1, 3],
  '[{"n": "b", "x": 1}, {"n": "a"}] | community.general.lists_mergeby([{"n": "b", "y": 2}], "n")': [
    { n: 'a' },
    { n: 'b', x: 1, y: 2 },
  ],
  '[[{"n": "a", "l": [1]}], [{"n": "a", "l": [2]}]] | lists_mergeby(index="n", list_merge="append", recursive=true)': [
    { n: 'a', l: [1, 2] },
  ],
  '["2.10", "2.9", "2.1"] | community.general.version_sort': ['2.1', '2.9', '2.10'],
  '["2.10", "2.9"] | version_sort(reverse=true)': ['2.10', '2.9'],
  '[{"a_x": 1, "b": 2}] | community.general.keep_keys(target=["a_x"])': [{ a_x: 1 }],
  '[{"a_x": 1, "b": 2}] | keep_keys("a_", matching_parameter="starts_with")': [{ a_x: 1 }],
  '[{"a_x": 1, "b": 2}] | community.general.remove_keys(target="_x$", matching_parameter="regex")': [{ b: 2 }],
  '[{"a": 1, "b": 2}] | community.general.replace_keys(target=[{"before": "a", "after": "z"}])': [{ z: 1, b: 2 }],
  '{"a": 1, "b": 2} | ansible.utils.keep_keys(target=["a"])': { a: 1 },
  '"x,y\\n1,2\\n" | community.general.from_csv': [{ x: '1', y: '2' }],
  '"1;2" | from_csv(delimiter=";", fieldnames=["p", "q"])': [{ p: '1', q: '2' }],
  '"[s]\\nK=v\\n" | community.general.from_ini': { s: { k: 'v' } },
  '{"s": {"k": 1}} | community.general.to_ini': '[s]\nk = 1\n\n',
  '"1h 30m" | community.general.to_minutes': 90,
  '"1d 1h" | to_seconds': 90_000,
  '"90s" | community.general.to_time_unit("m")': 1.5,
  '"hello" | community.general.crc32': '3610a686',
  '"e\u0301" | community.general.unicode_normalize | length': 1,
  "'secret' | password_hash('md5', 'saltsalt')": '$1$saltsalt$9xy1btjgzLYfb7hivXtC//',
  "'secret' | password_hash('bcrypt', '1234567890123456789012', rounds=4)":
    '$2b$04$123456789012345678901u//h8y7tq3SNKU3W0iQ9NrkyT8n5fXPS',
  "'secret' | password_hash('blowfish', '1234567890123456789012', rounds=4, ident='2a') | truncate(7, true, '', 0)":
    '$2a$04$',
  "'x' | password_hash('bcrypt', rounds=4) is match('[$]2b[$]04[$].{53}$')": true,
  "'x' | password_hash('md5') is match('[$]1[$].{8}[$].{22}$')": true,
}

for (const [expression, wanted] of Object.entries(ANSWERS))
  test(expression, () => assert.equal(ask(expression), wanted))

const FAULTS: Record<string, RegExp> = {
  '[[1]] | community.general.dict': /pairs/,
  '[{"n": 1}, {"n": 1}] | groupby_as_dict("n")': /there twice/,
  '["1.0", "a"] | version_sort': /cannot be compared/,
  '[1] | keep_keys("a")': /a list of dicts is wanted, got int/,
  '[{}] | keep_keys("a", matching_parameter="like")': /matching_parameter must be/,
  '"1x" | to_seconds': /'x' is no unit of time/,
  '"a" | from_csv(dialect="nope")': /no dialect/,
  "'x' | password_hash('bcrypt', 'short')": /22 letters/,
  "'x' | password_hash('bcrypt', '1234567890123456789012', rounds=30)": /take too long/,
  "'x' | password_hash('md5', 'longer than eight')": /at most 8 letters/,
}

for (const [expression, wanted] of Object.entries(FAULTS))
  test(`${expression} is wrong`, () =>
    assert.throws(
      () => ask(expression),
      (error: unknown) => error instanceof TemplateError && wanted.test(error.message),
    ))

test.run()
