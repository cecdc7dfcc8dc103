import { equal, instance, is, match, ok } from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { dict, Float, Unsafe, type Value } from '../../src/base/value.ts'
import { checkArgsStatic, resolveArgs } from '../../src/kit/args.ts'
import type { ArgsSchema } from '../../src/kit/schema.ts'
import { field } from '../../src/source/node.ts'
import { parseYaml } from '../../src/source/yaml.ts'
import { suite } from '../support/suite.ts'

const test = suite('kit/args')

const SCHEMA: ArgsSchema = {
  type: 'object',
  additionalProperties: false,
  freeForm: 'words',
  exclusive: [['src', 'content']],
  together: [['user', 'password']],
  properties: {
    words: { type: 'string' },
    name: { type: 'array', items: { type: 'string' }, aliases: ['pkg'] },
    ports: { type: 'array', items: { type: 'integer' } },
    that: { type: 'array', items: { expression: true } },
    rows: {
      type: 'array',
      items: { type: 'object', required: ['k'], properties: { k: { type: 'string' } }, additionalProperties: false },
    },
    state: { type: 'string', enum: ['present', 'absent'] },
    use: { type: 'string', enum: ['auto', 'no'] },
    mode: { type: 'string', pattern: '^(0?[0-7]{3,4}|u=rw)$' },
    version: { type: 'string' },
    count: { type: 'integer', minimum: 1, maximum: 9 },
    ratio: { type: 'number' },
    force: { type: 'boolean', default: true },
    env: { type: 'object', additionalProperties: { type: 'string' } },
    data: {},
    dest: { type: 'string', path: true },
    src: { type: 'string' },
    content: { type: 'string' },
    user: { type: 'string' },
    password: { type: 'string', secret: true },
    text: { renders: 'src' },
    old: { type: 'string', refused: 'it is old' },
  },
}

const resolved = (given: Record<string, Value>) =>
  resolveArgs(SCHEMA, dict(given), name => ({ file: name ?? '', line: 1, col: 1 }))

const GOOD: readonly (readonly [given: Record<string, Value>, args: Record<string, unknown>])[] = [
  [{ pkg: 'a, b' }, { name: ['a', 'b'] }],
  [{ name: 5 }, { name: ['5'] }],
  [{ name: ['a,b', 1, true] }, { name: ['a,b', '1', 'True'] }],
  [{ ports: '1,2' }, { ports: [1, 2] }],
  [{ ports: 80 }, { ports: [80] }],
  [{ that: "a == 'x,y'" }, { that: ["a == 'x,y'"] }],
  [{ that: [true, 'b'] }, { that: [true, 'b'] }],
  [{ rows: dict({ k: 1 }) }, { rows: [{ k: '1' }] }],
  [{ force: 'yes' }, { force: true }],
  [{ force: 'OFF' }, { force: false }],
  [{ force: 0 }, { force: false }],
  [{ force: new Float(1) }, { force: true }],
  [{ force: null }, {}],
  [{ count: '5' }, { count: 5 }],
  [{ count: ' 5.0 ' }, { count: 5 }],
  [{ count: true }, { count: 1 }],
  [{ ratio: '1.5' }, { ratio: 1.5 }],
  [{ version: true }, { version: 'True' }],
  [{ version: 2.1 }, { version: '2.1' }],
  [{ version: new Float(1) }, { version: '1.0' }],
  [{ version: new Unsafe('{{ x }}') }, { version: '{{ x }}' }],
  [{ version: 12345678901234567890n }, { version: '12345678901234567890' }],
  [{ mode: 420 }, { mode: '0644' }],
  [{ mode: 0o1777 }, { mode: '1777' }],
  [{ mode: '0644' }, { mode: '0644' }],
  [{ use: false }, { use: 'no' }],
  [{ env: 'A=1, B="2"' }, { env: { A: '1', B: '2' } }],
  [{ env: `A="x, y" B=it\\'s,C='"'=\\\\` }, { env: { A: 'x, y', B: "it's", C: '"=\\' } }],
  [{ dest: '~/x' }, { dest: '~/x' }],
  [{ dest: 'a~b' }, { dest: 'a~b' }],
  [{ env: '{"A": 1}' }, { env: { A: '1' } }],
  [{ env: dict({ A: true }) }, { env: { A: 'True' } }],
  [{ data: dict({ a: [1, new Float(2)] }) }, { data: { a: [1, 2] } }],
  [{ data: null }, { data: null }],
]
for (const [given, args] of GOOD)
  test(`takes ${Object.keys(given)} ${JSON.stringify(args)}`, () => {
    const found = resolved(given)
    equal(found.faults, [])
    equal(found.args, { force: true, ...args })
  })

