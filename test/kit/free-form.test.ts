import { equal, is } from 'uvu/assert'
import { parseFreeForm, splitWords } from '../../src/kit/free-form.ts'
import { suite } from '../support/suite.ts'

const test = suite('kit/free-form')

const PAIRS: readonly (readonly [line: string, pairs: Record<string, string>, rest: string])[] = [
  ['src=a dest="b c"', { src: 'a', dest: 'b c' }, ''],
  ["src='a b'  mode=0644", { src: 'a b', mode: '0644' }, ''],
  ['src={{ a }} dest={{ b | default("x y") }}/c', { src: '{{ a }}', dest: '{{ b | default("x y") }}/c' }, ''],
  ['line=a\\nb', { line: 'a\nb' }, ''],
  ['msg="a=b c"', { msg: 'a=b c' }, ''],
  ['msg=it"s x" y', { msg: 'it"s x"' }, 'y'],
  ['a\\=b c=d', { c: 'd' }, 'a\\=b'],
  ['=x', {}, '=x'],
  ['k=', { k: '' }, ''],
  ['a=1\n  b=2\n', { a: '1', b: '2' }, ''],
  ['x.yml', {}, 'x.yml'],
]
for (const [line, pairs, rest] of PAIRS)
  test(JSON.stringify(line), () => {
    const found = parseFreeForm(line, false)
    equal(found && Object.fromEntries(found.pairs.map(({ key, value }) => [key, value])), pairs)
    is(found?.rest, rest)
  })

const COMMANDS: readonly (readonly [line: string, pairs: Record<string, string>, rest: string])[] = [
  ['ls -l creates=/x', { creates: '/x' }, 'ls -l'],
  ['creates="/a b" ls', { creates: '/a b' }, 'ls'],
  ['env A=1 B="2 3" cmd chdir=/tmp', { chdir: '/tmp' }, 'env A=1 B="2 3" cmd'],
  ['echo "creates=/x"', {}, 'echo "creates=/x"'],
  ['a  b   c', {}, 'a  b   c'],
  ['a  b chdir=/x  c', { chdir: '/x' }, 'a  b  c'],
  ['set -e\n  ls |\n  wc\n', {}, 'set -e\n  ls |\n  wc'],
  ['set -e\nls\nchdir=/x\n', { chdir: '/x' }, 'set -e\nls'],
  ['stdin="a b" cat', { stdin: 'a b' }, 'cat'],
]
for (const [line, pairs, rest] of COMMANDS)
  test(`command ${JSON.stringify(line)}`, () => {
    const found = parseFreeForm(line, true)
    equal(found && Object.fromEntries(found.pairs.map(({ key, value }) => [key, value])), pairs)
    is(found?.rest, rest)
  })

test('an open quote or bracket cannot be split', () => {
  for (const line of ["echo it's", 'a="b', 'x={{ y', '{% if']) is(splitWords(line), undefined, line)
})

test('words know where they begin', () => {
  equal(splitWords(' a "b c"\n{{ d e }}'), [
    { text: 'a', start: 1 },
    { text: '"b c"', start: 3 },
    { text: '{{ d e }}', start: 9 },
  ])
})

test.run()
