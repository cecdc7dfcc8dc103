import assert from 'node:assert/strict'
import { dict, type Value } from '../../src/base/value.ts'
import { evaluate, render, renderText } from '../../src/jinja/engine.ts'
import { TemplateError, type TemplateFault } from '../../src/jinja/errors.ts'
import type { Scope } from '../../src/jinja/options.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: limits and refusals')
const values = new Map<string, Value>([
  ['x', 'text'],
  ['n', 5],
  ['lst', [1, 2]],
  ['d', dict({ a: 1, constructor: 'mine' })],
])
const scope: Scope = { get: name => values.get(name), names: () => values.keys() }

/** Runs it and gives the code of the TemplateError that it must throw. */
function code(run: () => unknown): TemplateFault | string {
  try {
    run()
  } catch (error) {
    return error instanceof TemplateError ? error.code : String(error)
  }
  return 'nothing was thrown'
}

const MANY = 20_000

const TOO_MUCH: readonly (readonly [string, string])[] = [
  ['parentheses', `${'('.repeat(MANY)}1${')'.repeat(MANY)}`],
  ['lists', `${'['.repeat(MANY)}${']'.repeat(MANY)}`],
  ['dicts', `${'{1:'.repeat(MANY)}1${'}'.repeat(MANY)}`],
  ['negations', `${'-'.repeat(MANY)}1`],
  ['nots', `${'not '.repeat(MANY)}1`],
  ['additions', Array(MANY).fill('1').join('+')],
  ['comparisons in calls', `${'dict(a='.repeat(MANY)}1${')'.repeat(MANY)}`],
  ['conditionals', `${'1 if 1 else '.repeat(MANY)}1`],
  ['subscripts', `lst${'[0]'.repeat(MANY)}`],
  ['filters', `lst${'|list'.repeat(MANY)}`],
  ['or chains', Array(MANY).fill('0').join(' or ')],
  ['a range', 'range(10 ** 9) | list'],
  ['a repeated text', "'a' * 10 ** 9"],
  ['a repeated list', '[0] * 10 ** 9'],
  ['a repeated tuple', '(0,) * 10 ** 9'],
  ['a power', '9 ** (9 ** 9)'],
  ['a product of powers', '(2 ** 150000) * (2 ** 150000)'],
  ['a width', "'%1000000000d' % 1"],
  ['a width in braces', "'{:1000000000}'.format(1)"],
  ['centering', "'a'.center(10 ** 9)"],
  ['centering by filter', "'a' | center(10 ** 9)"],
  ['padding', "'a'.ljust(10 ** 9)"],
  ['zeros', "'1'.zfill(10 ** 9)"],
  ['replacing', "('a' * 10 ** 6).replace('a', 'b' * 10 ** 3)"],
  ['joining', "('a' * 10 ** 6) | list | join('b' * 10 ** 3)"],
  ['a product', 'range(1000) | product(range(1000), range(1000)) | list'],
  ['permutations', 'range(20) | permutations | list'],
  ['a batch', '[1] | batch(10 ** 9, 0)'],
  ['a slice', '[1] | slice(10 ** 9)'],
  ['nested repeats on no match', `('a' * 28 ~ '!') is match('(a+)+$')`],
  ['alternatives repeated', `('a' * 40 ~ '!') is match('(a|aa)+$')`],
  ['a sequence', "query('sequence', 'end=1000000000')"],
  ['an indent', "'a\\nb' | indent(10 ** 9)"],
]

for (const [name, source] of TOO_MUCH) {
  test(`too much: ${name}`, () =>
    assert.equal(
      code(() => evaluate(source, scope)),
      'template-limit',
    ))
}

