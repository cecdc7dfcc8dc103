import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { makeCa, makeLeaf, type Pair } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { pickFromArchive } from '../../src/registry/archive-pick.ts'
import { RegistryClient } from '../../src/registry/client.ts'
import { RegistryError, type RegistryFault } from '../../src/registry/registry-error.ts'
import { indexStorageArchive } from '../../src/registry/storage-archive.ts'
import { suite } from '../support/suite.ts'
import { sha256, tarOf } from './archives.ts'
import { freePort, missing, pull, push, type RealRegistry, savedImage, startRegistry, tcp } from './real-registry.ts'

const test = suite('registry/client')
const dir = mkdtempSync(join(tmpdir(), 'regplay-client-'))
const now = new Date()
const ca: Pair = await makeCa({ name: 'Client CA', days: 30, bits: 2048, now })
const hosts = ['127.0.0.1', 'localhost']
const leaf = await makeLeaf({ ca, name: 'registry', hosts, days: 20, bits: 2048, now })
test.after(() => rmSync(dir, { recursive: true, force: true }))

const client = (port: number, more: { host?: string; ca?: string; timeout?: number; signal?: AbortSignal } = {}) =>
  new RegistryClient({
    host: '127.0.0.1',
    port,
    ca: ca.certificatePem,
    connect: (_host, number) => tcp('127.0.0.1', number),
    timeout: 3000,
    ...more,
  })

const fails =
  (fault: RegistryFault, words = /./) =>
  (cause: unknown) => {
    assert.ok(cause instanceof RegistryError, String(cause))
    assert.equal(cause.fault, fault, cause.message)
    assert.match(cause.message, words)
    return true
  }

if (missing !== undefined) test.skip('a real registry', missing)
else {
  let registry: RealRegistry
  test.before(async () => {
    registry = await startRegistry(join(dir, 'real'), leaf)
    for (const [i, name] of ['app/web:1.0', 'app/web:latest', 'base:12'].entries()) {
      const path = join(dir, `image${i}.tar`)
      writeFileSync(path, await tarOf(await savedImage([name], { text: name.startsWith('app') ? 'app' : 'base' })))
      await push(path, `127.0.0.1:${registry.port}/${name}`, ca.certificatePem, dir)
    }
  })
  test.after(() => registry.stop())

  test('ping, catalog, tags, manifests and blobs of a real registry', async () => {
    const api = client(registry.port)
    assert.deepEqual(await api.ping(), { authenticated: true })
    assert.deepEqual(await api.catalog(), ['app/web', 'base'])
    assert.deepEqual([...(await api.tags('app/web'))].sort(), ['1.0', 'latest'])
    assert.deepEqual(await api.tags('no/such'), [])
    const { digest, manifest } = await api.manifest('app/web', '1.0')
    assert.equal((await api.manifest('app/web', digest)).digest, digest)
    assert.ok(manifest.config)
    for (const part of [manifest.config, ...manifest.layers]) {
      assert.equal(await api.hasBlob('app/web', part.digest), part.size)
      assert.equal(await api.proveBlob('app/web', part.digest, part.size), part.size)
    }
    assert.equal(await api.hasBlob('app/web', `sha256:${'0'.repeat(64)}`), undefined)
  })

  test('it is reached by name too', async () =>
    assert.ok((await client(registry.port, { host: 'localhost' }).ping()).authenticated))

  test('the chain that it serves, as it was sent', async () => {
    const chain = await client(registry.port).servedChain()
    assert.deepEqual(
      chain.map(({ pem }) => pem),
      [leaf.certificatePem],
    )
  })

  test('another CA is not trusted, and neither is a name that the certificate lacks', async () => {
    const other = await makeCa({ name: 'Other', days: 3, bits: 2048, now })
    await assert.rejects(client(registry.port, { ca: other.certificatePem }).ping(), fails('tls'))
    await assert.rejects(
      client(registry.port, { host: '127.0.0.2' }).ping(),
      fails('tls', /not valid for 127\.0\.0\.2/),
    )
  })

  test('the storage that it wrote is a good archive, whichever tar packed it', async () => {
    for (const [name, words] of [
      ['gnu.tar.gz', ['-czf']],
      ['plain.tar', ['-cf']],
      ['pax.tar', ['--format=pax', '-cf']],
    ] as const) {
      const path = join(dir, name)
      await execa('tar', [...words, path, '-C', join(registry.storage, '..'), 'storage'])
      const index = await indexStorageArchive(path)
      assert.deepEqual(index.repositories, ['app/web', 'base'])
      assert.deepEqual(Object.keys(index.tags['app/web'] ?? {}), ['1.0', 'latest'])
      assert.deepEqual(index.warnings, [])
      const { digest } = await client(registry.port).manifest('base', '12')
      assert.equal(index.tags['base']?.['12'], digest)
    }
  })

  test('what is picked from an archive is a registry that Go clients can pull from', async () => {
    const archive = join(dir, 'picked.tar.gz')
    await execa('tar', ['-czf', archive, '-C', join(registry.storage, '..'), 'storage'])
    const index = await indexStorageArchive(archive)
    const copy = await startRegistry(join(dir, 'copy'), leaf)
    try {
      for await (const { path, body } of pickFromArchive(
        index,
        new Set([...index.blobs, ...index.links].map(({ path }) => path)),
      )) {
        const target = join(copy.storage, 'docker/registry/v2', path)
        mkdirSync(dirname(target), { recursive: true })
        await writeFile(target, body)
      }
      await pull(`127.0.0.1:${copy.port}/app/web:1.0`, join(dir, 'pulled'), ca.certificatePem, dir)
      const { manifest } = await client(copy.port).manifest('app/web', '1.0')
      assert.ok(manifest.config && existsSync(join(dir, 'pulled', manifest.config.digest.slice(7))))
    } finally {
      await copy.stop()
    }
  })

  test('a truncated blob is served with 200, and noticed', async () => {
    const { manifest } = await client(registry.port).manifest('base', '12')
    const [layer] = manifest.layers
    assert.ok(layer)
    const hex = layer.digest.replace('sha256:', '')
    const path = join(registry.storage, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data')
    const bytes = readFileSync(path)
    truncateSync(path, 20)
    await assert.rejects(
      client(registry.port).proveBlob('base', layer.digest, layer.size),
      (cause: unknown) => cause instanceof RegistryError,
    )
    writeFileSync(path, bytes)
    assert.ok(readdirSync(registry.storage).length > 0)
  })
}

/** A server that says what it likes. */
const liar = async (
  answer: (call: IncomingMessage, reply: ServerResponse) => void,
  pair = leaf,
): Promise<{ port: number; server: Server }> => {
  const server = createServer({ cert: pair.certificatePem, key: keyFileBytes(pair.key) }, answer)
  const port = await freePort()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return { port, server }
}
const api = { 'docker-distribution-api-version': 'registry/2.0' }
const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    config: { digest: `sha256:${'a'.repeat(64)}`, size: 1, mediaType: 'x' },
    layers: [],
  }),
)
const digest = `sha256:${sha256(manifest)}`

