import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createConnection, createServer as createTcp, type Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import { Secret } from '../../src/base/secret.ts'
import { fetchUrl } from '../../src/effects/fetch.ts'
import { http } from '../../src/effects/http.ts'
import { wait } from '../../src/effects/wait.ts'
import type { Http } from '../../src/kit/effect.ts'
import { nothing } from '../../src/shell/script.ts'
import type { Place } from '../../src/transport/place.ts'
import type { Session } from '../../src/transport/session.ts'
import { suite } from '../support/suite.ts'
import { NOBODY, Sshd, whyNoSshd } from '../transport/sshd.ts'
import { onThisMachine } from './place.ts'

/** Requests that start at the target: the connection is the target's, and its end is heard. */
const test = suite('effects/tunnel')
const missing = whyNoSshd()
const overSsh = missing === null ? test : (name: string) => test.skip(name, missing)

const listen = (server: Server): Promise<number> =>
  new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

async function serving(answer: RequestListener, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer(answer)
  try {
    await use(await listen(server))
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

const asking = (url: string, more: Partial<Http> = {}): Http => ({
  ...{ kind: 'http', url, method: 'GET', headers: {}, redirects: 3, timeout: 5 },
  ...more,
})

/** A place whose connections all lead to one port of this machine, whatever they ask for. */
const leadingTo = (port: number, place: Place, asked: string[]): Place => ({
  ...place,
  session: {
    connect: async (host: string, wanted: number): Promise<Duplex> => {
      asked.push(`${host}:${wanted}`)
      return createConnection({ port, host: '127.0.0.1' })
    },
  } as unknown as Session,
})

test('a request goes by the connection that the target opened, and by no other', () =>
  serving(
    (request, reply) => {
      if (request.url === '/old') reply.writeHead(301, { location: 'http://b.invalid:81/new' }).end()
      else reply.end(`${request.headers.host}`)
    },
    port =>
      onThisMachine(async place => {
        const asked: string[] = []
        const there = leadingTo(port, place, asked)
        const got = await http(asking('http://a.invalid/old'), there)
        assert.deepEqual([got.stdout, got.fields?.get('redirected')], ['b.invalid:81', true])
        assert.deepEqual(asked, ['a.invalid:80', 'b.invalid:81'])
        const body = await fetchUrl({ url: 'http://c.invalid:8080/', via: 'target' }, there)
        assert.ok('file' in body, JSON.stringify(body))
        await body.remove()
        assert.equal(asked.at(-1), 'c.invalid:8080')
      }),
  ))

test('where only the head is wanted, no body is asked for, but of a server that knows no HEAD', () => {
  const asked: string[] = []
  return serving(
    (request, reply) => {
      asked.push(`${request.method} ${request.url}`)
      if (request.method === 'HEAD') reply.writeHead(request.url === '/old' ? 405 : 200).end()
      else reply.writeHead(200, { 'content-length': 1e9 }).write('the beginning')
    },
    port =>
      onThisMachine(async place => {
        for (const path of ['/new', '/old']) {
          const told = await fetchUrl({ url: `http://127.0.0.1:${port}${path}` }, place, { head: true })
          assert.equal('head' in told && told.head.get('status_code'), 200, JSON.stringify(told))
        }
        assert.deepEqual(asked, ['HEAD /new', 'HEAD /old', 'GET /old'])
      }),
  )
})

test('headers that are not to be led on stay behind', () =>
  serving(
    (request, reply) => {
      if (request.url === '/old') reply.writeHead(302, { location: '/new' }).end()
      else reply.end(`${request.headers['x-one']} ${request.headers['x-two']}`)
    },
    port =>
      onThisMachine(async place => {
        const headers = { 'X-One': '1', 'X-Two': '2' }
        const url = `http://127.0.0.1:${port}/old`
        const got = await http(asking(url, { headers, unredirected: ['x-two'] }), place)
        assert.equal(got.stdout, '1 undefined')
        const body = await fetchUrl({ url, headers, unredirected: ['x-one'] }, place)
        assert.ok('file' in body, JSON.stringify(body))
        assert.equal(readFileSync(body.file, 'utf8'), 'undefined 2')
        await body.remove()
      }),
  ))

test('what the server compressed is opened, unless it is wanted as it came', () =>
  serving(
    (request, reply) => {
      const whole = gzipSync('text')
      const body = request.url === '/cut' ? whole.subarray(0, -4) : whole
      reply.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length })
      reply.end(request.method === 'HEAD' ? undefined : body)
    },
    port =>
      onThisMachine(async place => {
        const url = `http://127.0.0.1:${port}/`
        assert.equal((await http(asking(url), place)).stdout, 'text')
        assert.equal((await http(asking(url, { method: 'HEAD' }), place)).stdout, '')
        assert.match((await http(asking(`${url}cut`), place)).failed ?? '', /brought no answer: unexpected end of file/)
        assert.notEqual((await http(asking(url, { packed: true }), place)).stdout, 'text')
        for (const packed of [false, true]) {
          const body = await fetchUrl({ url, packed }, place)
          assert.ok('file' in body, JSON.stringify(body))
          const bytes = readFileSync(body.file)
          assert.equal((packed ? gunzipSync(bytes) : bytes).toString(), 'text')
          await body.remove()
        }
        const cut = await fetchUrl({ url: `${url}cut` }, place)
        assert.match('failed' in cut ? cut.failed : '', /unexpected end of file/)
      }),
  ))

