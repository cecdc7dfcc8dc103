import { equal, is, match, ok } from 'uvu/assert'
import { Unsafe, Vaulted } from '../../src/base/value.ts'
import { field, type Node, toValue } from '../../src/source/node.ts'
import { parseYaml, parseYamlAll } from '../../src/source/yaml.ts'
import { suite } from '../support/suite.ts'

const test = suite('source/yaml')

const value = (text: string) => {
  const { node, faults } = parseYaml(text, 'x.yml')
  equal(faults, [])
  return node && toValue(node)
}

/** A fault in one line: code, severity when it is no error, place, message. */
const shown = (text: string): string[] =>
  parseYaml(text, 'x.yml').faults.map(
    ({ code, severity, span, message }) =>
      `${code}${severity === 'error' ? '' : ` ${severity}`} ${span?.line}:${span?.col} ${message}`,
  )

const places = (node: Node, path = ''): string[] => {
  const own = `${path || '/'} ${node.span.line}:${node.span.col}`
  if (node.kind === 'scalar') return [own]
  if (node.kind === 'sequence') return [own, ...node.items.flatMap((item, index) => places(item, `${path}/${index}`))]
  return [own, ...node.entries.flatMap(({ key, value }) => places(value, `${path}/${key.text}`))]
}

test('every node has its place, and its offset points into the text', () => {
  const text =
    '# x\n---\n- name: a\n  copy: {src: b, "d e": [1, 2]}\n  t: |\n    one\n    two\n- >-\n  folded\n- k:\n  l: x\n'
  const { node } = parseYaml(text, 'x.yml')
  ok(node)
  equal(places(node), [
    '/ 3:1',
    '/0 3:3',
    '/0/name 3:9',
    '/0/copy 4:9',
    '/0/copy/src 4:15',
    '/0/copy/d e 4:25',
    '/0/copy/d e/0 4:26',
    '/0/copy/d e/1 4:29',
    '/0/t 6:5',
    '/1 9:3',
    '/2 10:3',
    '/2/k 10:4',
    '/2/l 11:6',
  ])
  const name = node.kind === 'sequence' && node.items[0] && field(node.items[0], 'name')
  ok(name)
  is(text.slice(name.span.offset, (name.span.offset ?? 0) + 1), 'a')
})

test('a byte order mark and CRLF do not move places', () => {
  const { node, faults } = parseYaml('\uFEFFa: 1\r\nb: 2\r\n', 'x.yml')
  equal(faults, [])
  ok(node)
  equal(places(node), ['/ 1:1', '/a 1:4', '/b 2:4'])
})

test('tags make classes, in collections too', () => {
  const found = value('a: !vault |\n  $ANSIBLE\n  12\nb: !unsafe "{{ x }}"\nc: !unsafe [x, {y: z}, 1]\n')
  ok(found instanceof Map)
  const a = found.get('a')
  ok(a instanceof Vaulted)
  is(a.armour, '$ANSIBLE\n12\n')
  equal(found.get('b'), new Unsafe('{{ x }}'))
  equal(found.get('c'), [new Unsafe('x'), new Map([['y', new Unsafe('z')]]), 1])
})

test('a mapping of one key by which JSON marks vaults and text that is no template', () => {
  const found = value(
    '{"v": {"__ansible_vault": "$ANSIBLE"}, "u": {"__ansible_unsafe": "{{ x }}"}, "m": {"__ansible_vault": "a", "b": 1}}',
  )
  ok(found instanceof Map)
  ok(found.get('v') instanceof Vaulted)
  equal(found.get('u'), new Unsafe('{{ x }}'))
  ok(found.get('m') instanceof Map)
})

test('merge keys: own keys win, of a list the first wins, merged ones come first', () => {
  const found = value('- &a {x: 1, y: 1}\n- &b {x: 2, z: 2}\n- <<: [*a, *b]\n  y: 3\n- w: 0\n  <<: *b\n- "<<": 5\n')
  ok(Array.isArray(found))
  const pairs = (index: number) => [...(found[index] as Map<string, unknown>)]
  equal(Object.fromEntries(pairs(2)), { x: 1, z: 2, y: 3 })
  equal(pairs(3), [
    ['x', 2],
    ['z', 2],
    ['w', 0],
  ])
  equal(pairs(4), [['<<', 5]])
})

test('keys like __proto__ are data', () => {
  const found = value('__proto__: {x: 1}\nconstructor: 2\n')
  ok(found instanceof Map)
  is(found.size, 2)
  is(({} as { x?: number }).x, undefined)
})

test('empty texts have no document', () => {
  for (const text of ['', '---\n', '# only a comment\n', '\n\n']) is(parseYaml(text, 'x.yml').node, null, text)
})

test('several documents', () => {
  equal(
    parseYamlAll('a\n---\nb\n', 'x.yml').documents.map(({ node }) => node && toValue(node)),
    ['a', 'b'],
  )
  equal(shown('a: 1\n---\nb: 1\n'), ['yaml-documents 3:1 one document is expected, found 2'])
})

