import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dict, Float, Unsafe, type Value } from '../../src/base/value.ts'
import { checkSyntax, evaluate, isTemplate, referencedNames, render, renderText } from '../../src/jinja/engine.ts'
import { NotNow, TemplateError } from '../../src/jinja/errors.ts'
import type { Scope } from '../../src/jinja/options.ts'
import { OMIT } from '../../src/jinja/python/objects.ts'
import { toText, truthy } from '../../src/jinja/python/text.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: engine')
const scopeOf = (values: Record<string, Value>): Scope => ({
  get: name => (Object.hasOwn(values, name) ? values[name] : undefined),
  names: () => Object.keys(values),
})
const scope = scopeOf({
  n: 5,
  name: 'web01',
  registry_port: 5000,
  lst: [1, 2],
  d: dict({ a: dict({ b: 1 }) }),
  none: null,
  raw: new Unsafe('{{ n }}'),
})

const thrown = (run: () => unknown): TemplateError => {
  try {
    run()
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

test('a string value keeps the type of its one expression', () => {
  const rows: readonly (readonly [string, Value])[] = [
    ['plain', 'plain'],
    ['{{ n }}', 5],
    ['{{ lst }}', [1, 2]],
    ['{{ n }}{{ n }}', '55'],
    [' {{ n }}', ' 5'],
    ['{{ none }}', null],
    ['a{{ none }}b', 'ab'],
    ['{{ n == 5 }}', true],
    ['{{ n / 5 }}', new Float(1)],
    ['{% if n %}{{ n }}{% endif %}', 5],
    ['{% if not n %}x{% endif %}', ''],
    ['{{ (1, 2) }}', [1, 2]],
    ['{{ d.a.keys() }}', ['b']],
    ['{{ range(3) }}', [0, 1, 2]],
    ['{{ [(1,)] }}', [[1]]],
    ['{{ "1" }}', '1'],
    ["{{ '[1]' }}", '[1]'],
    ['{{ raw }}', new Unsafe('{{ n }}')],
    ['{{ raw }}!', '{{ n }}!'],
    ['x\n', 'x\n'],
    ['{{ n }}\n', 5],
    ['{{ "a" }}\n', 'a\n'],
    ['{{ "a\\n" }}\n\n', 'a\\n\n\n'],
    ['{{ lst }}\n', [1, 2]],
    ['{% macro m(x) %}{{ x }}{% endmacro %}{{ m(lst) + [3] }}', [1, 2, 3]],
    ['{% macro m(x) %}{{ x }}{% endmacro %}{{ m((1, 2)) }} {{ m(none) }}.', '(1, 2) .'],
    ['{% macro m() %}{{ caller() + 1 }}{% endmacro %}{% call m() %}{{ n }}{% endcall %}', 6],
    ['{% set x %}{{ n }}{% endset %}{{ x + 1 }}', 6],
    ['{% set x %} {{ n }}{% endset %}{{ x }}', ' 5'],
    ['{% autoescape true %}{% set x %}{{ n }}{% endset %}{{ x }}{% endautoescape %}', '5'],
  ]
  for (const [text, wanted] of rows) assert.deepEqual(render(text, scope), wanted, text)
  assert.equal(renderText('{% set x %}{{ n }}{% endset %}{{ x is string }}', scope), 'True')
  assert.equal(renderText('{% macro m(x) %}{{ x }}{% endmacro %}{{ m(n) is string }}', scope), 'True')
  assert.equal(render('{{ omit }}', scope), OMIT)
  assert.equal(render('{{ nothing | default(omit) }}', scope), OMIT)
})

test('a printed string of a value keeps its backslashes; statements, conditions and files read escapes', () => {
  const rows: readonly (readonly [string, Value])[] = [
    [String.raw`{{ 'a\nb' }}`, String.raw`a\nb`],
    [String.raw`{{ 'a1' | regex_replace('(a)', '<\1>') }}`, '<a>1'],
    [String.raw`{{ 'a1' | regex_replace('(a)', '<\\1>') }}`, String.raw`<\1>1`],
    [String.raw`{{ 'it\'s' }}`, String.raw`it\'s`],
    [String.raw`{% set q = 'a\nb' %}{{ q }}`, 'a\nb'],
    [String.raw`{% if 'a\nb' | length == 3 %}{{ 'a\nb' | length }}{% endif %}`, 4],
  ]
  for (const [source, wanted] of rows) assert.equal(render(source, scope), wanted, source)
  assert.equal(evaluate(String.raw`'a\nb' | length`, scope), 3)
  assert.equal(renderText(String.raw`{{ 'a\nb' }}`, scope), 'a\nb')
  const folder: Record<string, string> = { 'other.j2': String.raw`{{ 'a\nb' | length }}` }
  const loader = (name: string) => (folder[name] === undefined ? null : { text: folder[name], file: name })
  assert.equal(render(String.raw`{% include 'other.j2' %}{{ '\n' | length }}`, scope, { loader }), '32')
})

test('None is a value, wherever it stands', () => {
  const nothing = scopeOf({ x: null, range: null, d: dict({ a: null }), list: [null, 1] })
  const rows: readonly (readonly [string, Value])[] = [
    ['x is none and x is defined', true],
    ['range is none', true],
    ['x | default("d")', null],
    ['d.a is none and d["a"] is none', true],
    ['list | first', null],
    ['list[0]', null],
    ['lookup("vars", "x")', null],
    ['lookup("vars", "x", default=1)', null],
    ['"%s" | format(d.a)', 'None'],
    ['"{0[a]}".format(d)', 'None'],
    ['d | items | list', [['a', null]]],
  ]
  for (const [text, wanted] of rows) assert.deepEqual(evaluate(text, nothing), wanted, text)
  const templates: readonly (readonly [string, string])[] = [
    ['{% macro m(a=1) %}{{ a is none }}{% endmacro %}{{ m(none) }}{{ m(a=x) }}{{ m() }}', 'TrueTrueFalse'],
    ['{% for i in list %}{{ loop.previtem is defined }}{% endfor %}', 'FalseTrue'],
    ['{% set y = none %}{{ y is none }}', 'True'],
  ]
  for (const [text, wanted] of templates) assert.equal(renderText(text, nothing), wanted, text)
})

test('isTemplate knows what Jinja would read', () => {
  for (const [text, wanted] of [
    ['a', false],
    ['{{ a }}', true],
    ['{% a %}', true],
    ['{# a #}', true],
    ['}}', false],
    ['{ {', false],
  ] as const) {
    assert.equal(isTemplate(text), wanted, text)
  }
})

test('an error has the place inside the text, its expression and a guess', () => {
  const span = { file: 'site.yml', line: 10, col: 7 }
  const error = thrown(() => render('port {{ registry_prot }}', scope, { span }))
  assert.equal(error.code, 'undefined-variable')
  assert.equal(error.variable, 'registry_prot')
  assert.deepEqual(error.span, { file: 'site.yml', line: 10, col: 15 })
  assert.equal(error.expression, 'registry_prot')
  assert.match(error.message, /^site\.yml:10:15: 'registry_prot' is undefined; did you mean 'registry_port'\?$/)
  const template = thrown(() =>
    renderText('a\nb\n  {{ d.x.y + 1 }}', scope, { span: { file: 't.j2', line: 1, col: 1 } }),
  )
  assert.deepEqual(template.span && [template.span.line, template.span.col], [3, 12])
  const syntax = thrown(() => renderText('a\n{% if n %}\nb', scope, { span: { file: 't.j2', line: 1, col: 1 } }))
  assert.equal(syntax.code, 'template-syntax')
  assert.equal(syntax.span?.line, 2)
  const inner = thrown(() =>
    renderText("x\n{% include 'i' %}", scope, {
      span: { file: 't.j2', line: 1, col: 1 },
      loader: () => ({ text: '\n\n{{ 1 / 0 }}', file: 'i.j2' }),
    }),
  )
  assert.deepEqual(inner.span && [inner.span.file, inner.span.line], ['i.j2', 3])
})

test('names are asked for only when they are used, and errors of the scope come through', () => {
  const asked: string[] = []
  const lazy: Scope = { get: name => asked.push(name), names: () => [] }
  assert.equal(evaluate('a if true else b', lazy), 1)
  assert.deepEqual(asked, ['a'])
  const failing: Scope = {
    get: () => {
      throw new Error('vault is closed')
    },
    names: () => [],
  }
  assert.throws(() => evaluate('a', failing), /vault is closed/)
})

test('lazy maps are read by their interface and never copied by a lookup of one key', () => {
  class Lazy extends Map<Value, Value> {
    reads: Value[] = []
    override get(key: Value): Value | undefined {
      this.reads.push(key)
      return super.has(key) ? `rendered ${String(key)}` : undefined
    }
  }
  const map = new Lazy([
    ['a', 'raw'],
    ['b', 'raw'],
  ])
  const lazy: Scope = { get: () => map, names: () => [] }
  assert.equal(evaluate('m.a', lazy), 'rendered a')
  assert.equal(evaluate("m['b']", lazy), 'rendered b')
  assert.equal(evaluate('m', lazy), map)
  assert.ok(map.reads.every(key => key === 'a' || key === 'b'))
})

test('pure mode refuses what is impure', () => {
  const sources = [
    "lookup('pipe', 'true')",
    "lookup('file', 'x')",
    'now()',
    '5 | random',
    '[1] | shuffle',
    "'/' is directory",
    "'%Y' | strftime",
    "'x' | password_hash",
  ]
  for (const source of sources) assert.throws(() => evaluate(source, scope, { pure: true }), NotNow, source)
  assert.equal(evaluate("5 | random(seed='x') < 5", scope, { pure: true }), true)
  assert.deepEqual(evaluate("query('items', [1, [2]], 3)", scope, { pure: true }), [1, [2], 3])
})

const TEMPLATES: ReadonlyMap<string, { text: string; file: string }> = new Map(
  Object.entries({
    't.j2': 'n={{ n }} {{ extra | default("-") }}',
    'list.j2': '{% set more %}{{ [n] }}{% endset %}\n{{ lst + more }}\n',
    'text.j2': '[{{ n }}]\n',
  }).map(([file, text]) => [file, { text, file }]),
)

test('lookups', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jinja-'))
  try {
    writeFileSync(join(folder, 'a.txt'), 'hello\n\n')
    writeFileSync(join(folder, 'b.txt'), 'b')
    const loader = (name: string) =>
      name === 'a.txt' ? { text: 'hello\n\n', file: join(folder, name) } : (TEMPLATES.get(name) ?? null)
    const look = (source: string): Value =>
      evaluate(source, scope, { loader, lookups: { answer: { pure: true, run: () => [42] } } })
    const rows: readonly (readonly [string, Value])[] = [
      ["lookup('file', 'a.txt')", 'hello'],
      ["lookup('template', 't.j2')", 'n=5 -'],
      ["lookup('template', 't.j2', template_vars={'extra': 'e'})", 'n=5 e'],
      ["lookup('template', 'list.j2')", [1, 2, 5]],
      ["lookup('template', 'text.j2')", '[5]\n'],
      ["query('template', 't.j2', 'list.j2')", ['n=5 -', [1, 2, 5]]],
      ["lookup('ansible.builtin.vars', 'name')", 'web01'],
      ["lookup('vars', 'nope', default='x')", 'x'],
      ["lookup('items', [1, 2])", [1, 2]],
      ["lookup('items', ['a', 'b'])", 'a,b'],
      [
        "q('dict', {'a': 1}) | first | dictsort",
        [
          ['key', 'a'],
          ['value', 1],
        ],
      ],
      ["query('sequence', 'start=1 end=3 format=h%02d')", ['h01', 'h02', 'h03']],
      ["query('sequence', '4-8/2')", ['4', '6', '8']],
      ["query('sequence', count=2)", ['1', '2']],
      [`query('fileglob', '${folder}/*.txt') | map('basename') | list`, ['a.txt', 'b.txt']],
      [`lookup('first_found', ['/nope', '${folder}/b.txt']) | basename`, 'b.txt'],
      ["lookup('first_found', ['/nope'], skip=true)", []],
      [
        "query('nested', [1, 2], ['a'])",
        [
          [1, 'a'],
          [2, 'a'],
        ],
      ],
      [
        "query('together', [1, 2], ['a'])",
        [
          [1, 'a'],
          [2, null],
        ],
      ],
      ["lookup('pipe', 'echo hi')", 'hi'],
      ["lookup('answer')", 42],
      ["lookup('file', 'nope', errors='ignore')", null],
    ]
    for (const [source, wanted] of rows) assert.deepEqual(look(source), wanted, source)
    assert.equal(thrown(() => look("lookup('file', 'nope')")).code, 'template-not-found')
    assert.match(thrown(() => look("lookup('fiel', 'a')")).message, /did you mean 'file'/)
    const path = join(folder, 'secret', 'pw')
    const made = look(`lookup('password', '${path} length=12 chars=digits')`)
    assert.match(String(made), /^\d{12}$/)
    assert.equal(look(`lookup('password', '${path} length=12 chars=digits')`), made)
    assert.equal(statSync(path).mode & 0o777, 0o600)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the results of tasks can be tested', () => {
  const results = scopeOf({
    ok: dict({ changed: true, rc: 0 }),
    bad: dict({ failed: true, changed: false }),
    skip: dict({ skipped: true }),
  })
  const rows: readonly (readonly [string, boolean])[] = [
    ['ok is changed', true],
    ['ok is succeeded', true],
    ['ok is failed', false],
    ['bad is failed', true],
    ['bad is success', false],
    ['skip is skipped', true],
    ['ok is not skipped', true],
    ['bad is changed', false],
  ]
  for (const [source, wanted] of rows) assert.equal(evaluate(source, results), wanted, source)
  assert.throws(() => evaluate("'x' is failed", results), TemplateError)
})

test('versions', () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ["'1.10.2' is version('1.9', '>')", true],
    ["'1.0' is version('1.0.0', '==')", false],
    ["'20.04' is version('18.04', 'ge')", true],
    ["'1.0.0-rc1' is version('1.0.0', '<', version_type='semver')", true],
    ["'1.0.0-alpha.1' is version('1.0.0-alpha.beta', 'lt', version_type='semver')", true],
    ["'1.0rc1' is version('1.0', '<', version_type='pep440')", true],
    ["'1.0.dev1' is version('1.0a1', '<', version_type='pep440')", true],
    ["'1.0.post1' is version('1.0', '>', version_type='pep440')", true],
    ["'1.0' is version('1.0.0', '==', version_type='pep440')", true],
    ["'1.2b1' is version('1.2', '<', strict=true)", true],
    ["12 is version('9', '>=')", true],
    ["'24.0.7' is version_compare('24', '>=')", true],
  ]
  for (const [source, wanted] of rows) assert.equal(evaluate(source, scope), wanted, source)
  assert.throws(() => evaluate("'1' is version('2', '~')", scope), /no operator/)
})

