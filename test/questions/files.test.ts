import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { CouldNotTell } from '../../src/kit/question.ts'
import { hash } from '../../src/questions/controller.ts'
import { at, bytes, digest, entry, matches, text } from '../../src/questions/files.ts'
import { landing } from '../../src/questions/landing.ts'
import { shades, tree } from '../../src/questions/trees.ts'
import { raw, Script } from '../../src/shell/script.ts'
import { debian } from '../support/host.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('questions/files')
const HOSTILE = [
  'plain',
  'a b',
  "it's",
  '$(id)',
  '`id`',
  'new\nline',
  '-n',
  'ü',
  'a"b',
  'back\\slash',
  '*',
  '[x]',
  '#',
  '~',
]

let root = ''
test.before(() => {
  root = mkdtempSync(join(tmpdir(), 'files-'))
  for (const name of HOSTILE) {
    mkdirSync(join(root, name))
    writeFileSync(join(root, name, name), `bytes of ${name}\n\0\xff`, 'latin1')
    chmodSync(join(root, name, name), 0o640)
  }
  symlinkSync('plain', join(root, 'link'))
  symlinkSync('target with\nnewline\n', join(root, 'dangling'))
})
test.after(() => rmSync(root, { recursive: true }))

for (const shell of SHELLS) {
  const [name] = shell
  test(`${name}: what stands at a path, byte for byte`, () => {
    for (const odd of HOSTILE) {
      const path = join(root, odd, odd)
      const content = Buffer.from(`bytes of ${odd}\n\0\xff`, 'latin1')
      const question = entry(path)
      const seen = question.read(run(question.script, shell))
      assert.equal([seen?.type, seen?.mode, seen?.size, seen?.owner], ['file', 0o640, content.length, 'root'], odd)
      const whole = bytes(path)
      assert.equal(whole.read(run(whole.script, shell))?.toString('latin1'), content.toString('latin1'), odd)
      const sha = digest(path, 'sha256')
      assert.is(sha.read(run(sha.script, shell)), hash('sha256', content), odd)
      const into = landing(join(root, odd), odd)
      const landed = into.read(run(into.script, shell))
      assert.is(landed.directory, true, odd)
      assert.is(landed.sha256, hash('sha256', content), odd)
      assert.is(landed.before?.toString('latin1'), content.toString('latin1'), odd)
    }
  })

  test(`${name}: links, directories, nothing`, () => {
    const see = (path: string, follow = false) => {
      const question = entry(join(root, path), follow)
      return question.read(run(question.script, shell))
    }
    assert.equal([see('link')?.type, see('link')?.target], ['link', 'plain'])
    assert.is(see('link', true)?.type, 'directory')
    assert.is(see('dangling')?.target, 'target with\nnewline\n')
    assert.is(see('dangling', true), undefined)
    assert.is(see('none'), undefined)
    assert.is(see('plain/plain/below'), undefined)
    for (const path of ['none', 'plain']) {
      const sha = digest(join(root, path), 'sha1')
      assert.is(sha.read(run(sha.script, shell)), undefined)
    }
    const absent = text(join(root, 'none'))
    assert.is(absent.read(run(absent.script, shell)), undefined)
    const nowhere = landing(join(root, 'none'), 'x')
    assert.equal(nowhere.read(run(nowhere.script, shell)), {
      directory: false,
      entry: undefined,
      sha256: undefined,
      before: undefined,
    })
  })

  test(`${name}: not being able to tell is not absence`, () => {
    const directory = bytes(join(root, 'plain'))
    assert.throws(
      () => directory.read(run(directory.script, shell)),
      (error: unknown) => error instanceof CouldNotTell,
    )
    const binary = text(join(root, 'plain', 'plain'))
    assert.throws(() => binary.read(run(binary.script, shell)), /not UTF-8/)
    const loop = join(root, 'plain', 'loop')
    symlinkSync(loop, loop)
    const question = entry(loop, true)
    assert.throws(
      () => question.read(run(question.script, shell)),
      (error: unknown) => error instanceof CouldNotTell,
    )
    rmSync(loop)
  })

  test(`${name}: the same file as wanted sends no bytes`, () => {
    const content = Buffer.from('bytes of plain\n\0\xff', 'latin1')
    const question = landing(join(root, 'plain'), 'plain', hash('sha256', content))
    const answer = run(question.script, shell)
    assert.is(question.read(answer).before, undefined)
    assert.ok(answer.stdoutBytes.length < 160)
  })

  test(`${name}: a tree and its shades`, () => {
    const question = tree(root)
    const seen = question.read(run(question.script, shell))
    assert.is(seen.get('a b/a b')?.sha256, hash('sha256', Buffer.from('bytes of a b\n\0\xff', 'latin1')))
    assert.is(seen.get('a b')?.directory, true)
    const colours = shades(root, false)
    const modes = colours.read(run(colours.script, shell)).map(seen => `${seen.type} ${seen.mode.toString(8)}`)
    assert.ok(modes.includes('file 640'), modes.join())
    const none = tree(join(root, 'none'))
    assert.is(none.read(run(none.script, shell)).size, 0)
  })

  test(`${name}: patterns`, () => {
    for (const [pattern, from, wanted] of [
      [`${root}/pla*`, undefined, true],
      [`${root}/q*`, undefined, false],
      [`${root}/a b/[a]*`, undefined, true],
      ['plai?', root, true],
      ["it's", root, true],
      ['$(id)', root, true],
      ['dangling', root, true],
      ['none', root, false],
      ['[!q]lain', root, true],
      ['[!p]lain', root, false],
      ['[o-q]lain', root, true],
      ['[$`;"p]lain', root, true],
      ['[a b]*b', root, true],
      ['[*]', root, true],
      ['[$(touch hacked)]*', root, true],
    ] as const) {
      const question = matches(pattern, from, debian)
      assert.is(question.read(run(question.script, shell)), wanted, pattern)
    }
    assert.is(existsSync(join(root, 'hacked')), false)
  })

  test(`${name}: where there is no stat, ls tells`, () => {
    const path = join(root, 'plain', 'plain')
    const question = entry(path)
    const without = new Script(`stat() { return 127; }; ${question.script.wire}`)
    const seen = question.read(run(without, shell))
    assert.equal([seen?.type, seen?.mode, seen?.size, seen?.uid, seen?.owner], ['file', 0o640, 17, 0, ''])
    chmodSync(join(root, 'plain'), 0o1775)
    const parent = entry(join(root, 'plain'))
    assert.is(parent.read(run(raw(`stat() { return 127; }; ${parent.script.wire}`), shell))?.mode, 0o1775)
    chmodSync(join(root, 'plain'), 0o755)
  })
}

test('paths have one spelling', () => {
  for (const [given, wanted] of [
    ['~/x', '/root/x'],
    ['~', '/root'],
    ['$HOME/x', '/root/x'],
    ['$' + '{HOME}', '/root'],
    ['/a//b/', '/a/b'],
    ['/', '/'],
    ['-x', './-x'],
    ['~ann/x', '~ann/x'],
  ] as const)
    assert.is(at(given, debian), wanted)
})

test.run()
