import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { retrieve } from '../../src/effects/retrieve.ts'
import assemble from '../../src/modules/assemble.ts'
import fetchModule from '../../src/modules/fetch.ts'
import tempfile from '../../src/modules/tempfile.ts'
import { onThisMachine } from '../effects/place.ts'
import { brief, converge, make, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules that bring files together, and to the controller')
const dir = mkdtempSync(join(tmpdir(), 'regplay-transfers-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const sha1 = (text: string | Buffer) => createHash('sha1').update(text).digest('hex')

const MADE: Record<string, [wish: Record<string, unknown>, name: RegExp, mode: number]> = {
  'a file': [{}, /^ansible\.\w{8}$/, 0o100600],
  'a directory': [{ state: 'directory' }, /^ansible\.\w{8}$/, 0o40700],
  'a name with a suffix': [{ prefix: "it's-", suffix: ' x.txt' }, /^it's-\w{8} x\.txt$/, 0o100600],
  'a directory with a suffix': [{ state: 'directory', prefix: '', suffix: '.d' }, /^\w{8}\.d$/, 0o40700],
}

for (const shell of SHELLS) {
  for (const [title, [wish, name, mode]] of Object.entries(MADE))
    test(`${shell[0]}: tempfile makes ${title}, another one each time`, async () => {
      const plan = await planHere(tempfile, { path: dir, ...wish }, debian, shell)
      if (plan.kind !== 'act') throw new Error(plan.kind)
      const paths = [0, 1].map(() => {
        const [outcome] = make(plan, shell)
        const { changed, failed, result } = plan.report(outcome ?? { code: 1, stdout: '', stderr: 'nothing' })
        assert.equal([changed, failed], [true, undefined])
        const path = String(result['path'])
        assert.is(statSync(path).mode, mode)
        assert.is(result['mode'], `0${(mode & 0o777).toString(8)}`)
        return path.slice(dir.length + 1)
      })
      for (const path of paths) assert.match(path, name)
      assert.is(new Set(paths).size, 2)
    })

  test(`${shell[0]}: tempfile says where nothing can be made`, async () => {
    const plan = await planHere(tempfile, { path: join(dir, 'none') }, debian, shell)
    if (plan.kind !== 'act') throw new Error(plan.kind)
    const [outcome] = make(plan, shell)
    assert.match(plan.report(outcome ?? { code: 0, stdout: '', stderr: '' }).failed ?? '', /is no directory/)
  })
}

const parts = join(dir, "parts of 'it'")
mkdirSync(parts)
mkdirSync(join(parts, '20-dir'))
for (const [name, text] of Object.entries({
  '10-a': 'a',
  '30-b': 'b\n',
  '5': '\0\xff',
  '.hid': 'h',
  'c\nd': '',
  '-e': 'e',
}))
  writeFileSync(join(parts, name), Buffer.from(text, 'latin1'))
symlinkSync('10-a', join(parts, '40-link'))

const TEXTS: Record<string, [wish: Record<string, unknown>, text: string]> = {
  'all parts in order': [{}, 'e\nh\na\nb\na\n\0\xff\n'],
  'no hidden ones': [{ ignore_hidden: true }, 'e\na\nb\na\n\0\xff\n'],
  'those that match': [{ regexp: '0-' }, 'a\nb\na'],
  'something between them': [{ regexp: '^[13]', delimiter: '### \\x41' }, 'a\n### A\nb\n'],
  'a line end between them': [{ regexp: '^[34]', delimiter: '\\n' }, 'b\n\na'],
  nothing: [{ regexp: 'nothing' }, ''],
}

for (const shell of SHELLS)
  for (const [title, [wish, text]] of Object.entries(TEXTS))
    for (const remote_src of shell === SHELLS[0] ? [true, false] : [true])
      test(`${shell[0]}: assemble takes ${title}${remote_src ? '' : ' of the controller'}`, async () => {
        const dest = join(dir, `assembled ${shell[0]}`)
        rmSync(dest, { force: true })
        const given = { src: parts, dest, remote_src, mode: '0640', ...wish }
        assert.is((await converge(assemble, given, debian, shell)).length, 1)
        assert.is(readFileSync(dest, 'latin1'), text)
        assert.is(statSync(dest).mode & 0o777, 0o640)
        const plan = await planHere(assemble, given, debian, shell)
        assert.is(plan.kind === 'ok' && plan.result['checksum'], sha1(Buffer.from(text, 'latin1')))
      })

for (const [src, why] of [
  [join(dir, 'none'), /does not exist/],
  [join(parts, '10-a'), /is not a directory/],
] as const)
  for (const remote_src of [true, false])
    test(`assemble: ${why} (${remote_src})`, async () => {
      const [shell] = SHELLS
      if (shell)
        assert.match(brief(await planHere(assemble, { src, dest: '/x', remote_src }, debian, shell)).join(), why)
    })

const A = sha1('a')
const B = sha1('b')
const NONE = { kind: 'absent', why: '' }
const FETCHES: Record<string, [wish: Record<string, unknown>, there: unknown, here: unknown, wanted: string[]]> = {
  'it is there': [{}, { sha1: A }, { kind: 'file', sha1: A }, []],
  'it is not there': [{}, { sha1: A }, NONE, [`/c/web1/etc/x: absent -> sha1:${A.slice(0, 12)}`]],
  'another is there': [
    { flat: true },
    { sha1: A },
    { kind: 'file', sha1: B },
    [`/c: sha1:${B.slice(0, 12)} -> sha1:${A.slice(0, 12)}`],
  ],
  'a directory is meant': [{ flat: true, dest: '/c/' }, { sha1: A }, NONE, [`/c/x: absent -> sha1:${A.slice(0, 12)}`]],
  'a directory is there': [
    { flat: true },
    { sha1: A },
    { kind: 'directory' },
    ['refuse: dest is an existing directory, use a trailing slash if you want to fetch src into that directory'],
  ],
  'there is nothing to bring': [{}, 'absent', NONE, ['refuse: the remote file does not exist']],
  'nothing to bring is fine': [{ fail_on_missing: false }, 'unreadable', NONE, []],
  'it is a directory': [
    {},
    'directory',
    NONE,
    ['refuse: remote file is a directory, fetch cannot work on directories'],
  ],
  'it grows': [{ validate_checksum: false }, { sha1: A }, NONE, ['act: fetch /etc/x']],
}

for (const [title, [wish, there, here, wanted]] of Object.entries(FETCHES))
  test(`fetch: ${title}`, () =>
    assert.equal(brief(planWith(fetchModule, { src: '/etc/x', dest: '/c', ...wish }, { there, here }, debian)), wanted))

for (const shell of SHELLS)
  test(`${shell[0]}: fetch sees what can be brought`, async () => {
    const see = async (src: string) =>
      brief(await planHere(fetchModule, { src, dest: join(dir, 'c') }, debian, shell)).join()
    writeFileSync(join(dir, "s'x"), 'a')
    assert.match(await see(join(dir, "s'x")), `absent -> sha1:${A.slice(0, 12)}`)
    assert.match(await see(dir), /is a directory/)
    assert.match(await see(join(dir, 'none')), /does not exist/)
    assert.match(await see('/dev/null'), /a device/)
  })

test('retrieve: bytes come whole, over what was there, or the old file stays', () =>
  onThisMachine(async (place, told) => {
    const big = Buffer.alloc(3 * 1024 * 1024 + 7, 'regplay\0\xff', 'latin1')
    const [path, to] = [join(dir, 'big'), join(dir, 'c', 'deep', 'big')]
    writeFileSync(path, big)
    const outcome = await retrieve({ kind: 'retrieve', path, to, sha1: sha1(big) }, place)
    assert.equal([outcome.failed, outcome.fields?.get('checksum')], [undefined, sha1(big)])
    assert.ok(readFileSync(to).equals(big))
    assert.is(told.at(-1)?.[0], big.length)
    writeFileSync(path, 'other')
    assert.is((await retrieve({ kind: 'retrieve', path, to, sha1: sha1(big) }, place)).failed, 'checksum mismatch')
    assert.ok(readFileSync(to).equals(big))
    const under = await retrieve({ kind: 'retrieve', path, to: join(to, 'x') }, place)
    assert.match(under.failed ?? '', /could not be written on the controller/)
  }))

test('retrieve: what cannot be read is an error, and leaves nothing', () =>
  onThisMachine(async place => {
    const to = join(dir, 'never')
    let why = ''
    await retrieve({ kind: 'retrieve', path: join(dir, 'none'), to }, place).catch(error => {
      why = String(error)
    })
    assert.match(why, /No such file/)
    assert.not(statSync(to, { throwIfNoEntry: false }))
  }))

test.run()