const LIES: readonly (readonly [
  string,
  (call: IncomingMessage, reply: ServerResponse) => void,
  (client: RegistryClient) => Promise<unknown>,
  RegistryFault,
])[] = [
  ['200 with HTML', (_c, r) => r.end('<html>'), c => c.ping(), 'not-a-registry'],
  ['500', (_c, r) => r.writeHead(500, api).end(), c => c.ping(), 'status'],
  [
    'a redirect to another host',
    (_c, r) => r.writeHead(307, { location: 'https://other.test/' }).end(),
    c => c.ping(),
    'redirect',
  ],
  [
    'a redirect to http',
    (_c, r) => r.writeHead(301, { location: 'http://127.0.0.1/' }).end(),
    c => c.catalog(),
    'redirect',
  ],
  ['a catalog that is no JSON', (_c, r) => r.end('hello'), c => c.catalog(), 'malformed'],
  ['a catalog of numbers', (_c, r) => r.end('{"repositories":[1]}'), c => c.catalog(), 'malformed'],
  [
    'pages in a circle',
    (_c, r) => r.writeHead(200, { link: '</v2/_catalog?n=1000>; rel="next"' }).end('{"repositories":[]}'),
    c => c.catalog(),
    'malformed',
  ],
  [
    'a next page elsewhere',
    (_c, r) => r.writeHead(200, { link: '<https://other.test/x>; rel="next"' }).end('{"repositories":[]}'),
    c => c.catalog(),
    'redirect',
  ],
  ['a catalog without end', (_c, r) => flood(r), c => c.catalog(), 'too-big'],
  [
    'a manifest of another digest',
    (_c, r) => r.end(manifest),
    c => c.manifest('a', `sha256:${'b'.repeat(64)}`),
    'digest',
  ],
  [
    'a header that names another digest',
    (_c, r) => r.writeHead(200, { 'docker-content-digest': `sha256:${'b'.repeat(64)}` }).end(manifest),
    c => c.manifest('a', '1'),
    'digest',
  ],
  ['a manifest that is none', (_c, r) => r.end('{}'), c => c.manifest('a', `sha256:${sha256('{}')}`), 'malformed'],
  ['a manifest without end', (_c, r) => flood(r), c => c.manifest('a', digest), 'too-big'],
  [
    'a blob of other bytes',
    (_c, r) => r.writeHead(200, { 'docker-content-digest': digest }).end('x'),
    c => c.proveBlob('a', digest, 100),
    'digest',
  ],
  ['a blob longer than it should be', (_c, r) => flood(r), c => c.proveBlob('a', digest, 1000), 'too-big'],
  [
    'a blob that breaks off',
    (_c, r) => {
      r.writeHead(200, { 'content-length': '1000' })
      r.write('x')
      setTimeout(() => r.destroy(), 20)
    },
    c => c.proveBlob('a', digest, 1000),
    'lost',
  ],
  ['a connection that breaks off', (_c, r) => r.destroy(), c => c.ping(), 'lost'],
  ['silence', () => undefined, c => c.ping(), 'timeout'],
  [
    'silence in the middle of an answer',
    (_, reply) => void reply.writeHead(200, { ...api, 'content-length': 100 }).write('a part'),
    c => c.ping(),
    'timeout',
  ],
  [
    '401 to a manifest',
    (_c, r) => r.writeHead(401, api).end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}'),
    c => c.manifest('a', '1'),
    'unauthorised',
  ],
  ['a repository name with dots in it', (_c, r) => r.end(), c => c.manifest('../x', '1'), 'malformed'],
]
function flood(reply: ServerResponse): void {
  const piece = Buffer.alloc(1024 * 1024, 'x')
  const more = () => {
    while (!reply.destroyed) if (!reply.write(piece)) return void reply.once('drain', more)
  }
  more()
}
for (const [name, answer, ask, fault] of LIES)
  test(`a lying registry: ${name}: ${fault}`, async () => {
    const { port, server } = await liar(answer)
    try {
      await assert.rejects(ask(client(port, { timeout: 500 })), fails(fault))
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

test('pages are followed to the last', async () => {
  const { port, server } = await liar((call, reply) => {
    const page = Number(new URL(call.url ?? '', 'https://x').searchParams.get('last') ?? 0)
    if (page < 3) reply.setHeader('link', `</v2/_catalog?n=1000&last=${page + 1}>; rel="next"`)
    reply.end(JSON.stringify({ repositories: [`r${page}`] }))
  })
  assert.deepEqual(await client(port).catalog(), ['r0', 'r1', 'r2', 'r3'])
  server.close()
})

test('401 to the ping is a registry that wants a login', async () => {
  const { port, server } = await liar((_call, reply) => reply.writeHead(401, api).end())
  assert.deepEqual(await client(port).ping(), { authenticated: false })
  server.close()
})

test('a common name alone is not enough, as for Docker', async () => {
  const { pem, key } = await commonNameOnly()
  const { port, server } = await liar((_call, reply) => reply.writeHead(200, api).end(), { certificatePem: pem, key })
  await assert.rejects(client(port, { host: 'localhost', ca: pem }).ping(), fails('tls', /not valid for localhost/))
  server.close()
})

async function commonNameOnly(): Promise<{ pem: string; key: Pair['key'] }> {
  await execa('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    join(dir, 'cn-key.pem'),
    '-out',
    join(dir, 'cn.pem'),
    '-days',
    '3',
    '-subj',
    '/CN=localhost',
  ])
  const { readPem } = await import('../../src/pki/pem.ts')
  const [found] = readPem(readFileSync(join(dir, 'cn-key.pem')), 'key').keys
  assert.ok(found)
  return { pem: readFileSync(join(dir, 'cn.pem'), 'utf8'), key: found.key }
}

test('nobody listens; no TLS; a signal', async () => {
  await assert.rejects(client(await freePort()).ping(), fails('refused'))
  const { createServer: plain } = await import('node:http')
  const server = plain((_call, reply) => reply.end('hello'))
  const port = await freePort()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  await assert.rejects(client(port).ping(), (cause: unknown) => cause instanceof RegistryError)
  server.closeAllConnections()
  server.close()
  await assert.rejects(client(port, { signal: AbortSignal.abort(new Error('stopped')) }).ping(), /stopped/)
})

test.run()
