import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import blockinfile, { withBlock } from '../../src/modules/blockinfile.ts'
import lineinfile from '../../src/modules/lineinfile.ts'
import replace, { replaced } from '../../src/modules/replace.ts'
import { type LineWish, withLine, withoutLines } from '../../src/modules/shared/lines.ts'
import { brief, converge, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/lineinfile, blockinfile, replace')

const line = (wish: Partial<LineWish>): LineWish => ({ backrefs: false, firstmatch: false, ...wish })
const TEXT = 'a=1\n#b=2\nc\n#b=2\n'

const PRESENT: Record<string, [before: string, wish: Partial<LineWish>, after: string]> = {
  'at the end': [TEXT, { line: 'd', insertafter: 'EOF' }, `${TEXT}d\n`],
  'at the end of a text without a last newline': ['a', { line: 'd', insertafter: 'EOF' }, 'a\nd\n'],
  'into nothing': ['', { line: 'd', insertafter: 'EOF' }, 'd\n'],
  'at the beginning': [TEXT, { line: 'd', insertbefore: 'BOF' }, `d\n${TEXT}`],
  'already there': [TEXT, { line: 'c', insertafter: 'EOF' }, TEXT],
  'the last match is replaced': [TEXT, { line: 'b=3', regexp: '^#?b=', insertafter: 'EOF' }, 'a=1\n#b=2\nc\nb=3\n'],
  'the first match is replaced': [
    TEXT,
    { line: 'b=3', regexp: '^#?b=', firstmatch: true, insertafter: 'EOF' },
    'a=1\nb=3\nc\n#b=2\n',
  ],
  'no match appends': [TEXT, { line: 'z=1', regexp: '^z=', insertafter: 'EOF' }, `${TEXT}z=1\n`],
  'after a match': [TEXT, { line: 'x', insertafter: '^a' }, 'a=1\nx\n#b=2\nc\n#b=2\n'],
  'before a match': [TEXT, { line: 'x', insertbefore: '^c$' }, 'a=1\n#b=2\nx\nc\n#b=2\n'],
  'before the first match': [TEXT, { line: 'x', insertbefore: '^#b', firstmatch: true }, 'a=1\nx\n#b=2\nc\n#b=2\n'],
  'groups are filled in': [
    TEXT,
    { line: '\\1 = \\2', regexp: '^(\\w)=(\\d)', backrefs: true, insertafter: 'EOF' },
    'a = 1\n#b=2\nc\n#b=2\n',
  ],
  'groups without a match change nothing': [
    TEXT,
    { line: '\\1', regexp: '^(z)', backrefs: true, insertafter: 'EOF' },
    TEXT,
  ],
  'a literal string': ['a.b\naxb\n', { line: 'x', search_string: 'a.b', insertafter: 'EOF' }, 'x\naxb\n'],
  'the end of a text without newline stays when it is elsewhere': ['a\nb', { line: 'x', insertbefore: 'b' }, 'a\nx\nb'],
}

for (const [name, [before, wish, after]] of Object.entries(PRESENT))
  test(`a line ${name}`, () => {
    assert.is(withLine(before, line(wish)).text, after)
    if (!wish.backrefs) assert.is(withLine(after, line(wish)).text, after, 'twice is once')
  })

for (const [name, wish, after, found] of [
  ['by the whole line', { line: 'c' }, 'a=1\n#b=2\n#b=2\n', 1],
  ['by an expression', { regexp: '^#' }, 'a=1\nc\n', 2],
  ['by a string', { search_string: 'b=' }, 'a=1\nc\n', 2],
  ['that is not there', { line: 'zz' }, TEXT, 0],
] as const)
  test(`a line goes ${name}`, () =>
    assert.equal([withoutLines(TEXT, line(wish)).text, withoutLines(TEXT, line(wish)).found], [after, found]))

const block = (more = {}) => ({
  state: 'present' as const,
  block: 'x\ny',
  marker: '# {mark}',
  marker_begin: 'BEGIN',
  marker_end: 'END',
  append_newline: false,
  prepend_newline: false,
  ...more,
})

for (const [name, before, more, after] of [
  ['at the end', 'a\nb', {}, 'a\nb\n# BEGIN\nx\ny\n# END\n'],
  ['at the beginning', 'a\n', { insertbefore: 'BOF' }, '# BEGIN\nx\ny\n# END\na\n'],
  ['after a match', 'a\nb\n', { insertafter: '^a' }, 'a\n# BEGIN\nx\ny\n# END\nb\n'],
  ['where it was', 'a\n# BEGIN\nold\n# END\nb\n', {}, 'a\n# BEGIN\nx\ny\n# END\nb\n'],
  [
    'after a match over lines',
    'a\nb\na\nc\nb\n',
    { insertafter: 'a$\\nc', multiline_search: true },
    'a\nb\na\nc\n# BEGIN\nx\ny\n# END\nb\n',
  ],
  [
    'before a match over lines',
    'a\nb\na\nc\n',
    { insertbefore: '^a\\nc', multiline_search: true },
    'a\nb\n# BEGIN\nx\ny\n# END\na\nc\n',
  ],
  [
    'at the end, where nothing matches over lines',
    'a\nb\n',
    { insertafter: 'b\\na', multiline_search: true },
    'a\nb\n# BEGIN\nx\ny\n# END\n',
  ],
  ['is taken out', 'a\n# BEGIN\nold\n# END\nb\n', { state: 'absent' as const }, 'a\nb\n'],
  ['is taken out when empty', '# BEGIN\nold\n# END\n', { block: '' }, ''],
  ['with an empty line before it', 'a\n', { prepend_newline: true }, 'a\n\n# BEGIN\nx\ny\n# END\n'],
] as const)
  test(`a block ${name}`, () => {
    assert.is(withBlock(before, block(more)), after)
    assert.is(withBlock(after, block(more)), after, 'twice is once')
  })

for (const [name, wish, after, msg] of [
  ['everywhere, by lines', { regexp: '^b$', replace: 'B' }, 'a\nB\nc\nB\nd\n', '2 replacements made'],
  ['with groups', { regexp: '(b)', replace: '[\\1]' }, 'a\n[b]\nc\n[b]\nd\n', '2 replacements made'],
  ['after', { regexp: 'b', replace: 'B', after: 'c' }, 'a\nb\nc\nB\nd\n', '1 replacements made'],
  ['before', { regexp: 'b', replace: 'B', before: 'c' }, 'a\nB\nc\nb\nd\n', '1 replacements made'],
  ['between', { regexp: 'b', replace: 'B', after: 'c', before: 'd' }, 'a\nb\nc\nB\nd\n', '1 replacements made'],
  ['nowhere', { regexp: 'z', replace: 'B' }, 'a\nb\nc\nb\nd\n', ''],
] as const)
  test(`replaces ${name}`, () => assert.equal(replaced('a\nb\nc\nb\nd\n', wish), { text: after, msg }))

for (const shell of SHELLS)
  test(`${shell[0]}: on real files`, async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'texts-')))
    const path = join(root, "it's $(a) file")
    writeFileSync(path, 'a\n', { mode: 0o600 })
    symlinkSync(path, join(root, 'link'))
    assert.is(
      (await converge(lineinfile, { path: join(root, 'link'), line: 'ü `b`', mode: '0640' }, debian, shell)).length,
      2,
    )
    assert.is(readFileSync(path, 'utf8'), 'a\nü `b`\n')
    await converge(blockinfile, { path, block: 'in', marker: '; {mark}' }, debian, shell)
    await converge(replace, { path, regexp: '^a$', replace: 'A' }, debian, shell)
    assert.is(readFileSync(path, 'utf8'), 'A\nü `b`\n; BEGIN\nin\n; END\n')
    assert.match(
      brief(await planHere(lineinfile, { path: root, line: 'x' }, debian, shell)).join(),
      /is a directory !/,
      'a directory is told by its kind',
    )
    assert.equal(brief(await planHere(lineinfile, { path: join(root, 'none'), line: 'x' }, debian, shell)), [
      `refuse: Path ${join(root, 'none')} does not exist !`,
    ])
    await converge(lineinfile, { path: join(root, 'new/dir/file'), line: 'x', create: true }, debian, shell)
    assert.is(readFileSync(join(root, 'new/dir/file'), 'utf8'), 'x\n')
    const again = await planHere(replace, { path, regexp: 'A', replace: 'AA' }, debian, shell)
    assert.is(again.kind, 'act', 'an edit that would edit its own result cannot be proven')
    assert.equal(
      brief(await planHere(lineinfile, { path: join(root, 'none'), line: 'x', state: 'absent' }, debian, shell)),
      [],
    )
    assert.is(existsSync(join(root, 'none')), false)
    rmSync(root, { recursive: true })
  })

test.run()
