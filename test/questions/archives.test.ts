import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { entriesBelow, formatOf } from '../../src/questions/archives.ts'
import { checksumOf } from '../../src/questions/checksum-list.ts'
import { dressesOf, type Left, leftOf, namesOf, type Selection, tellsLines } from '../../src/questions/unpacked.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('questions/archives')

let root = ''
test.before(() => {
  root = mkdtempSync(join(tmpdir(), 'archives '))
  const from = join(root, 'from')
  mkdirSync(join(from, 'a b'), { recursive: true })
  writeFileSync(join(from, 'a b', "it's 5 ü"), 'x'.repeat(70_000))
  writeFileSync(join(from, 'empty'), '')
  symlinkSync('empty', join(from, 'link'))
  for (const [ending, flag] of [
    ['tar', ''],
    ['tar.gz', 'z'],
  ] as const)
    assert.is(spawnSync('tar', [`-c${flag}f`, join(root, `x.${ending}`), '-C', from, '.']).status, 0)
})
test.after(() => rmSync(root, { recursive: true }))

for (const shell of SHELLS) {
  const [name] = shell
  const selection = (archive: string, more: Partial<Selection> = {}): Selection => ({
    ...{ archive: join(root, archive), format: formatOf(archive) ?? 'tar', options: [], members: [] },
    ...more,
  })
  const difference = (
    archive: string,
    into: string,
    more: Partial<Selection> = {},
    newer = false,
    owned = false,
  ): Left => {
    const question = leftOf(selection(archive, more), join(root, into), { newer, owned })
    return question.read(run(question.script, shell))
  }

  test(`${name}: what an archive of the target would change`, () => {
    const into = `into ${name}`
    mkdirSync(join(root, into))
    for (const archive of ['x.tar', 'x.tar.gz']) {
      assert.is(difference(archive, 'from'), 'same', archive)
      assert.is(difference(archive, into), 'differs', archive)
    }
    assert.is(difference('none.tar', into), 'absent')
  })

  test(`${name}: an archive that breaks off is not the same as what is there`, () => {
    const cut = `cut ${name}.tar.gz`
    writeFileSync(join(root, cut), readFileSync(join(root, 'x.tar.gz')))
    truncateSync(join(root, cut), 120)
    const left = difference(cut, 'from')
    if (name === 'busybox') assert.is(left, 'unknown')
    else assert.match(typeof left === 'object' ? left.broken : left, /unexpected end|Unexpected EOF/i)
  })

  test(`${name}: parts of an archive are compared as parts`, () => {
    const into = join(root, `parts ${name}`)
    mkdirSync(into)
    writeFileSync(join(into, 'empty'), '')
    const PARTS: [more: Partial<Selection>, left: RegExp][] = [
      [{ members: ['./empty'] }, /same/],
      [{ members: ['./link'] }, /differs/],
      [{ options: ['--exclude=link', '--exclude=a b'] }, /same|unknown/],
      [{ options: ['--exclude=link'] }, /differs|unknown/],
      [{ members: ['nowhere'] }, /nowhere: Not found|unknown/i],
      [{ options: ['--no-such'] }, /no-such|unknown/],
    ]
    for (const [more, wanted] of PARTS) {
      const left = difference('x.tar.gz', `parts ${name}`, more)
      assert.match(typeof left === 'object' ? left.broken : left, wanted, JSON.stringify(more))
      if (name !== 'busybox') assert.is.not(left, 'unknown', JSON.stringify(more))
    }
  })

  test(`${name}: names with line ends and backslashes are those of files`, () => {
    if (name === 'busybox') return
    const into = join(root, `odd ${name}`)
    mkdirSync(into)
    const odd = ['a\nb', 'c\\101', '-d\\n', 'e\u0001ü ', 'f']
    for (const one of odd) writeFileSync(join(into, one), '', { mode: 0o640 })
    for (const one of odd) chmodSync(join(into, one), one === 'f' ? 0o644 : 0o600)
    spawnSync('tar', ['-cf', join(root, `odd ${name}.tar`), '-C', into, '--exclude=f', '.'])
    chmodSync(into, 0o600)
    const question = dressesOf(selection(`odd ${name}.tar`), into)
    const seen = question.read(run(question.script, shell)).map(({ mode, directory }) => [mode, directory])
    assert.equal(seen.sort(), [
      [0o600, false],
      [0o600, true],
    ])
  })

  test(`${name}: owners of names with line ends are refused where tar cannot tell them`, () => {
    const into = join(root, `lines ${name}`)
    mkdirSync(into)
    writeFileSync(join(into, 'a\n-rw-r--r-- b c'), '')
    spawnSync('tar', ['-cf', join(root, `lines ${name}.tar`), '-C', into, '.'])
    const told = name !== 'busybox'
    const left = difference(`lines ${name}.tar`, `lines ${name}`, {}, false, true)
    if (told) assert.is(left, 'same')
    else assert.match(typeof left === 'object' ? left.broken : left, /names with line ends/)
    assert.is(difference(`lines ${name}.tar`, `lines ${name}`), told ? 'same' : 'unknown')
    assert.is(difference('x.tar.gz', 'from', {}, false, true), 'same')
    assert.is(tellsLines.read(run(tellsLines.script, shell)), told)
  })

  if (spawnSync('zip', ['-v']).error !== undefined) test.skip(`${name}: zip archives`, 'zip is not installed')
  else
    test(`${name}: zip archives are compared by content, too`, () => {
      const into = join(root, `zip ${name}`)
      const file = join(into, 'a [b] c')
      mkdirSync(join(into, 'sub'), { recursive: true })
      writeFileSync(file, 'one\n')
      writeFileSync(join(into, 'sub/x'), '')
      symlinkSync('x', join(into, 'link'))
      utimesSync(file, 1_577_923_200, 1_577_923_200)
      const archive = `x ${name}.zip`
      assert.is(spawnSync('zip', ['-qry', join(root, archive), '.'], { cwd: into }).status, 0)
      const left = (more: Partial<Selection> = {}, newer = false): Left =>
        difference(archive, `zip ${name}`, more, newer)
      const exact = name !== 'busybox'
      assert.is(left(), 'same')
      utimesSync(file, 1_600_000_000, 1_600_000_000)
      assert.is(left(), 'same', 'only the time')
      writeFileSync(file, 'two\n')
      assert.is(left(), exact ? 'differs' : 'same')
      assert.is(left({}, true), exact ? 'same' : 'unknown', 'it is newer')
      assert.is(left({ members: ['-x', 'a*'] }), 'same')
      rmSync(join(into, 'sub/x'))
      assert.is(left({ members: ['a*'] }), exact ? 'differs' : 'same')
      assert.is(left({ members: ['link'] }), 'same')
      assert.is(left(), 'differs')
      const none = left({ members: ['nowhere'] })
      if (exact) assert.match(typeof none === 'object' ? none.broken : none, /not matched: +nowhere/)
      const question = namesOf(selection(archive, { members: ['-x', 'a*'] }))
      assert.equal([...(question.read(run(question.script, shell)) ?? [])].sort(), ['link', 'sub/', 'sub/x'])
    })

  test(`${name}: what is below a directory`, () => {
    const question = entriesBelow(join(root, 'from'))
    const seen = question.read(run(question.script, shell, { env: { LC_ALL: 'C.UTF-8', LANGUAGE: 'de' } }))
    const sizes = [...(seen ?? [])].map(([path, { size }]) => [path, size])
    assert.equal(sizes.sort(), [
      ['', undefined],
      ['a b', undefined],
      ["a b/it's 5 ü", 70_000],
      ['empty', 0],
      ['link', undefined],
    ])
    const { dress } = seen?.get('empty') ?? {}
    const { uid, gid, mode } = statSync(join(root, 'from/empty'))
    assert.equal([dress?.mode, dress?.directory, dress?.owners[0]], [mode & 0o7777, false, String(uid)])
    assert.is(dress?.groups[0], String(gid))
    assert.is(seen?.get('link')?.dress.mode, undefined)
  })
}

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)
const LISTS: readonly (readonly [list: string, name: string, sum: string])[] = [
  [`${A}  x.tar\n${B}  y.tar\n`, 'y.tar', B],
  [`${A} *./dir/x.tar\n`, 'x.tar', A],
  [`${B}  .x\n${A}  x\n`, 'x', A],
  [`${B}  x\n${A}  .x\n`, '.x', A],
  [`SHA256 (x y.tar) = ${A.toUpperCase()}\n`, 'x y.tar', A],
  [`${A}\n`, 'whatever', A],
]
for (const [list, name, sum] of LISTS)
  test(`the checksum of ${name} in ${JSON.stringify(list.replaceAll(/[ab]{64}/g, '…'))}`, () =>
    assert.is(checksumOf(list, name, 'list'), sum))

test('a list without the name does not answer', () =>
  assert.throws(() => checksumOf(`${A}  x\n`, 'y', 'list'), /no checksum/))

test.run()