const BAD: readonly (readonly [given: Record<string, Value>, fault: RegExp])[] = [
  [{ nmae: 'x' }, /^argument-unknown unknown argument 'nmae'; did you mean 'name'\?/],
  [{ text: 'x' }, /^argument-unknown/],
  [{ name: 'a', pkg: 'b' }, /^argument-twice 'name' and 'pkg' are the same/],
  [{ old: 'x' }, /^argument-refused .*it is old/],
  [{ force: 'maybe' }, /^argument-value the argument 'force' is 'maybe' where true or false/],
  [{ count: 'x' }, /whole number/],
  [{ count: 1.5 }, /whole number/],
  [{ count: 0 }, /less than 1/],
  [{ count: 10 }, /more than 9/],
  [{ ports: ['x'] }, /'ports'\[0\] is 'x' where a whole number/],
  [{ rows: [dict({ q: 1 })] }, /'rows'\[0\] has the unknown key 'q'/],
  [{ rows: [dict({})] }, /'rows'\[0\] lacks the key 'k'/],
  [{ state: 'presnt' }, /is 'presnt'/],
  [{ mode: 'rw' }, /'mode' is 'rw'/],
  [{ mode: 9999 }, /no mode/],
  [{ mode: '9999' }, /'mode' is '9999'/],
  [{ version: ['x'] }, /is a list where text is expected/],
  [{ env: 'x' }, /where a mapping is expected/],
  [{ env: '' }, /where a mapping is expected/],
  [{ name: dict({ a: 1 }) }, /is a mapping where a list is expected/],
  [{ src: 'a', content: 'b' }, /^argument-exclusive parameters are mutually exclusive: src\|content$/],
  [{ user: 'a' }, /^argument-missing parameters are required together: user, password$/],
]
for (const [given, expected] of BAD)
  test(`refuses ${Object.keys(given)} for ${expected.source}`, () => {
    const { faults } = resolved(given)
    is(faults.length, 1, JSON.stringify(faults))
    match(`${faults[0]?.code} ${faults[0]?.message}`, expected)
  })

test('a secret is hidden and is not shown in faults', () => {
  const { args } = resolved({ user: 'u', password: 1234 })
  const { password } = args as { password: unknown }
  instance(password, Secret)
  ok(!JSON.stringify(args).includes('1234'))
})

test('required and oneOf', () => {
  const schema: ArgsSchema = { ...SCHEMA, required: ['state', 'mode'], oneOf: [['src', 'content']] }
  const { faults } = resolveArgs(schema, new Map(), () => undefined)
  equal(
    faults.map(({ message }) => message),
    ['missing required arguments: mode, state', 'one of the following is required: src, content'],
  )
})

const STATIC: readonly (readonly [yaml: string, faults: readonly string[]])[] = [
  ['{name: "{{ x }}", count: "{{ y }}", state: "{{ z }}", env: "{{ e }}"}', []],
  ['{rows: [{k: "{{ x }}"}], ports: [1, "{{ y }}"]}', []],
  ['{state: presnt}', ["1:15 argument-value the argument 'state' is 'presnt'"]],
  ['{sate: present}', ["1:8 argument-unknown unknown argument 'sate'; did you mean 'state'?"]],
  ['{mode: 0644}', []],
  ['{mode: "0644"}', []],
  ['{mode: 644}', ['1:14 argument-mode the mode 644 is a decimal number, which in octal is 1204']],
  ['{mode: 0888}', ["1:14 argument-value the argument 'mode' is '0888'"]],
  ['{version: 2.10}', ["1:17 argument-number 'version: 2.10' is a number and becomes the text 2.1"]],
  ['{version: 2.11}', []],
  ['{_variable_params: "{{ x }}"}', []],
]
for (const [yaml, expected] of STATIC)
  test(`before any host: ${yaml}`, () => {
    const { node } = parseYaml(`args: ${yaml}`, 'x.yml')
    const args = node && field(node, 'args')
    if (args?.kind !== 'mapping') throw new Error('no mapping')
    equal(
      checkArgsStatic(SCHEMA, args, undefined).map(
        ({ code, message, span }) => `${span?.line}:${span?.col} ${code} ${message}`,
      ),
      expected,
    )
  })

test.run()