const FAULTS: readonly (readonly [text: string, faults: RegExp])[] = [
  ['a:\n\tb: 1\n', /^yaml-tab 2:1 /],
  ['a: 1\na: 2\n', /^yaml-duplicate-key warning 2:1 found a duplicate dict key \(a\), in line 1 and in line 2$/],
  ['x: {{ y }}\n', /^yaml-template 1:4 /],
  ['- {{ y }}\n', /^yaml-template 1:3 /],
  ['x: {{ y }}/z\n', /^yaml-template 1:11 /],
  ['x: [ {{ y }} ]\n', /^yaml-template 1:6 /],
  ['x: {% if y %}\n', /^yaml-template /],
  ['a: b: c\n', /^yaml-syntax 1:5 a value holds ': '/],
  ['when: "a" == b\n', /^yaml-syntax 1:11 text follows a closing quote$/],
  ['a: @b\n', /^yaml-syntax 1:4 a value begins with '@'/],
  ['a: "b\n', /^yaml-syntax 2:1 a quote or bracket that was opened above is not closed/],
  ['a: [1\nb: 2\n', /^yaml-syntax 2:1 a quote or bracket that was opened above/],
  ['{a: b[0]}\n', /^yaml-syntax 1:6 a value within \{ \} or \[ \] holds '\['/],
  ["- {when: x in ['a']}\n", /^yaml-syntax 1:15 a value within \{ \} or \[ \] holds '\['/],
  ['{a: 1 b: 2}\n', /^yaml-syntax 1:8 a value within \{ \} or \[ \] holds ': '/],
  ['a: {b: 1}}\n', /^yaml-syntax 1:10 this '\}' closes nothing/],
  ['a: [1]]\n', /^yaml-syntax 1:7 this '\]' closes nothing/],
  ['- name:x\n  ping:\n', /^yaml-syntax 2:7 a key stands where the text of the line above goes on/],
  ['a: 1\n  b: 2\n', /^yaml-syntax 2:4 a key stands where the text of the line above goes on/],
  ['a:\n  - b\n  c: 1\n', /^yaml-syntax 3:3 the line fits no indentation above/],
  ['x:\n    - a: |\n      b\n     c\n', /^yaml-syntax 4:7 this line, or the one above, is no 'key: value'/],
  ['tasks\n  - a:\n', /^yaml-syntax 2:6 a list or mapping ends here/],
  ['a: "\\d"\n', /^yaml-syntax 1:6 a backslash in double quotes begins an escape, and this is none/],
  ['a: "C:\\users"\n', /^yaml-syntax 1:9 .*hexadecimal digits/],
  ['a: & b\n', /^yaml-syntax 1:5 '&' begins an anchor/],
  ['a: "\u0007"\n', /^yaml-text 1:5 the text holds a control character/],
  ['- a\nb: 1\n', /^yaml-syntax 2:1 /],
  ['a: *b\n', /^yaml-alias 1:4 the alias \*b has no anchor/],
  ['&a [*a]\n', /^yaml-alias 1:5 the cyclic alias \*a/],
  ['a: !!js/function x\n', /^yaml-tag 1:4 the tag !!js\/function/],
  ['a: !!python/object:x.y {}\n', /^yaml-tag 1:4 /],
  ['a: !foo [1]\n', /^yaml-tag 1:4 the tag !foo/],
  ['a: !!int x\n', /^yaml-tag 1:10 'x' is no value of the tag !!int/],
  ['[a]: 1\n', /^yaml-key 1:1 a sequence is used as a key/],
  ['<<: 1\n', /^yaml-merge 1:1 /],
  ['a\0b: 1\n', /^yaml-text 1:2 the text holds a NUL byte/],
  ['a: "\\ud800"\n', /^yaml-text 1:5 an escape makes half/],
  ['%YAML 2.0\n---\na: 1\n', /^yaml-syntax .*version/],
  [`${'['.repeat(101)}${']'.repeat(101)}`, /^yaml-depth /],
  ['['.repeat(5000), /^yaml-depth /],
  [`a: &a 1\nb:\n${'- *a\n'.repeat(1001)}`, /^yaml-alias .*more than 1000 aliases/],
  ['a: '.padEnd(8 * 1024 * 1024 + 1, 'x'), /^source-size /],
]
for (const [text, expected] of FAULTS)
  test(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
    const found = shown(text)
    is(found.length, 1, found.join('\n'))
    match(found[0] ?? '', expected)
  })

test('a hundred levels are allowed', () => {
  equal(shown(`${'['.repeat(100)}${']'.repeat(100)}`), [])
})

test('an alias bomb is refused, not expanded', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `- &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`)
  const found = shown(`- &a0 [x, x, x, x, x, x, x, x, x, x]\n${levels.join('\n')}\n`)
  is(found.length, 1)
  match(found[0] ?? '', /aliases stand for more than 100000 values/)
})

test('merging a bomb is refused', () => {
  const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} {k${i}: 1, <<: [*a${i}, *a${i}]}`)
  ok(shown(`a0: &a0 {x: 1}\n${levels.join('\n')}\n`).some(line => /more than 100000/.test(line)))
})

test.run()