const TEMPLATES_TOO_MUCH: readonly (readonly [string, string])[] = [
  ['a loop', '{% for i in range(10 ** 9) %}{% endfor %}'],
  ['loops in loops', '{% for i in range(2000) %}{% for j in range(2000) %}{% endfor %}{% endfor %}'],
  ['output', "{% set x = 'a' * 1000000 %}{% for i in range(20) %}{{ x }}{% endfor %}"],
  ['a macro that calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}'],
  ['a loop that calls itself', '{% for x in lst recursive %}{{ loop(lst) }}{% endfor %}'],
  ['a growing list', '{% set l = [1] %}{% for i in range(64) %}{% set _ = l.extend(l) %}{% endfor %}'],
  [
    'a doubling text',
    "{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
  ],
  ['nested blocks', '{% if 1 %}'.repeat(MANY) + '{% endif %}'.repeat(MANY)],
  ['a list in itself', '{% set l = [] %}{% set _ = l.append(l) %}{{ l }}'],
  ['a list in itself as JSON', '{% set l = [] %}{% set _ = l.append(l) %}{{ l | to_json }}'],
]

for (const [name, source] of TEMPLATES_TOO_MUCH) {
  test(`too much in a template: ${name}`, () =>
    assert.equal(
      code(() => renderText(source, scope)),
      'template-limit',
    ))
}

test('a template that includes itself is a limit', () => {
  const loader = () => ({ text: "{% include 'a' %}", file: 'a' })
  assert.equal(
    code(() => renderText("{% include 'a' %}", scope, { loader })),
    'template-limit',
  )
  const base = () => ({ text: "{% extends 'a' %}", file: 'a' })
  assert.equal(
    code(() => renderText("{% extends 'a' %}", scope, { loader: base })),
    'template-limit',
  )
})

const REFUSED: readonly (readonly [string, TemplateFault])[] = [
  ['x.__class__', 'template-unsafe'],
  ['x.__proto__', 'template-unsafe'],
  ["d['__proto__']", 'undefined-variable'],
  ["x['__class__']", 'undefined-variable'],
  ['d.__class__.__mro__', 'template-unsafe'],
  ['lst.constructor', 'undefined-variable'],
  ["[].constructor.constructor('return process')()", 'undefined-variable'],
  ["range.constructor('return 1')()", 'undefined-variable'],
  ['x.toString()', 'undefined-variable'],
  ['d.hasOwnProperty', 'undefined-variable'],
  ['lst.length', 'undefined-variable'],
  ['lst.push(1)', 'undefined-variable'],
  ['d.size', 'undefined-variable'],
  ['constructor', 'undefined-variable'],
  ['__proto__', 'undefined-variable'],
  ['toString()', 'undefined-variable'],
  ['x | constructor', 'unknown-filter'],
  ['x | toString', 'unknown-filter'],
  ['x is hasOwnProperty', 'unknown-test'],
  ["lookup('constructor')", 'unknown-lookup'],
  ["x | attr('__class__')", 'template-unsafe'],
  ["'{0.__class__}'.format(x)", 'template-unsafe'],
  ["lst | map(attribute='__proto__') | first", 'undefined-variable'],
]

for (const [source, wanted] of REFUSED) {
  test(`refused: ${source}`, () =>
    assert.equal(
      code(() => evaluate(source, scope)),
      wanted,
    ))
}

test('a key of a dict is data, whatever its name', () => assert.equal(evaluate('d.constructor', scope), 'mine'))

test('text that comes out is never rendered again', () => {
  assert.equal(render("{{ '{{ n }}' }}", scope), '{{ n }}')
  const lines: Scope = { get: name => (name === 'r' ? dict({ stdout: '{{ n }}' }) : undefined), names: () => ['r'] }
  assert.equal(render('{{ r.stdout }}', lines), '{{ n }}')
  assert.equal(render('a {{ r.stdout }}', lines), 'a {{ n }}')
})

test('a harmless pattern is not refused on a long text', () => {
  const long: Scope = { get: name => (name === 't' ? `${'word '.repeat(20_000)}end` : undefined), names: () => ['t'] }
  assert.equal(evaluate("t is search('end$')", long), true)
  assert.equal(evaluate("t | regex_search('(\\\\w+ )+end')  is none", { ...long, get: () => 'a b end' }), false)
  assert.equal(evaluate("t | regex_replace('\\\\s+', '') | length", long), 80_003)
})

test.run()
