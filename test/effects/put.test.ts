import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Secret } from '../../src/base/secret.ts'
import { pour } from '../../src/effects/pour.ts'
import { put } from '../../src/effects/put.ts'
import type { Content, Put } from '../../src/kit/effect.ts'
import { sh } from '../../src/shell/script.ts'
import { onSmallDisk } from '../support/small-disk.ts'
import { suite } from '../support/suite.ts'
import { withBroken } from './broken-tools.ts'
import { onThisMachine } from './place.ts'

const test = suite('effects/put')
const dir = mkdtempSync(join(tmpdir(), 'regplay-put-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const root = process.getuid?.() === 0

const big = Buffer.alloc(3 * 1024 * 1024 + 7, 'regplay\0')
const bigFile = join(dir, 'big')
writeFileSync(bigFile, big)
const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8)
const leftovers = (where: string) => readdirSync(where).filter(name => name.startsWith('.regplay'))

const contents: [what: string, content: Content, bytes: Buffer][] = [
  ['text', { text: "häl'lo\n" }, Buffer.from("häl'lo\n")],
  ['no text', { text: '' }, Buffer.alloc(0)],
  ['long text', { text: 'x'.repeat(200_000) }, Buffer.alloc(200_000, 'x')],
  ['bytes', { bytes: Buffer.from([0, 255, 10]) }, Buffer.from([0, 255, 10])],
  ['file', { file: bigFile }, big],
]

for (const [what, content, bytes] of contents)
  test(`${what}: new, then over an old one`, () =>
    onThisMachine(async place => {
      const here = mkdtempSync(join(dir, 'c-'))
      const path = join(here, "a file's name")
      assert.equal((await put({ kind: 'put', path, content }, place)).failed, undefined)
      assert.deepEqual(readFileSync(path), bytes)
      assert.equal(mode(path), '644')
      writeFileSync(path, 'old')
      chmodSync(path, 0o640)
      if (root) chownSync(path, 12, 34)
      assert.equal((await put({ kind: 'put', path, content }, place)).failed, undefined)
      assert.deepEqual(readFileSync(path), bytes)
      assert.equal(mode(path), '640')
      if (root) assert.deepEqual([statSync(path).uid, statSync(path).gid], [12, 34])
      const wanted = { mode: '4711', ...(root ? { owner: '5', group: '6' } : {}) }
      await put({ kind: 'put', path, content, ...wanted }, place)
      assert.equal(mode(path), '4711')
      if (root) assert.deepEqual([statSync(path).uid, statSync(path).gid], [5, 6])
      assert.deepEqual(leftovers(here), [])
    }))

test('a link is replaced as if there were nothing', () =>
  onThisMachine(async place => {
    const path = join(dir, 'a link')
    writeFileSync(join(dir, 'target'), 'old', { mode: 0o640 })
    symlinkSync('target', path)
    assert.equal((await put({ kind: 'put', path, content: { text: 'new' } }, place)).failed, undefined)
    assert.equal(
      [lstatSync(path).isFile(), mode(path), readFileSync(join(dir, 'target'), 'utf8')].join(),
      'true,644,old',
    )
  }))

test('a secret is private from the start', () =>
  onThisMachine(async place => {
    const path = join(dir, 'secret')
    await put({ kind: 'put', path, content: { text: new Secret('s3cret', 'a secret') } }, place)
    assert.equal(readFileSync(path, 'utf8'), 's3cret')
    assert.equal(mode(path), '600')
  }))

const refusals: [what: string, more: Partial<Put>, words: RegExp][] = [
  ['a failed validation', { validate: 'false %s' }, /validation failed: false %s/],
  ['a checksum of text', { checksum: `sha256:${'0'.repeat(64)}` }, /the sha256 of the content is .*, wanted 000/],
  [
    'a checksum of a file',
    { checksum: `md5:${'0'.repeat(32)}`, content: { file: bigFile } },
    /the md5 of the content is/,
  ],
  ['a file that is not there', { content: { file: join(dir, 'none') } }, /none could not be read: ENOENT/],
  ['a directory as source', { content: { file: dir } }, /could not be read: it is no regular file/],
  ['a device as source', { content: { file: '/dev/zero' } }, /could not be read: it is no regular file/],
]
for (const [what, more, words] of refusals)
  test(`${what} leaves the old file`, () =>
    onThisMachine(async place => {
      const here = mkdtempSync(join(dir, 'r-'))
      const path = join(here, 'f')
      writeFileSync(path, 'old')
      const outcome = await put({ kind: 'put', path, content: { text: 'new' }, ...more }, place)
      assert.match(outcome.failed ?? outcome.stderr, words)
      assert.equal(readFileSync(path, 'utf8'), 'old')
      assert.deepEqual(readdirSync(here), ['f'])
    }))

test('a path without a directory is where the shell stands', () =>
  onThisMachine(async place => {
    const name = `regplay-put-${process.pid}`
    const where = (await place.shell.trip([{ script: sh`pwd -P` }], place))[0]?.stdout.trim() ?? ''
    const outcome = await put({ kind: 'put', path: name, content: { text: 'x' } }, place)
    assert.equal(outcome.failed, undefined)
    assert.equal(readFileSync(join(where, name), 'utf8'), 'x')
    rmSync(join(where, name))
  }))

test('a directory that is missing is named, with what to do', () =>
  onThisMachine(async place => {
    const outcome = await put({ kind: 'put', path: join(dir, 'no/where'), content: { text: 'x' } }, place)
    assert.match(outcome.failed ?? '', /the directory .*\/no does not exist/)
    assert.match(outcome.remedy ?? '', /state: directory/)
  }))

test('a digest that cannot be made is no digest that is right', () =>
  withBroken(dir, ['sha256sum'], () =>
    onThisMachine(async place => {
      const path = join(dir, 'undigested')
      for (const content of [{ text: 'x' }, { file: bigFile }]) {
        assert.match((await put({ kind: 'put', path, content }, place)).failed ?? '', /could not be written/)
        assert.throws(() => statSync(path), /ENOENT/)
      }
    }),
  ))

test('the old file is kept when asked for, and its name is told', () =>
  onThisMachine(async place => {
    const path = join(dir, 'kept')
    writeFileSync(path, 'old')
    const outcome = await put(
      { kind: 'put', path, content: { text: 'new' }, backup: true, validate: 'grep -q new %s' },
      place,
    )
    const backup = String(outcome.fields?.get('backup_file'))
    assert.match(backup, /kept\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/)
    assert.equal(readFileSync(backup, 'utf8'), 'old')
    assert.equal(readFileSync(path, 'utf8'), 'new')
  }))

test('a URL is fetched whole, or not at all', () =>
  onThisMachine(async place => {
    const server = createServer(({ url }, reply) => {
      if (url === '/good') return reply.end(big)
      if (url === '/moved') return reply.writeHead(302, { location: '/good' }).end()
      if (url === '/short') {
        reply.writeHead(200, { 'content-length': '1000' })
        reply.write('only this')
        return setImmediate(() => reply.destroy())
      }
      return reply.writeHead(404).end('no')
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const path = join(dir, 'fetched')
    const checksum = `sha256:${createHash('sha256').update(big).digest('hex')}`
    try {
      for (const url of ['/short', '/none'])
        for (const via of ['controller', 'target'] as const) {
          const outcome = await put({ kind: 'put', path, content: { url: base + url, via } }, place)
          assert.match(outcome.failed ?? '', url === '/none' ? /answered 404/ : /could not be fetched/)
          assert.throws(() => statSync(path), /ENOENT/)
        }
      for (const url of ['/good', '/moved'])
        for (const via of ['controller', 'target'] as const) {
          const outcome = await put({ kind: 'put', path, content: { url: base + url, via }, checksum }, place)
          assert.equal(outcome.failed, undefined)
          assert.equal(outcome.fields?.get('status_code'), 200)
          assert.deepEqual(readFileSync(path), big)
          rmSync(path)
        }
    } finally {
      server.close()
      server.closeAllConnections()
    }
  }))

test('a source that breaks in the middle is a failure that says why', () =>
  onThisMachine(async place => {
    async function* breaking() {
      yield Buffer.alloc(100_000)
      await new Promise(resolve => setTimeout(resolve, 100))
      throw new Error('the disk is sick')
    }
    const poured = await pour(
      sh`cat >/dev/null`,
      { what: '/a/file', size: 200_000, source: Readable.from(breaking()) },
      place,
    )
    assert.ok('broken' in poured)
    assert.match(poured.broken.failed ?? '', /\/a\/file could not be read: the disk is sick/)
  }))

onSmallDisk(test, 'a full disk leaves the old file and says so', '1m', disk =>
  onThisMachine(async place => {
    const path = join(disk, 'f')
    writeFileSync(path, 'old')
    const outcome = await put({ kind: 'put', path, content: { file: bigFile } }, place)
    assert.match(outcome.failed ?? '', /no space left/i)
    assert.match(outcome.remedy ?? '', /free some space/)
    assert.equal(readFileSync(path, 'utf8'), 'old')
    assert.deepEqual(readdirSync(disk), ['f'])
  }),
)

test('progress ends at the size', () =>
  onThisMachine(async (place, told) => {
    await put({ kind: 'put', path: join(dir, 'p'), content: { file: bigFile } }, place)
    assert.deepEqual(told.at(-1), [big.length, big.length])
  }))

test.run()
