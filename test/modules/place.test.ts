import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import copy from '../../src/modules/copy.ts'
import template from '../../src/modules/template.ts'
import { hash } from '../../src/questions/controller.ts'
import { brief, converge, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/copy and template')
const short = (text: string) => `sha256:${hash('sha256', text).slice(0, 12)}`

for (const shell of SHELLS) {
  const [name] = shell
  let root = ''
  const fresh = () => {
    root = mkdtempSync(join(tmpdir(), 'copy-'))
    mkdirSync(join(root, 'there'))
    writeFileSync(join(root, 'source'), 'one\ntwo\n', { mode: 0o751 })
    chmodSync(join(root, 'source'), 0o751)
  }
  const clean = () => rmSync(root, { recursive: true })

  test(`${name}: text at hand`, async () => {
    fresh()
    for (const odd of ['plain', "it's $(id) `x`", 'new\nline', '-n', 'ü']) {
      const dest = join(root, odd)
      assert.equal(await converge(copy, { content: odd, dest, mode: '0640' }, debian, shell), [
        `${dest}: absent -> ${short(odd)}`,
      ])
      assert.equal([readFileSync(dest, 'utf8'), statSync(dest).mode & 0o777], [odd, 0o640])
      const plan = await planHere(copy, { content: 'other', dest, mode: 'u+x' }, debian, shell)
      assert.equal(brief(plan), [`${dest}: ${short(odd)} -> ${short('other')}`, 'mode: 0640 -> 0740'])
      assert.equal(plan.kind === 'change' && plan.edits[0]?.texts, { before: odd, after: 'other' })
      assert.is(plan.kind === 'change' && new Set(plan.edits.map(edit => edit.by)).size, 1)
      assert.equal(brief(await planHere(copy, { content: 'other', dest, force: false }, debian, shell)), [])
      assert.equal(await converge(copy, { content: odd, dest, mode: '0600' }, debian, shell), ['mode: 0640 -> 0600'])
    }
    clean()
  })

  test(`${name}: a file of the controller, into a directory or as a name`, async () => {
    fresh()
    const src = join(root, 'source')
    for (const [dest, path] of [
      [join(root, 'there'), join(root, 'there/source')],
      [join(root, 'there/'), join(root, 'there/source')],
      [`${join(root, 'new')}/`, join(root, 'new/source')],
      [join(root, 'name'), join(root, 'name')],
    ] as const) {
      await converge(copy, { src, dest, mode: 'preserve' }, debian, shell)
      assert.equal([readFileSync(path, 'utf8'), statSync(path).mode & 0o777], ['one\ntwo\n', 0o751], dest)
    }
    const plan = await planHere(copy, { src, dest: join(root, 'name') }, debian, shell)
    assert.is('result' in plan && plan.result['checksum'], hash('sha1', 'one\ntwo\n'))
    assert.equal(brief(await planHere(copy, { src: join(root, 'none'), dest: root }, debian, shell)).length, 1)
    clean()
  })

  test(`${name}: a tree of the controller`, async () => {
    fresh()
    const src = join(root, 'tree')
    mkdirSync(join(src, 'a/b c'), { recursive: true })
    writeFileSync(join(src, 'a/b c/d'), 'deep')
    writeFileSync(join(src, 'top'), 'high')
    assert.is((await converge(copy, { src, dest: join(root, 'out'), mode: '0600' }, debian, shell)).length, 5)
    assert.is(readFileSync(join(root, 'out/tree/a/b c/d'), 'utf8'), 'deep')
    await converge(copy, { src: `${src}/`, dest: join(root, 'flat') }, debian, shell)
    assert.is(readFileSync(join(root, 'flat/top'), 'utf8'), 'high')
    writeFileSync(join(root, 'flat/top'), 'changed')
    assert.equal(await converge(copy, { src: `${src}/`, dest: join(root, 'flat') }, debian, shell), [
      `${join(root, 'flat/top')}: ${short('changed')} -> ${short('high')}`,
    ])
    const owned = { src: `${src}/`, dest: join(root, 'flat'), owner: '1', mode: '0640' }
    assert.is((await converge(copy, owned, debian, shell)).length, 6)
    assert.equal([statSync(join(root, 'flat/a')).uid, statSync(join(root, 'flat/a/b c/d')).mode & 0o777], [1, 0o640])
    clean()
  })

  test(`${name}: links in a tree of the controller`, async () => {
    fresh()
    const src = join(root, 'tree')
    mkdirSync(join(src, 'dir'), { recursive: true })
    writeFileSync(join(src, 'dir/file'), 'bytes')
    symlinkSync('dir/file', join(src, 'to-file'))
    symlinkSync('dir', join(src, 'to-dir'))
    symlinkSync('..', join(src, 'dir/up'))
    symlinkSync('nowhere', join(src, 'dangling'))
    await converge(copy, { src: `${src}/`, dest: join(root, 'followed') }, debian, shell)
    assert.is(readFileSync(join(root, 'followed/to-dir/file'), 'utf8'), 'bytes')
    const isLink = (path: string) => lstatSync(join(root, path)).isSymbolicLink()
    assert.equal(
      ['to-file', 'to-dir', 'dir/up', 'dangling'].map(link => isLink(`followed/${link}`)),
      [...[false, false, true, true]],
    )
    await converge(copy, { src: `${src}/`, dest: join(root, 'kept'), local_follow: false }, debian, shell)
    assert.equal(
      ['to-file', 'to-dir', 'dir/up', 'dangling'].map(link => isLink(`kept/${link}`)),
      [...[true, true, true, true]],
    )
    clean()
  })

  test(`${name}: what is no text becomes one as in Python`, async () => {
    fresh()
    for (const [content, text] of [
      [{ a: [1, 1.5, true, null, 'é"'], b: {} }, '{"a": [1, 1.5, true, null, "\\u00e9\\""], "b": {}}'],
      [[], '[]'],
      [true, 'True'],
      [5, '5'],
    ] as const) {
      assert.equal(brief(await planHere(copy, { content, dest: `${root}/json/` }, debian, shell)), [
        'refuse: can not use content with a dir as dest',
      ])
      await converge(copy, { content, dest: join(root, 'json') }, debian, shell)
      assert.is(readFileSync(join(root, 'json'), 'utf8'), text)
    }
    clean()
  })

  test(`${name}: from the target to the target`, async () => {
    fresh()
    const src = join(root, 'source')
    const dest = join(root, "it's a copy")
    await converge(copy, { src, dest, remote_src: true }, debian, shell)
    assert.equal([readFileSync(dest, 'utf8'), statSync(dest).mode & 0o777], ['one\ntwo\n', 0o644])
    await converge(copy, { src, dest, remote_src: true, mode: 'preserve' }, debian, shell)
    assert.is(statSync(dest).mode & 0o777, 0o751)
    writeFileSync(dest, 'other')
    await converge(
      copy,
      { src, dest, remote_src: true, mode: '0600', backup: true, validate: 'grep -q two %s' },
      debian,
      shell,
    )
    assert.equal([readFileSync(dest, 'utf8'), statSync(dest).mode & 0o777], ['one\ntwo\n', 0o600])
    await converge(copy, { src: `${root}/there/`, dest: join(root, 'twin'), remote_src: true }, debian, shell)
    mkdirSync(join(root, 'many/below'), { recursive: true })
    writeFileSync(join(root, 'many/below', "it's"), 'x')
    const many = { src: `${root}/many/`, dest: join(root, 'twin 2'), remote_src: true, mode: '0604' }
    await converge(copy, many, debian, shell)
    assert.is(statSync(join(root, 'twin 2/below', "it's")).mode & 0o777, 0o604)
    assert.equal(brief(await planHere(copy, { src: join(root, 'none'), dest, remote_src: true }, debian, shell)), [
      `refuse: Source ${join(root, 'none')} not found`,
    ])
    clean()
  })

  test(`${name}: a template in another charset`, async () => {
    fresh()
    const wish = { src: '/t.j2', content: '5 \u00a4, \u0141\n', dest: join(root, 'priced') }
    const inCharset = (output_encoding: string) => planHere(template, { ...wish, output_encoding }, debian, shell)
    for (const [charset, sign] of [
      ['windows-1252', '\u0141'],
      ['latin_1', '\u0141'],
      ['ascii', '\u00a4'],
    ] as const) {
      const plan = await inCharset(charset)
      assert.is(plan.kind === 'refuse' && plan.reason, `the charset '${charset}' has no sign for '${sign}'`)
    }
    for (const unknown of ['gbk', 'rot13']) assert.match(JSON.stringify(await inCharset(unknown)), /is none that texts/)
    await converge(template, { ...wish, output_encoding: 'iso8859-2' }, debian, shell)
    assert.equal(readFileSync(wish.dest), Buffer.from([...Buffer.from('5 '), 0xa4, 0x2c, 0x20, 0xa3, 0x0a]))
    assert.equal(brief(await inCharset('iso8859-2')), [])
    assert.equal(brief(await inCharset('')).length, 1)
    await converge(template, { ...wish, content: '\u20ac\u0178', output_encoding: 'windows-1252' }, debian, shell)
    assert.equal(readFileSync(wish.dest), Buffer.from([0x80, 0x9f]))
    clean()
  })

  test(`${name}: what a template renders to`, async () => {
    fresh()
    const wish = { src: '/roles/x/templates/app.conf.j2', content: 'port = 1\n', dest: join(root, 'there') }
    const path = join(root, 'there/app.conf.j2')
    assert.equal(await converge(template, wish, debian, shell), [`${path}: absent -> ${short('port = 1\n')}`])
    assert.equal(brief(await planHere(template, { ...wish, content: 'port = 2\n', mode: '0600' }, debian, shell)), [
      `${path}: ${short('port = 1\n')} -> ${short('port = 2\n')}`,
      'mode: 0644 -> 0600',
    ])
    assert.equal(brief(await planHere(template, { ...wish, dest: '/dev/null' }, debian, shell)), [
      'refuse: /dev/null is a char, no file can be put there',
    ])
    const kept = { ...wish, src: join(root, 'source'), mode: 'preserve' }
    await converge(template, kept, debian, shell)
    assert.is(statSync(join(root, 'there/source')).mode & 0o777, 0o751)
    clean()
  })
}

test.run()
