import * as assert from 'uvu/assert'
import { type Answer, answer } from '../../src/cli/eval-batch.ts'
import { checkSyntax } from '../../src/jinja/engine.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: what took the square of the time, all memory or left the language')

const asked = (kind: 'E' | 'T', source: string): Answer => answer(JSON.stringify({ kind, source, context: {} }))

/** Doubles a list in itself: 2 to the power of 30 parts, written with 30. */
const DOUBLED =
  '{% set ns = namespace(x=[], y=[]) %}{% for i in range(30) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}'

/** What a template or expression gives; an error by its beginning. Each has the time of one test. */
const CASES: readonly (readonly ['E' | 'T', source: string, wanted: unknown])[] = [
  ['T', '{% set d = {} %}{% for i in range(50000) %}{% do d.update({i: 1}) %}{% endfor %}{{ d | length }}', '50000'],
  ['E', 'range(200000) | unique | length', { $i: '200000' }],
  ['E', 'range(100000) is subset(range(100000))', true],
  ['E', 'range(100000) | community.general.lists_intersect(range(50000)) | length', { $i: '50000' }],
  ['T', `${DOUBLED}{{ ns.x == ns.y }}`, 'more than 10,000,000 parts'],
  ['T', `${DOUBLED}{{ ns.x | string | length }}`, 'a text grows'],
  ['E', '[[[1] * 1000] * 1000] * 1000', 'the value has more than'],
  ['T', "{% for x in ['a'] recursive %}{{ loop('a' * 10 ** 7) }}{% endfor %}", 'the template does more than'],
  ['E', '[] * 10 ** 9', []],
  ['E', '[] | product(repeat=10 ** 9)', 'the template does more than'],
  ['E', 'dict(*range(200000))', 'dict() takes 1'],
  ['E', "[1, 2, 3] | shuffle(seed='a' * 10 ** 7) | length", { $i: '3' }],
  ['E', `('"' ~ 'a' * 10 ** 7 ~ '"') | from_json | length`, { $i: '10000000' }],
  ['E', "('[s]\\n' ~ 'a' ~ ' ' * 200000 ~ 'b') | community.general.from_ini", 'line 2 of the INI file'],
  ['E', "(' ' * 20000 ~ '!') | human_to_bytes", "human_to_bytes() can't interpret"],
  ['E', "('1' * 200000 ~ '!') | human_to_bytes", "human_to_bytes() can't interpret"],
  ['E', "('<!--a>' * 200000) | striptags", ''],
  ['E', "(('a' * 18 ~ 'b') * 30000) | regex_replace('(a+)+c|.', '-')", 'the regular expression takes too long'],
  ['E', "'1.0' is version('1.0+abc', '<', version_type='pep440')", true],
  ['E', "'1.0+abc' is version('1.0', '<=', version_type='pep440')", false],
  ['E', "'10 MB' | human_to_bytes", { $i: '10485760' }],
  ['E', "' .5 KB ' | human_to_bytes", { $i: '512' }],
  ['E', "'/etc/[z-a]*' | fileglob", []],
  ['E', "'/etc/passwd/*' | fileglob", []],
  ['E', "'/etc/[]p]asswd' | fileglob", ['/etc/passwd']],
  ['E', "'/etc/[^p]asswd' | fileglob", ['/etc/passwd']],
  ['E', "'/etc/[!a]asswd' | fileglob", ['/etc/passwd']],
  ['E', "'\\0/*' | fileglob", 'embedded null byte'],
  ['E', "lookup('pipe', 'a\\0')", 'The argument'],
  ['E', "'a' | b64encode('constructor')", "the encoding 'constructor'"],
  ['E', "('2020-01-01 00:00:00' | to_datetime).constructor", "'datetime object' has no attribute"],
]

for (const [kind, source, wanted] of CASES)
  test(source.slice(0, 100), () => {
    const given = asked(kind, source)
    if ('v' in given) assert.equal(given.v, wanted)
    else assert.match(given.err, new RegExp(String(wanted).replace(/[()[\]{}.+*?^$]/g, '\\$&')))
  }, 60_000)

/** Texts that are long rather than deep are read, and in no more than their share of time. */
const LONG: Readonly<Record<string, string>> = {
  'a list of 300,000 items': `{{ [${'1,'.repeat(300_000)}] }}`,
  'a print statement of 200,000 values': `{% print ${Array(200_000).fill('1').join(',')} %}`,
  'a call with 30,000 names': `{{ f(${Array.from({ length: 30_000 }, (_, index) => `a${index}=1`).join(',')}) }}`,
  'a string of 1,000,000 escapes': `{{ '${'\\\\a'.repeat(1_000_000)}' }}`,
}
for (const [title, text] of Object.entries(LONG))
  test(title, () => assert.equal(checkSyntax(text, 'template'), []), 60_000)

test('what is settled is looked at once, however often it stands in a list', () => {
  const given = asked('T', `${DOUBLED}{{ [ns.x][0] is defined }}`)
  assert.equal(given, { v: 'True' })
})

test.run()
