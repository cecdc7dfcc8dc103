import assert from 'node:assert/strict'
import { renderText } from '../../src/jinja/engine.ts'
import { TemplateError } from '../../src/jinja/errors.ts'
import type { RenderOptions, Scope } from '../../src/jinja/options.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: marks, and options in the first line')
const scope: Scope = { get: name => (name === 'x' ? 7 : undefined), names: () => ['x'] }

/** A template, what it renders to, and options. */
const ROWS: [template: string, wanted: string, options?: RenderOptions][] = [
  ['#jinja2: lstrip_blocks: True\n  {% if x %}\na\n  {% endif %}\n', 'a\n'],
  ['#jinja2: lstrip_blocks: "true", trim_blocks: "True"\n  {% if x %}\na\n  {% endif %}\n', 'a\n'],
  ['#jinja2: trim_blocks: False\n{% if x %}\na\n{% endif %}\n', '\na\n'],
  [
    "#jinja2:variable_start_string:'[%', variable_end_string:'%]'\n[% x %] {{ y }} {% if x %}b{% endif %}",
    '7 {{ y }} b',
  ],
  ["#jinja2: comment_start_string: '/*', comment_end_string: '*/'\n/* no */{# yes #}", '{# yes #}'],
  [
    "#jinja2: block_start_string: '<%', block_end_string: '%>'\n<% raw %>{{ x }}<% endraw %><%- if x -%> a <% endif %>",
    '{{ x }}a ',
  ],
  ["#jinja2: newline_sequence: '\\r\\n'\na\nb\n", 'a\r\nb\r\n'],
  ['#jinja2: trim_blocks: True', ''],
  ['a\n#jinja2: trim_blocks: True\n', 'a\n#jinja2: trim_blocks: True\n'],
  ["#jinja2: variable_start_string: ':{', variable_end_string: '}:'\n:{ x }:", '7'],
  ['[[ x ]]{{ x }}', '7{{ x }}', { marks: { variable: ['[[', ']]'], block: ['{%', '%}'], comment: ['{#', '#}'] } }],
  [
    "{% include 'o' %}",
    '#jinja2: trim_blocks: False\n7',
    { loader: () => ({ text: '#jinja2: trim_blocks: False\n{{ x }}', file: 'o' }) },
  ],
]

for (const [template, wanted, options] of ROWS)
  test(JSON.stringify(template), () => assert.equal(renderText(template, scope, options ?? {}), wanted))

const FAULTS: [header: string, fault: RegExp][] = [
  ['#jinja2: lstrip_blocks = True', /Missing key-value separator/],
  ['#jinja2: lstrip_block: True', /no option 'lstrip_block'; did you mean 'lstrip_blocks'/],
  ['#jinja2: lstrip_blocks: yes', /True or False is expected/],
  ['#jinja2: lstrip_blocks: "false"', /True or False is expected/],
  ['#jinja2: block_start_string: 5', /a string is expected/],
  ["#jinja2: comment_end_string: ''", /comment_end_string is empty/],
  ["#jinja2: block_start_string: '{{'", /must be different/],
  ["#jinja2: newline_sequence: 'x'", /expected one of/],
]

for (const [header, fault] of FAULTS)
  test(`${header} is wrong`, () =>
    assert.throws(
      () => renderText(`${header}\nx`, scope),
      (error: unknown) => error instanceof TemplateError && fault.test(error.message),
    ))

test('places count from the first line of the file', () => {
  const span = { file: 'a.j2', line: 1, col: 1 }
  assert.throws(() => renderText('#jinja2: trim_blocks: True\n{{ nope }}', scope, { span }), /a\.j2:2:4/)
})

test.run()
