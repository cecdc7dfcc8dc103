import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { formatOf, remoteDifference, sizesBelow } from '../../src/questions/archives.ts'
import { checksumOf } from '../../src/questions/checksum-list.ts'
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
  const difference = (archive: string, into: string): string => {
    const question = remoteDifference(join(root, archive), formatOf(archive) ?? 'tar', join(root, into))
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
    assert.is(difference(cut, 'from'), 'unknown')
  })

  test(`${name}: sizes below a directory`, () => {
    const question = sizesBelow(join(root, 'from'))
    const seen = question.read(run(question.script, shell, { env: { LC_ALL: 'C.UTF-8', LANGUAGE: 'de' } }))
    assert.equal([...(seen ?? [])].sort(), [
      ['', undefined],
      ['a b', undefined],
      ["a b/it's 5 ü", 70_000],
      ['empty', 0],
      ['link', undefined],
    ])
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