test('free names', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['a.b + c[d] | default(e)', ['a', 'c', 'd', 'e']],
    ['{% for x in xs %}{{ x }}{{ y }}{{ loop.index }}{% endfor %}', ['xs', 'y']],
    ['{% set a = b %}{{ a }}', ['b']],
    ['{% macro m(p) %}{{ p }}{{ q }}{% endmacro %}{{ m(1) }}', ['q']],
    ['x is defined and y is version(z)', ['x', 'y', 'z']],
  ]
  for (const [source, wanted] of rows) assert.deepEqual([...referencedNames(source)].sort(), [...wanted].sort(), source)
})

test('what is wrong can be seen without values', () => {
  const span = { file: 'f.yml', line: 3, col: 5 }
  assert.deepEqual(checkSyntax('{{ x | defualt(1) }}', 'template', span), [
    {
      code: 'unknown-filter',
      severity: 'error',
      message: "there is no filter named 'defualt'",
      span: { file: 'f.yml', line: 3, col: 12 },
      remedy: "did you mean 'default'?",
    },
  ])
  assert.deepEqual(
    checkSyntax('x is defined and (', 'expression', span).map(each => each.code),
    ['template-syntax'],
  )
  assert.deepEqual(
    checkSyntax("lookup('fle', x) is deefined", 'expression').map(each => each.remedy),
    ["did you mean 'defined'?", "did you mean 'file'?"],
  )
  assert.deepEqual(checkSyntax('x | ansible.builtin.b64decode is truthy', 'expression'), [])
})