test('credentials go to the host that they are for, and to no other', () =>
  serving(
    (request, reply) => {
      const said = request.headers.authorization ?? 'nobody'
      if (request.url === '/same') reply.writeHead(302, { location: '/end' }).end()
      else if (request.url === '/other') reply.writeHead(302, { location: 'http://b.invalid/end' }).end()
      else reply.end(said)
    },
    port =>
      onThisMachine(async place => {
        const there = leadingTo(port, place, [])
        const auth = { user: 'me', password: new Secret('opén', 'url_password') }
        const basic = `Basic ${Buffer.from('me:opén').toString('base64')}`
        const table: [path: string, heard: string][] = [
          ['/end', basic],
          ['/same', basic],
          ['/other', 'nobody'],
        ]
        for (const [path, heard] of table) {
          const effect = asking(`http://a.invalid${path}`, { auth })
          assert.equal((await http(effect, there)).stdout, heard, path)
          assert.ok(!JSON.stringify(effect).includes('opén'))
        }
        assert.equal((await http(asking('http://a.invalid/end', { auth: { user: 'me' } }), there)).stdout, 'Basic bWU6')
      }),
  ))

test('a header cannot say what status there was, nor from where', () =>
  serving(
    (_request, reply) =>
      reply.writeHead(200, { status: '500 no', url: 'http://evil', msg: 'm', redirected: 'x' }).end(),
    port =>
      onThisMachine(async place => {
        const url = `http://127.0.0.1:${port}/`
        const { fields } = await http(asking(url), place)
        const said = ['status', 'url', 'msg', 'redirected'].map(name => fields?.get(name))
        assert.deepEqual(said, [200, url, 'OK (unknown bytes)', false])
      }),
  ))

const stalls: RequestListener = (request, reply) => {
  if (request.url === '/mute') return
  reply.writeHead(200, { 'content-length': 1000 })
  reply.write('a part')
}

overSsh('over SSH: silence ends after its time, before an answer and in the middle of one', () =>
  serving(stalls, async port => {
    const sshd = await Sshd.start()
    const session = sshd.session()
    const { signal } = new AbortController()
    try {
      const shell = await session.shell(NOBODY, signal)
      const place: Place = { session, shell, signal, environment: nothing, progress: () => undefined }
      const mute = await http(asking(`http://127.0.0.1:${port}/mute`, { timeout: 1 }), place)
      assert.match(mute.failed ?? '', /no answer from .* within 1 s/)
      const part = await http(asking(`http://127.0.0.1:${port}/part`, { timeout: 1 }), place)
      assert.match(part.failed ?? '', /said nothing more for 1 s/)
      const file = await fetchUrl({ url: `http://127.0.0.1:${port}/part`, timeout: 1, via: 'target' }, place)
      assert.match('failed' in file ? file.failed : 'a file', /said nothing more for 1 s/)
      const lost = http(asking(`http://127.0.0.1:${port}/mute`, { timeout: 60 }), place)
      setTimeout(() => void session.reset(), 300)
      assert.match((await lost).failed ?? '', /brought no answer: socket hang up/)
    } finally {
      await session.close()
      sshd.stop()
    }
  }),
)

overSsh('over SSH: a target that is lost is no failure of the request, nor a port that is closed', async () => {
  const sshd = await Sshd.start()
  const session = sshd.session()
  const { signal } = new AbortController()
  try {
    const shell = await session.shell(NOBODY, signal)
    const place: Place = { session, shell, signal, environment: nothing, progress: () => undefined }
    await session.reset()
    sshd.stop()
    const lost = { name: 'TransportError' }
    await assert.rejects(http(asking('http://127.0.0.1:1/'), place), lost)
    await assert.rejects(fetchUrl({ url: 'http://127.0.0.1:1/', via: 'target' }, place), lost)
    const until = { port: 1, host: '127.0.0.1', state: 'stopped' } as const
    await assert.rejects(wait({ kind: 'wait', until, delay: 0, timeout: 5, sleep: 1 }, place), lost)
  } finally {
    await session.close()
    sshd.stop()
  }
})

test('what is not wanted of an answer is not read: the connection ends', async () => {
  const closed: Promise<void>[] = []
  const server = createTcp(socket => {
    closed.push(new Promise(resolve => socket.once('close', () => resolve())))
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write('HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n')
      const more = setInterval(() => socket.write('1\r\nx\r\n'), 20)
      socket.once('close', () => clearInterval(more))
    })
  })
  const port = await listen(server)
  try {
    await onThisMachine(async place => {
      const got = await fetchUrl({ url: `http://127.0.0.1:${port}/`, via: 'target' }, place)
      assert.match('failed' in got ? got.failed : 'a file', /answered 404/)
    })
    assert.equal(closed.length, 1)
    await closed[0]
  } finally {
    server.close()
  }
})

test('a search that cannot be made says why', () =>
  onThisMachine(async place => {
    const search = { pattern: 'x', find: () => null }
    const until = { path: '/etc', state: 'present', search } as const
    const got = await wait({ kind: 'wait', until, delay: 0, timeout: 0, sleep: 1 }, place)
    assert.match(got.failed ?? '', /^Timeout when waiting for search string x in \/etc \(cat: .*\)$/)
    const gone = { path: '/etc', state: 'absent', search } as const
    assert.ok((await wait({ kind: 'wait', until: gone, delay: 0, timeout: 0, sleep: 1 }, place)).failed)
  }))

test.run()
