import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { Secret } from '../../src/base/secret.ts'
import { http } from '../../src/effects/http.ts'
import { wait } from '../../src/effects/wait.ts'
import type { Http, Wait } from '../../src/kit/effect.ts'
import { makeCa, makeLeaf } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { freePort } from '../registry/real-registry.ts'
import { suite } from '../support/suite.ts'
import { onThisMachine } from './place.ts'

const test = suite('effects/network')
const dir = mkdtempSync(join(tmpdir(), 'regplay-network-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const listen = (server: Server): Promise<number> =>
  new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

const asking = (url: string, more: Partial<Http> = {}): Http => ({
  kind: 'http',
  url,
  method: 'GET',
  headers: {},
  redirects: 3,
  timeout: 5,
  ...more,
})

test('a request goes out and its answer comes back', () =>
  onThisMachine(async place => {
    const heard: string[] = []
    const server = createServer((request, reply) => {
      let body = ''
      request.on('data', chunk => {
        body += String(chunk)
      })
      request.on('end', () => {
        heard.push(`${request.method} ${request.url} ${request.headers['x-a'] ?? ''} ${body}`.trim())
        if (request.url === '/loop') return reply.writeHead(302, { location: '/loop' }).end()
        if (request.url === '/there') return reply.writeHead(303, { location: '/here' }).end()
        if (request.url === '/silent') return undefined
        return reply.writeHead(request.url === '/here' ? 200 : 404, 'So', { 'X-Odd-Name': 'v' }).end('text')
      })
    })
    const base = `http://127.0.0.1:${await listen(server)}`
    try {
      const got = await http(asking(`${base}/there`, { method: 'POST', body: 'b', headers: { 'x-a': '1' } }), place)
      const field = (name: string) => got.fields?.get(name)
      assert.deepEqual(
        [field('status'), got.stdout, field('x_odd_name'), field('url')],
        [200, 'text', 'v', `${base}/here`],
      )
      assert.deepEqual(heard, ['POST /there 1 b', 'GET /here 1'])
      // What a status means is for the module to say.
      const none = await http(asking(`${base}/none`), place)
      assert.deepEqual([none.failed, none.fields?.get('status')], [undefined, 404])
      const loop = await http(asking(`${base}/loop`), place)
      assert.equal(loop.fields?.get('status'), 302)
      const silent = await http(asking(`${base}/silent`, { timeout: 1 }), place)
      assert.match(silent.failed ?? '', /brought no answer: no answer from .* within 1 s/)
      const refused = await http(asking(`http://127.0.0.1:${await freePort()}/`), place)
      assert.match(refused.failed ?? '', /brought no answer/)
      assert.equal(refused.fields?.get('status'), -1)
    } finally {
      server.close()
      server.closeAllConnections()
    }
  }))

test('a certificate is believed by the given CA, and by no other', async () => {
  const now = new Date()
  const [ours, theirs] = await Promise.all(['A', 'B'].map(name => makeCa({ name, days: 9, bits: 2048, now })))
  assert.ok(ours && theirs)
  const leaf = await makeLeaf({ ca: ours, name: 'x', hosts: ['127.0.0.1', 'localhost'], days: 5, bits: 2048, now })
  const server = createSecure({ cert: leaf.certificatePem, key: keyFileBytes(leaf.key) }, (_, reply) =>
    reply.end('yes'),
  )
  const port = await listen(server)
  const table: [host: string, more: Partial<Http>, works: boolean][] = [
    ['127.0.0.1', { ca: ours.certificatePem }, true],
    ['localhost', { ca: ours.certificatePem }, true],
    ['127.0.0.1', { ca: theirs.certificatePem }, false],
    ['127.0.0.1', {}, false],
    ['127.0.0.2', { ca: ours.certificatePem }, false],
    ['127.0.0.1', { insecure: true }, true],
  ]
  try {
    await onThisMachine(async place => {
      for (const [host, more, works] of table) {
        const { failed } = await http(asking(`https://${host}:${port}/`, more), place)
        assert.equal(failed === undefined, works, `${host} ${Object.keys(more)}: ${failed}`)
      }
    })
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

test('who asks is proven by a certificate, and ciphers are those that are given', async () => {
  const now = new Date()
  const [ours, theirs] = await Promise.all(['A', 'B'].map(name => makeCa({ name, days: 9, bits: 2048, now })))
  assert.ok(ours && theirs)
  const leafOf = (ca: typeof ours) => makeLeaf({ ca, name: 'x', hosts: ['127.0.0.1'], days: 5, bits: 2048, now })
  const [leaf, mine, other] = await Promise.all([leafOf(ours), leafOf(ours), leafOf(theirs)])
  const textOf = ({ key }: typeof leaf) => keyFileBytes(key).toString()
  const secret = (text: string) => new Secret(text, 'private key')
  const server = createSecure(
    {
      ...{ cert: leaf.certificatePem, key: keyFileBytes(leaf.key), ca: ours.certificatePem },
      ...{ requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
    },
    (request, reply) => reply.end((request.socket as TLSSocket).getCipher().name),
  )
  const port = await listen(server)
  const ca = ours.certificatePem
  const client = { cert: mine.certificatePem, key: secret(textOf(mine)) }
  const table: [more: Partial<Http>, said: RegExp][] = [
    [{ client }, /^ECDHE-/],
    [{ client: { cert: secret(`${textOf(mine)}${mine.certificatePem}`) } }, /^ECDHE-/],
    [{ client, ciphers: 'AES128-SHA256:ECDHE-RSA-AES128-SHA256' }, /^(ECDHE-RSA-)?AES128-SHA256$/],
    [{ client, ciphers: 'ECDHE-RSA-CHACHA20-POLY1305' }, /^ECDHE-RSA-CHACHA20-POLY1305$/],
    [{ client, ciphers: 'nonsense' }, /no cipher match/i],
    [{}, /brought no answer/],
    [{ client: { cert: other.certificatePem, key: secret(textOf(other)) } }, /brought no answer/],
    [{ client: { cert: mine.certificatePem, key: secret(textOf(other)) } }, /brought no answer: .*mismatch/],
    [{ client: { cert: 'nothing', key: secret('nothing') } }, /brought no answer: .*no start line/],
  ]
  try {
    await onThisMachine(async place => {
      for (const [more, said] of table) {
        const effect = asking(`https://127.0.0.1:${port}/`, { ca, ...more })
        const { failed, stdout } = await http(effect, place)
        assert.match(failed ?? stdout, said)
        assert.ok(!`${failed}${JSON.stringify(effect)}`.includes('PRIVATE KEY'))
      }
    })
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

const until = (what: Wait['until'], more: Partial<Wait> = {}): Wait => ({
  kind: 'wait',
  until: what,
  delay: 0,
  timeout: 8,
  sleep: 0.1,
  ...more,
})

test('a port is waited for, until it opens and until it closes', () =>
  onThisMachine(async place => {
    const port = await freePort()
    const server = createServer()
    const started = until({ port, host: '127.0.0.1', state: 'started' })
    const waiting = wait(started, place)
    await new Promise(resolve => setTimeout(resolve, 300))
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
    assert.equal((await waiting).failed, undefined)
    const stopped = wait(until({ port, host: '127.0.0.1', state: 'stopped' }), place)
    server.close()
    server.closeAllConnections()
    assert.equal((await stopped).failed, undefined)
    const never = await wait({ ...started, timeout: 0 }, place)
    assert.match(never.failed ?? '', /Timeout when waiting for 127.0.0.1/)
    assert.equal((await wait({ ...started, timeout: 0, message: 'mine' }, place)).failed, 'mine')
  }))

test('a file is waited for, and a text in it', () =>
  onThisMachine(async place => {
    const path = join(dir, "it's here")
    const waiting = wait(until({ path, state: 'present' }), place)
    await new Promise(resolve => setTimeout(resolve, 200))
    writeFileSync(path, 'one\n')
    assert.equal((await waiting).failed, undefined)
    const text = wait(
      until({
        path,
        state: 'present',
        search: { pattern: 'two', find: seen => (seen.includes('two') ? { seen } : null) },
      }),
      place,
    )
    writeFileSync(path, 'one\ntwo\n')
    assert.equal((await text).fields?.get('seen'), 'one\ntwo\n')
    const gone = await wait(until({ path, state: 'absent' }, { timeout: 0 }), place)
    assert.match(gone.failed ?? '', /to be absent/)
    rmSync(path)
    assert.equal((await wait(until({ path, state: 'absent' }), place)).failed, undefined)
  }))

test('waiting ends with the run', async () => {
  const stop = new AbortController()
  await onThisMachine(async place => {
    const waiting = wait(until({ path: join(dir, 'never'), state: 'present' }, { timeout: 60 }), place)
    setTimeout(() => stop.abort(), 100)
    await assert.rejects(waiting)
  }, stop.signal)
})

test.run()
