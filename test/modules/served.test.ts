import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { type AddressInfo, createConnection, type Server } from 'node:net'
import * as assert from 'uvu/assert'
import type { Module } from '../../src/kit/module.ts'
import { CouldNotTell, type Vantage } from '../../src/kit/question.ts'
import aptKey from '../../src/modules/apt_key.ts'
import authorizedKey from '../../src/modules/authorized_key.ts'
import deb822 from '../../src/modules/deb822_repository.ts'
import rpmKey from '../../src/modules/rpm_key.ts'
import zypperRepository from '../../src/modules/zypper_repository.ts'
import { makeCa, makeLeaf } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { smallPage } from '../../src/questions/page.ts'
import { withDefaults } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/served')

/** The network of a host: every name leads to one server of this machine, and what was asked for is noted. */
async function onHost(server: Server, use: (on: Vantage, asked: string[]) => Promise<void>): Promise<void> {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const asked: string[] = []
  const on: Vantage = {
    host: 'h1',
    signal: new AbortController().signal,
    progress: () => undefined,
    connect: async (host, wanted) => {
      asked.push(`${host}:${wanted}`)
      return createConnection({ host: '127.0.0.1', port })
    },
  }
  try {
    await use(on, asked)
  } finally {
    server.close()
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void).call(server)
  }
}

const echo: RequestListener = (request, reply) => void reply.end(`${request.headers.host} ${request.url}`)

/** Asks what a module asks of the web. */
const asked = async (module: Module, args: Record<string, unknown>, name: string, on: Vantage): Promise<unknown> => {
  const question = module.probe(withDefaults(module, args), debian)[name]
  if (question?.of !== 'controller') throw new Error(`${name} is no question to the controller`)
  const answer = await question.ask(on)
  return answer instanceof Buffer ? answer.toString() : answer
}

/** A wish with a URL, and the question that reads it. */
const WISHES: Record<string, [module: Module, wish: (url: string) => Record<string, unknown>, name: string]> = {
  apt_key: [aptKey as Module, url => ({ url }), 'web'],
  rpm_key: [rpmKey as Module, key => ({ key }), 'web'],
  authorized_key: [authorizedKey as Module, key => ({ user: 'root', key }), 'web'],
  deb822_repository: [deb822 as Module, signed_by => ({ name: 'x', signed_by }), 'key'],
  zypper_repository: [zypperRepository as Module, repo => ({ repo }), 'web'],
}

for (const [title, [module, wish, name]] of Object.entries(WISHES))
  test(`${title}: a URL is asked for by the network of the host, and by its proxy`, () =>
    onHost(createServer(echo), async (on, seen) => {
      const proxied = { ...on, proxies: new Map([['http_proxy', 'http://proxy.invalid:3128']]) }
      assert.is(await asked(module, wish('http://keys.invalid:81/x.repo'), name, on), 'keys.invalid:81 /x.repo')
      assert.is(
        await asked(module, wish('http://keys.invalid/x.repo'), name, proxied),
        'keys.invalid http://keys.invalid/x.repo',
      )
      assert.equal(seen, ['keys.invalid:81', 'proxy.invalid:3128'])
    }))

const fault = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it went well',
    error => (error instanceof CouldNotTell ? error.message : `${error}`),
  )

test('validate_certs: a server that proves nothing is heard only where it need not', async () => {
  const now = new Date()
  const ca = await makeCa({ name: 'A', days: 9, bits: 2048, now })
  const leaf = await makeLeaf({ ca, name: 'x', hosts: ['keys.invalid'], days: 5, bits: 2048, now })
  const server = createSecure({ cert: leaf.certificatePem, key: keyFileBytes(leaf.key) }, echo)
  await onHost(server, async on => {
    for (const [title, [module, wish, name]] of Object.entries(WISHES)) {
      const said = wish('https://keys.invalid/x.repo')
      assert.match(await fault(asked(module, said, name, on)), /^https:.* cannot be fetched: .*certificate/, title)
      if (module.args.properties['validate_certs'] !== undefined)
        assert.is(await asked(module, { ...said, validate_certs: false }, name, on), 'keys.invalid /x.repo', title)
    }
  })
})

test('apt_key: a key that goes by its number is not asked for', () =>
  onHost(createServer(echo), async (on, seen) => {
    const wish = { url: 'http://keys.invalid/', state: 'absent' }
    assert.is(await asked(aptKey as Module, { ...wish, id: '36DB52FD' }, 'web', on), undefined)
    assert.is(await asked(aptKey as Module, wish, 'web', on), 'keys.invalid /')
    assert.is(seen.length, 1)
  }))

test('what is no key is not read to its end', () => {
  const server = createServer(({ url }, reply) => {
    if (url === '/large') return void reply.end(Buffer.alloc(1024 * 1024 + 1))
    if (url === '/none') return void reply.writeHead(404, 'No').end()
    reply.write('x')
    const more = setInterval(() => reply.write('x'), 100)
    reply.once('close', () => clearInterval(more))
  })
  return onHost(server, async on => {
    const of = (path: string) => fault(smallPage({ url: `http://keys.invalid${path}`, timeout: 1 }).ask(on))
    assert.match(await of('/large'), /^http:.*large cannot be fetched: the body is larger than 1048576 bytes$/)
    assert.is(await of('/none'), 'http://keys.invalid/none answered 404 No')
    assert.match(await of('/slow'), /^http:.*slow cannot be fetched: not all of it came within 1 s$/)
  })
})

test.run()
