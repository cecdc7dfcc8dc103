import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { type AddressInfo, createConnection, createServer as createTcp, type Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { http } from '../../src/effects/http.ts'
import type { Http } from '../../src/kit/effect.ts'
import { CouldNotTell, type Vantage } from '../../src/kit/question.ts'
import { makeCa, makeLeaf } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { publishedChecksum } from '../../src/questions/checksum-list.ts'
import { proxyFor } from '../../src/web/proxy.ts'
import { onThisMachine } from '../effects/place.ts'
import { suite } from '../support/suite.ts'

const test = suite('web/proxy')

const CASES: Record<string, [url: string, environment: Record<string, string>, wanted: string | undefined]> = {
  'no variable': ['http://a/', {}, undefined],
  'that of the protocol': ['http://a/', { http_proxy: 'http://p:3128', https_proxy: 'http://q:1' }, 'p:3128'],
  'that of https': ['https://a/', { http_proxy: 'http://p:3128', https_proxy: 'http://q:1/' }, 'q:1'],
  'none for https': ['https://a/', { http_proxy: 'http://p:3128' }, undefined],
  'large letters': ['http://a/', { HTTP_PROXY: 'http://p:3128' }, 'p:3128'],
  'small letters first': ['http://a/', { HTTP_PROXY: 'http://p:1', http_proxy: 'http://q:2' }, 'q:2'],
  'empty in small letters': ['http://a/', { HTTP_PROXY: 'http://p:1', http_proxy: '' }, undefined],
  'no port': ['http://a/', { http_proxy: 'http://p' }, 'p:80'],
  'no protocol': ['http://a/', { http_proxy: 'p:8080' }, 'p:8080'],
  'an address of IPv6': ['http://a/', { http_proxy: 'http://[::1]:8080' }, '[::1]:8080'],
  'spared by name': ['http://a.example/', { http_proxy: 'p:1', no_proxy: 'b, a.example' }, undefined],
  'spared by domain': ['http://a.example/', { http_proxy: 'p:1', no_proxy: 'example' }, undefined],
  'spared by a domain with a dot': ['http://a.example/', { http_proxy: 'p:1', no_proxy: '.example' }, undefined],
  'spared by large letters': ['http://A.example/', { http_proxy: 'p:1', NO_PROXY: 'a.EXAMPLE' }, undefined],
  'spared with its port': ['http://a.example:81/', { http_proxy: 'p:1', no_proxy: 'a.example:81' }, undefined],
  'not spared at another port': ['http://a.example:81/', { http_proxy: 'p:1', no_proxy: 'a.example:82' }, 'p:1'],
  'not spared by the end of a name': ['http://badexample/', { http_proxy: 'p:1', no_proxy: 'example' }, 'p:1'],
  'not spared by nothing': ['http://a/', { http_proxy: 'p:1', no_proxy: ' , ' }, 'p:1'],
  'all are spared': ['http://a/', { http_proxy: 'p:1', no_proxy: '*' }, undefined],
}
for (const [title, [url, environment, wanted]] of Object.entries(CASES))
  test(title, () => assert.equal(proxyFor(new URL(url), new Map(Object.entries(environment)))?.where, wanted))

test('what is no proxy is said without its password', () => {
  for (const said of ['socks5://me:hush@p:1', 'http://me:hush@p:x']) {
    const broken = () => proxyFor(new URL('http://a/'), new Map([['http_proxy', said]]))
    assert.throws(broken, ({ message }: Error) => /http_proxy/.test(message) && !message.includes('hush'))
  }
})

const listen = (server: Server): Promise<number> =>
  new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

const asking = (url: string, more: Partial<Http> = {}): Http => ({
  ...{ kind: 'http', url, method: 'GET', headers: {}, redirects: 3, timeout: 5 },
  ...more,
})

/** A proxy that leads everything to one port, and what it heard; it knows one user. */
async function proxying(to: number, use: (proxy: string, heard: string[]) => Promise<void>): Promise<void> {
  const heard: string[] = []
  const known = `Basic ${Buffer.from('me:a b').toString('base64')}`
  const proxy = createServer((request, reply) => {
    heard.push(`${request.method} ${request.url} ${request.headers.host}`)
    if (request.headers['proxy-authorization'] !== known) reply.writeHead(407).end()
    else reply.end('by the proxy')
  })
  const open: Duplex[] = []
  proxy.on('connect', (request, socket) => {
    open.push(socket)
    heard.push(`${request.method} ${request.url}`)
    socket.on('error', () => undefined)
    if (request.headers['proxy-authorization'] !== known) return void socket.end('HTTP/1.1 407 Who\r\n\r\n')
    const server = createConnection({ host: '127.0.0.1', port: to })
    open.push(server)
    server.on('error', () => undefined)
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    return void socket.pipe(server).pipe(socket)
  })
  try {
    await use(`127.0.0.1:${await listen(proxy)}`, heard)
  } finally {
    for (const socket of open) socket.destroy()
    proxy.close()
    proxy.closeAllConnections()
  }
}

test('requests go through the proxy: in the open whole, by TLS through it', async () => {
  const now = new Date()
  const ca = await makeCa({ name: 'A', days: 9, bits: 2048, now })
  const leaf = await makeLeaf({ ca, name: 'x', hosts: ['a.invalid'], days: 5, bits: 2048, now })
  const server = createSecure({ cert: leaf.certificatePem, key: keyFileBytes(leaf.key) }, (_, reply) =>
    reply.end('yes'),
  )
  const port = await listen(server)
  try {
    await proxying(port, (proxy, heard) =>
      onThisMachine(async place => {
        const by = (who: string) => ({
          ...place,
          proxies: new Map(['http_proxy', 'https_proxy'].map(name => [name, `http://${who}${proxy}`])),
        })
        const mine = by('me:a%20b@')
        const more = { ca: ca.certificatePem }
        assert.equal((await http(asking('http://a.invalid/b?c#d'), mine)).stdout, 'by the proxy')
        assert.equal((await http(asking('https://a.invalid/', more), mine)).stdout, 'yes')
        assert.deepEqual(heard, ['GET http://a.invalid/b?c a.invalid', 'CONNECT a.invalid:443'])
        assert.equal((await http(asking('http://a.invalid/'), by(''))).fields?.get('status'), 407)
        const refused = await http(asking('https://a.invalid/', more), by(''))
        assert.match(refused.failed ?? '', /the proxy 127.0.0.1:\d+ answered 407 Who to CONNECT a.invalid:443/)
        // Nobody has such a name but the proxy.
        const direct = await http(asking('http://a.invalid/', { direct: true }), mine)
        assert.match(direct.failed ?? '', /a.invalid:80 cannot be reached/)
      }),
    )
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

test('a proxy that says nothing is not waited for for ever', async () => {
  const mute = createTcp(() => undefined)
  const port = await listen(mute)
  const proxies = new Map([['https_proxy', `http://127.0.0.1:${port}`]])
  try {
    await onThisMachine(async place => {
      const { failed } = await http(asking('https://a.invalid/', { timeout: 1 }), { ...place, proxies })
      assert.match(failed ?? '', /no answer from the proxy 127.0.0.1:\d+ within 1 s/)
    })
  } finally {
    mute.close()
  }
})

const digest = 'ab'.repeat(32)

test('a list of checksums comes by the connection of the target, and through its proxy', async () => {
  const server = createServer((request, reply) => {
    if (request.url === '/none') reply.writeHead(404, 'No').end()
    else reply.end(`${digest}  ${request.headers['x-a'] ?? 'f'}\n`)
  })
  const port = await listen(server)
  const asked: string[] = []
  const on: Vantage = {
    host: 'web1',
    signal: new AbortController().signal,
    progress: () => undefined,
    connect: async (host, wanted) => {
      asked.push(`${host}:${wanted}`)
      if (host === 'nobody') throw new CouldNotTell('nobody:80 cannot be reached')
      if (host === 'lost') throw new TypeError('the machine is lost')
      return createConnection({ host: '127.0.0.1', port })
    },
  }
  const tell = (url: string, from = on) => publishedChecksum({ url, headers: { 'x-a': 'g' } }, 'g').ask(from)
  try {
    assert.equal(await tell('http://mirror:81/sums'), digest)
    assert.equal(await tell('http://mirror:81/sums', { ...on, proxies: new Map([['http_proxy', 'p:3128']]) }), digest)
    assert.deepEqual(asked, ['mirror:81', 'p:3128'])
    await assert.rejects(tell('http://mirror/none'), {
      name: 'CouldNotTell',
      message: 'http://mirror/none answered 404 No',
    })
    await assert.rejects(tell('http://nobody/'), {
      name: 'CouldNotTell',
      message: 'http://nobody/ cannot be fetched: nobody:80 cannot be reached',
    })
    await assert.rejects(tell('http://lost/'), { name: 'TypeError' })
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

test.run()
