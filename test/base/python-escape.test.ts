import { spawnSync } from 'node:child_process'
import { equal, is, throws } from 'uvu/assert'
import { BadEscape, unescapeArgument, unescapeLiteral } from '../../src/base/python-escape.ts'
import { suite } from '../support/suite.ts'

const test = suite('base/python-escape')

/** What stands between the quotes of a literal; `undefined` where Python refuses it. */
const LITERALS: readonly (readonly [body: string, value: string | undefined])[] = [
  ['', ''],
  ['plain é 😀', 'plain é 😀'],
  ['a\\nb\\tc\\rd', 'a\nb\tc\rd'],
  ['\\a\\b\\f\\v', '\x07\b\f\v'],
  ['\\\\n', '\\n'],
  ['\\\\\\n', '\\\n'],
  ['\\"\\\'', '"\''],
  ['\\x41\\xe9', 'Aé'],
  ['\\x4', undefined],
  ['\\xg1', undefined],
  ['\\u00e9\\u20AC', 'é€'],
  ['\\u00e', undefined],
  ['\\U0001F600', '😀'],
  ['\\U0010FFFF', '\u{10ffff}'],
  ['\\U00110000', undefined],
  ['\\U1F600', undefined],
  ['\\0', '\0'],
  ['\\101\\1012', 'AA2'],
  ['\\18', '\x018'],
  ['\\777', '\u01ff'],
  ['\\8', '\\8'],
  ['\\q\\é\\😀', '\\q\\é\\😀'],
  ['a\\\nb', 'ab'],
  ['\\N', undefined],
]
for (const [body, value] of LITERALS)
  test(`literal ${JSON.stringify(body)}`, () => {
    if (value === undefined)
      throws(
        () => unescapeLiteral(body),
        (error: unknown) => error instanceof BadEscape,
      )
    else is(unescapeLiteral(body), value)
  })

test('a refused escape is told by its place', () => {
  throws(
    () => unescapeLiteral('ab\\n\\x4'),
    (error: unknown) => error instanceof BadEscape && error.at === 4,
  )
  throws(() => unescapeLiteral('\\N{BULLET}'), /by name/)
})

const PYTHON = `
import ast, json, sys, warnings
warnings.simplefilter('ignore')
def value(body):
    try:
        return ast.literal_eval('"""' + body + '"""')
    except (SyntaxError, ValueError):
        return None
print(json.dumps([value(body) for body in json.load(sys.stdin)]))
`
const asked = spawnSync('python3', ['-c', PYTHON], {
  input: JSON.stringify(LITERALS.map(([body]) => body)),
  encoding: 'utf8',
})
if (asked.error) test.skip('the table is what Python says', 'there is no python3 here')
else
  test('the table is what Python says', () => {
    is(asked.status, 0, asked.stderr)
    const bodies = LITERALS
    const said = JSON.parse(asked.stdout) as (string | null)[]
    equal(
      bodies.map(row => said[LITERALS.indexOf(row)] ?? undefined),
      bodies.map(([, value]) => value),
    )
  })

/** Beyond what free-form.json holds from Ansible: what stays as it is written. */
const ARGUMENTS: readonly (readonly [text: string, value: string])[] = [
  ['a\\nb\\x41\\u00e9\\U0001F600', 'a\nbAé😀'],
  ['\\101 \\0 \\x4 \\q \\N{BULLET}', '\\101 \\0 \\x4 \\q \\N{BULLET}'],
  ['\\U00110000', '\\U00110000'],
  ['a\\\nb', 'a\\\nb'],
  ['\\\\n', '\\n'],
]
for (const [text, value] of ARGUMENTS) test(`argument ${JSON.stringify(text)}`, () => is(unescapeArgument(text), value))

test.run()