test('Python prints and judges', () => {
  const rows: readonly (readonly [Value, string, boolean])[] = [
    [true, 'True', true],
    [null, 'None', false],
    [0, '0', false],
    [new Float(0), '0.0', false],
    [1.5, '1.5', true],
    ['', '', false],
    [['a', null], "['a', None]", true],
    [dict({ a: 'x' }), "{'a': 'x'}", true],
    [10n ** 20n, '100000000000000000000', true],
  ]
  for (const [value, text, truth] of rows) {
    assert.equal(toText(value), text)
    assert.equal(truthy(value), truth)
  }
})

test('line ends are normalised, and written as asked for', () => {
  assert.equal(renderText('a\r\n{% if n %}\r\nb\r\n{% endif %}\r\n', scope), 'a\nb\n')
  assert.equal(renderText('a\nb', scope, { newline: '\r\n' }), 'a\r\nb')
  assert.equal(renderText('  {% if n %}\nx\n  {% endif %}\n', scope, { lstripBlocks: true }), 'x\n')
  // As many newlines at the end as the text has, at least.
  assert.equal(renderText('{% if n %}\nx\n{%- endif %}\n\n', scope), 'x\n\n')
  assert.equal(renderText('{{ "x\n" }}\n', scope), 'x\n')
  assert.equal(renderText('x\n\n', scope, { newline: '\r\n' }), 'x\r\n\r\n')
  assert.equal(
    renderText('{% if n %}\nx{% endif %}\n', scope, { trimBlocks: false, keepTrailingNewline: false }),
    '\nx',
  )
})

test.run()
