import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { feed } from '../../src/effects/feed.ts'
import { unpack } from '../../src/effects/unpack.ts'
import type { Unpack } from '../../src/kit/effect.ts'
import { sh } from '../../src/shell/script.ts'
import { tarOf } from '../registry/archives.ts'
import { suite } from '../support/suite.ts'
import { onThisMachine } from './place.ts'

const test = suite('effects/unpack')
const dir = mkdtempSync(join(tmpdir(), 'regplay-unpack-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const root = process.getuid?.() === 0
const has = (tool: string) => spawnSync(tool, ['--version']).error === undefined

const long = Buffer.alloc(2_000_000, 'regplay ')
const tar = await tarOf([
  { name: 'a/', type: 'directory', mode: 0o755 },
  { name: 'a/long', content: long },
  { name: "a/it's", content: 'x' },
])
const packed: Record<string, Buffer> = { tar, 'tar.gz': gzipSync(tar) }
for (const [format, tool] of [
  ['tar.xz', 'xz'],
  ['tar.bz2', 'bzip2'],
  ['tar.zst', 'zstd'],
] as const)
  if (has(tool)) packed[format] = spawnSync(tool, ['-c'], { input: tar, maxBuffer: 1e8 }).stdout

for (const [format, bytes] of Object.entries(packed)) {
  const file = join(dir, `f.${format}`)
  writeFileSync(file, bytes)
  writeFileSync(`${file}.cut`, bytes.subarray(0, bytes.length >> 1))
  const effect = (source: Unpack['source'], into: string): Unpack => ({
    kind: 'unpack',
    format: format as Unpack['format'],
    source,
    into,
  })
  for (const from of ['file', 'remote'] as const)
    test(`${format} as ${from}`, () =>
      onThisMachine(async place => {
        const into = mkdtempSync(join(dir, 'in to-'))
        const source = (path: string) => (from === 'file' ? { file: path } : { remote: path })
        const more = root ? { owner: '12', group: '34', mode: 'u=rwX,go=' } : {}
        const outcome = await unpack({ ...effect(source(file), into), ...more }, place)
        assert.equal(outcome.failed, undefined)
        assert.deepEqual(readFileSync(join(into, 'a/long')), long)
        assert.equal(readFileSync(join(into, "a/it's"), 'utf8'), 'x')
        if (root) {
          const { uid, gid, mode } = statSync(join(into, 'a/long'))
          assert.deepEqual([uid, gid, mode & 0o777], [12, 34, 0o600])
        }
        const cut = await unpack(effect(source(`${file}.cut`), mkdtempSync(join(dir, 'cut-'))), place)
        assert.match(cut.failed ?? '', /could not be (unpacked|read)/)
        const none = await unpack(effect(source(join(dir, 'none')), into), place)
        assert.match(none.failed ?? '', /none.*(No such file|ENOENT|nonexistent)|ENOENT.*none/i)
      }))
}

/** A directory for the PATH in which tar and its helpers are BusyBox's. */
function busyboxTools(): string {
  const tools = mkdtempSync(join(dir, 'box-'))
  for (const tool of ['tar', 'xargs', 'sed', 'cut', 'mktemp', 'chown', 'chmod', 'chgrp'])
    symlinkSync('/bin/busybox', join(tools, tool))
  return tools
}

const kinds = ['the tar of this machine', "BusyBox's tar"] as const
for (const kind of kinds) {
  const name = `${kind}: owner and mode are for what was unpacked, and for nothing beside it`
  const lacks = !root ? 'needs root' : kind === kinds[1] && !existsSync('/bin/busybox') ? 'no BusyBox' : undefined
  if (lacks !== undefined) test.skip(name, lacks)
  else
    test(name, async () => {
      const into = mkdtempSync(join(dir, 'own-'))
      const outside = join(dir, `outside-${kinds.indexOf(kind)}`)
      for (const path of ['beside', 'a/mine']) {
        mkdirSync(join(into, path, '..'), { recursive: true })
        writeFileSync(join(into, path), 'x', { mode: 0o604 })
      }
      writeFileSync(outside, 'x', { mode: 0o604 })
      const file = join(dir, 'owned.tar')
      const members = [
        { name: './top/a/', type: 'directory' as const, mode: 0o755 },
        { name: './top/a/ä - b', content: 'x' },
        { name: './top/a/-n', content: 'x' },
        ...(kind === kinds[1] ? [] : [{ name: './top/a/two\nlines \\101', content: 'x' }]),
        { name: './top/link', type: 'symlink' as const, linkname: outside },
      ]
      writeFileSync(file, await tarOf(members))
      const path = process.env['PATH']
      if (kind === kinds[1]) process.env['PATH'] = `${busyboxTools()}:${path}`
      try {
        await onThisMachine(async place => {
          const effect: Unpack = {
            ...{ kind: 'unpack', format: 'tar', source: { file }, into, options: ['--strip-components=2'] },
            ...{ owner: '12', group: '34', mode: '0640' },
          }
          const outcome = await unpack(effect, place)
          assert.deepEqual([outcome.failed, outcome.code], [undefined, 0], outcome.stderr)
        })
      } finally {
        process.env['PATH'] = path
      }
      const state = (at: string) => {
        const { uid, gid, mode } = lstatSync(at)
        return `${uid}:${gid} ${(mode & 0o777).toString(8)}`
      }
      if (kind !== kinds[1]) assert.equal(state(join(into, 'a/two\nlines \\101')), '12:34 640')
      const told = ['a/ä - b', 'a/-n', 'a/mine', 'beside', '.'].map(at => state(join(into, at)))
      const own = `0:0 ${(statSync(into).mode & 0o777).toString(8)}`
      assert.deepEqual(told, ['12:34 640', '12:34 640', '0:0 604', '0:0 604', own])
      assert.equal(state(outside), '0:0 604')
      assert.match(state(join(into, 'link')), /^12:34 /)
    })
}

test('what is no file of the controller is no archive', () =>
  onThisMachine(async place => {
    const pipe = join(dir, 'pipe')
    spawnSync('mkfifo', [pipe])
    for (const file of [pipe, '/dev/zero', dir]) {
      const unpacked = await unpack({ kind: 'unpack', format: 'tar', source: { file }, into: dir }, place)
      const fed = await feed({ kind: 'feed', file, script: sh`cat` }, place)
      for (const { failed } of [unpacked, fed]) assert.match(failed ?? '', /could not be read: it is no regular file/)
    }
  }))

test('words for tar are words', () =>
  onThisMachine(async place => {
    const into = mkdtempSync(join(dir, 'o-'))
    const options = ['--strip-components=1', "--exclude=it's"]
    const outcome = await unpack(
      { kind: 'unpack', format: 'tar', source: { file: join(dir, 'f.tar') }, into, options },
      place,
    )
    assert.equal(outcome.failed, undefined)
    assert.deepEqual([existsSync(join(into, 'long')), existsSync(join(into, "it's"))], [true, false])
  }))

test('a directory that is missing is an outcome', () =>
  onThisMachine(async place => {
    const outcome = await unpack(
      { kind: 'unpack', format: 'tar', source: { file: join(dir, 'f.tar') }, into: join(dir, 'nowhere') },
      place,
    )
    assert.match(outcome.failed ?? '', /could not be unpacked into .*nowhere/)
  }))

test('a file is fed to a command, and a missing one is an outcome', () =>
  onThisMachine(async (place, told) => {
    const to = join(dir, 'fed')
    const fed = await feed(
      { kind: 'feed', file: join(dir, 'f.tar'), script: sh`cat >${to}; echo out; echo err >&2; exit 3` },
      place,
    )
    assert.deepEqual([fed.code, fed.stdout, fed.stderr], [3, 'out\n', 'err\n'])
    assert.deepEqual(readFileSync(to), tar)
    assert.deepEqual(told.at(-1), [tar.length, tar.length])
    // A command that does not want it all.
    assert.equal(
      (await feed({ kind: 'feed', file: join(dir, 'f.tar'), script: sh`head -c 10 >/dev/null` }, place)).code,
      0,
    )
    const none = await feed({ kind: 'feed', file: join(dir, 'none'), script: sh`cat` }, place)
    assert.match(none.failed ?? '', /none could not be read: ENOENT/)
  }))

for (const format of ['tar.gz', 'tar', 'zip'] as const)
  if (format === 'zip' && !has('zip')) test.skip(`${format} of a web server`, 'no zip')
  else
    test(`${format} of a web server is unpacked where it differs, and leaves nothing in /tmp`, async () => {
      const from = mkdtempSync(join(dir, 'web-'))
      mkdirSync(join(from, 'a'))
      const content = 'x'.repeat(20_000)
      writeFileSync(join(from, 'a/f'), content, { mode: 0o640 })
      const make = {
        tar: ['tar', '-cf', 'x.tar', 'a'],
        'tar.gz': ['tar', '-czf', 'x.tar.gz', 'a'],
        zip: ['zip', '-qr', 'x.zip', 'a'],
      }
      const [tool = '', ...words] = make[format]
      assert.equal(spawnSync(tool, words, { cwd: from }).status, 0)
      const whole = readFileSync(join(from, `x.${format}`))
      const served: Record<string, Buffer> = { '/whole': whole, '/cut': whole.subarray(0, whole.length >> 1) }
      const server = createServer(({ url = '' }, reply) => {
        const bytes = served[url]
        reply.writeHead(bytes ? 200 : 404).end(bytes)
      })
      await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const into = mkdtempSync(join(dir, 'in to-'))
      const left = () => readdirSync('/tmp').filter(name => name.startsWith('.regplay-'))
      const before = left()
      try {
        await onThisMachine(async place => {
          const of = (path: string, more: Partial<Unpack> = {}) =>
            unpack(
              { kind: 'unpack', format, source: { web: { url: base + path, via: 'target' } }, into, ...more },
              place,
            )
          const unpacked = async (more: Partial<Unpack> = {}) => {
            const { failed, fields } = await of('/whole', more)
            return failed ?? fields?.get('unpacked')
          }
          assert.equal(await unpacked({ trial: true }), true)
          assert.equal(existsSync(join(into, 'a')), false)
          assert.equal(await unpacked(), true)
          assert.equal(readFileSync(join(into, 'a/f'), 'utf8'), content)
          assert.equal(await unpacked(), false)
          assert.equal(await unpacked({ trial: true }), false)
          const listed = await of('/whole', { list: true, trial: true })
          assert.deepEqual(listed.fields?.get('files'), ['a/', 'a/f'])
          assert.equal(await unpacked({ mode: '0700' }), true)
          const stamp = () => statSync(join(into, 'a/f')).mtimeMs
          utimesSync(join(into, 'a/f'), 1, 1)
          const tried = await of('/whole', { trial: true, list: true, mode: '0700' })
          assert.match(tried.stdout, /^81c0 /m)
          assert.deepEqual([tried.fields?.get('unpacked'), tried.fields?.get('files')], [false, ['a/', 'a/f']])
          assert.equal(await unpacked({ mode: '0700' }), false)
          assert.equal(stamp(), 1000)
          writeFileSync(join(into, 'a/f'), 'other')
          assert.equal(await unpacked(), true)
          assert.equal(readFileSync(join(into, 'a/f'), 'utf8'), content)
          assert.match((await of('/none')).failed ?? '', /answered 404/)
          assert.match((await of('/cut')).failed ?? '', /cannot be unpacked/)
        })
      } finally {
        server.close()
      }
      assert.deepEqual(left(), before)
    })

test.run()
