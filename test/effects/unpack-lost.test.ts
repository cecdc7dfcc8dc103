import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unpack } from '../../src/effects/unpack.ts'
import type { Unpack } from '../../src/kit/effect.ts'
import { nothing } from '../../src/shell/script.ts'
import type { Place } from '../../src/transport/place.ts'
import { TransportError } from '../../src/transport/session.ts'
import { tarOf } from '../registry/archives.ts'
import { suite } from '../support/suite.ts'
import { NOBODY, Sshd, whyNoSshd } from '../transport/sshd.ts'
import { onThisMachine } from './place.ts'

const test = suite('effects/unpack-lost')
const dir = mkdtempSync(join(tmpdir(), 'regplay-unpack-lost-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const tar = await tarOf([{ name: 'f', content: Buffer.alloc(24_000_000, 'regplay ') }])

/** A server of the archive; of `/broken.tar` it sends half, and breaks off. */
async function serving(use: (base: string) => Promise<void>): Promise<void> {
  const server = createServer(({ url }, reply) => {
    reply.writeHead(200, { 'content-length': tar.length })
    if (url === '/whole.tar') reply.end(tar)
    else reply.write(tar.subarray(0, tar.length >> 1), () => reply.destroy())
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

const of = (url: string, more: Partial<Unpack> = {}): Unpack => ({
  ...{ kind: 'unpack', format: 'tar', source: { web: { url, via: 'target' } }, into: mkdtempSync(join(dir, 'into-')) },
  ...more,
})

/** Archives that lie on this machine; some may be of another test, which goes on at the same time. */
const laid = () => readdirSync('/tmp').filter(name => name.startsWith('.regplay-'))

/** Waits until a place holds nothing more than it did; the names of what stays after five seconds. */
async function staying(list: () => string[], before: readonly string[] = []): Promise<string[]> {
  let more = list()
  for (let i = 0; i < 100 && more.length > 0; i++) {
    await sleep(50)
    more = list().filter(name => !before.includes(name))
  }
  return more
}

test('a server that breaks off leaves nothing, and nothing is unpacked', () =>
  serving(base =>
    onThisMachine(async place => {
      const before = laid()
      const effect = of(`${base}/broken.tar`)
      assert.match((await unpack(effect, place)).failed ?? '', /Failure downloading .*broken.tar/)
      assert.deepEqual([await staying(laid, before), readdirSync(effect.into)], [[], []])
    }),
  ))

/** A tool before all others in the PATH, which hangs up on its whole process group, shells and all, and what it is asked at. */
const HUNG: readonly (readonly [tool: string, at: string, more: Partial<Unpack>])[] = [
  ['cat', 'the archive comes', {}],
  ['od', 'it is compared', {}],
  ['chmod', 'its files are given a mode', { mode: '0600' }],
]
for (const [tool, at, more] of HUNG)
  test(`a shell that is hung up while ${at} leaves nothing`, () =>
    serving(async base => {
      const tools = mkdtempSync(join(dir, 'tools-'))
      const temporary = mkdtempSync(join(dir, 'tmp-'))
      const real = spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim()
      const seen = join(tools, 'seen')
      const text = `#!/bin/sh\n${tool === 'cat' ? '/usr/bin/head -c 1000\n' : ''}ls -A /tmp "$TMPDIR" >${seen}\nkill -HUP 0\nexec ${real} "$@"\n`
      writeFileSync(join(tools, tool), text)
      chmodSync(join(tools, tool), 0o755)
      const { PATH, TMPDIR } = process.env
      const before = laid()
      Object.assign(process.env, { PATH: `${tools}:${PATH}`, TMPDIR: temporary })
      try {
        await onThisMachine(async place => {
          const lost = await unpack(of(`${base}/whole.tar`, more), place).catch((error: unknown) => error)
          assert.ok(lost instanceof TransportError, `it went on: ${JSON.stringify(lost)}`)
        })
      } finally {
        process.env['PATH'] = PATH
        if (TMPDIR === undefined) delete process.env['TMPDIR']
        else process.env['TMPDIR'] = TMPDIR
      }
      // What would be left was there
      assert.match(readFileSync(seen, 'utf8'), /^\.regplay-/m)
      if (more.mode !== undefined) assert.match(readFileSync(seen, 'utf8'), /^tmp\./m)
      assert.deepEqual([await staying(laid, before), await staying(() => readdirSync(temporary))], [[], []])
    }))

const missing = whyNoSshd()
if (missing) test.skip('connections that are lost', missing)
else {
  let sshd: Sshd
  test.before(async () => {
    sshd = await Sshd.start()
  })
  test.after(() => sshd?.stop())

  // The controller's end goes without a word, as when it is killed.
  test('a connection that is lost while the archive comes leaves nothing, and nothing is unpacked', () =>
    serving(async base => {
      const session = sshd.session()
      const before = laid()
      const effect = of(`${base}/whole.tar`)
      try {
        const shell = await session.shell(NOBODY, new AbortController().signal)
        let arrived = false
        let there: string[] = []
        const place: Place = {
          ...{ session, shell, signal: new AbortController().signal, environment: nothing },
          progress: (_what, done, total) => {
            // First from the server, then to the host
            if (arrived && done < total && there.length === 0) {
              there = laid().filter(name => !before.includes(name))
              if (there.length > 0) void session.reset()
            }
            arrived ||= done === total
          },
        }
        const lost = await unpack(effect, place).catch((error: unknown) => error)
        assert.ok(lost instanceof TransportError, `it went on: ${JSON.stringify(lost)}`)
        assert.ok(there.length > 0, 'it was lost before the archive came')
      } finally {
        await session.close()
      }
      assert.deepEqual([await staying(laid, before), readdirSync(effect.into)], [[], []])
    }))
}

test.run()
