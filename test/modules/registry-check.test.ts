import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plan } from '../../src/kit/plan.ts'
import type { Vantage } from '../../src/kit/question.ts'
import check from '../../src/modules/registry_check.ts'
import { makeCa, makeLeaf, type Pair } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { served } from '../../src/questions/registry.ts'
import { parseRepoHost, type RepoHost } from '../../src/registry/reference.ts'
import { Answer } from '../../src/shell/answer.ts'
import { sha256 } from '../registry/archives.ts'
import { freePort } from '../registry/real-registry.ts'
import { brief, planWith, withDefaults } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/registry_check')
const now = new Date()
const day = 86_400_000
const dir = mkdtempSync(join(tmpdir(), 'regplay-check-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const [ca, other] = await Promise.all(['Our CA', 'Their CA'].map(name => makeCa({ name, days: 30, bits: 2048, now })))
assert.ok(ca && other)
writeFileSync(join(dir, 'ca.pem'), ca.certificatePem)
const issue = (by: Pair, hosts: string[], when = now) =>
  makeLeaf({ ca: by, name: 'registry', hosts, days: 20, bits: 2048, now: when })
const good = await issue(ca, ['127.0.0.1', 'localhost'])

const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: 2, digest: `sha256:${sha256('{}')}` },
    layers: [],
  }),
)
const digest = `sha256:${sha256(manifest)}`

/** A registry with one image, as far as the check asks it. */
async function withServer(
  pair: Pair,
  use: (port: number) => Promise<void>,
  { port = 0, speaks = true }: { port?: number; speaks?: boolean } = {},
): Promise<void> {
  const server = createServer({ cert: pair.certificatePem, key: keyFileBytes(pair.key) }, ({ url = '' }, reply) => {
    if (speaks) reply.setHeader('docker-distribution-api-version', 'registry/2.0')
    if (url.startsWith('/v2/_catalog')) return reply.end(JSON.stringify({ repositories: ['app/web'] }))
    if (url.startsWith('/v2/app/web/tags/list')) return reply.end(JSON.stringify({ tags: ['1.0'] }))
    if (url === '/v2/app/web/manifests/1.0') {
      reply.setHeader('docker-content-digest', digest)
      reply.setHeader('content-type', 'application/vnd.docker.distribution.manifest.v2+json')
      return reply.end(manifest)
    }
    if (url !== '/v2/') reply.statusCode = 404
    return reply.end('{}')
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  try {
    await use((server.address() as AddressInfo).port)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** The host's way to the registry, and how often it was used. */
function vantage(): { on: Vantage; tunnels: () => number } {
  let tunnels = 0
  const on: Vantage = {
    host: 'web1',
    signal: new AbortController().signal,
    progress: () => undefined,
    connect: async (_host, port) => {
      tunnels++
      return new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port })
        socket.once('connect', () => resolve(socket))
        socket.once('error', reject)
      })
    },
  }
  return { on, tunnels: () => tunnels }
}

/** The plan for what the registry really serves and what docker on this host is said to answer. */
async function planOf(
  given: Record<string, unknown>,
  docker: [code: number, stdout: string, stderr?: string] = [1, '', 'Error: No such image'],
  on = vantage().on,
): Promise<Plan> {
  const { installed, ...rest } = { ca_dir: dir, wait: 0, ...given } as Record<string, unknown>
  const { seen, here } = check.probe(withDefaults(check, rest), debian)
  assert.ok(seen?.of === 'controller')
  const [code, stdout, stderr = ''] = docker
  return planWith(
    check,
    rest,
    {
      seen: await seen.ask(on),
      here: here?.of === 'target' ? here.read(new Answer(code, Buffer.from(stdout), Buffer.from(stderr))) : [],
      installed,
    },
    debian,
  )
}

const inspected = (names: string[]): [number, string] => [0, JSON.stringify({ Id: 'sha256:x', RepoDigests: names })]

test('a registry that serves is ok, and is asked without the host', () =>
  withServer(good, async port => {
    const { on, tunnels } = vantage()
    const plan = await planOf({ repo_host: `127.0.0.1:${port}`, images: ['app/web:1.0'] }, undefined, on)
    assert.equal(plan.kind, 'ok', JSON.stringify(plan))
    assert.deepEqual(plan.kind === 'ok' && [plan.result['catalog'], plan.result['images']], [
      ['app/web'],
      ['app/web:1.0'],
    ])
    assert.equal(plan.kind === 'ok' && plan.result['seen_from'], 'the controller')
    assert.equal(tunnels(), 0)
  }))

test('a host that has not pulled it pulls; one that has does not', () =>
  withServer(good, async port => {
    const at = `127.0.0.1:${port}`
    const pull = `${at}/app/web:1.0: absent -> ${digest}`
    const table: [docker: [number, string, string?], lines: string[]][] = [
      [[1, '', 'Error response from daemon: No such image: x'], [pull]],
      [inspected([`${at}/app/web@${digest}`]), []],
      [
        inspected([`elsewhere/app/web@${digest}`]),
        [`${at}/app/web:1.0: there, but not from this registry -> ${digest}`],
      ],
      [inspected([`${at}/app/web@sha256:old`]), [`${at}/app/web:1.0: sha256:old -> ${digest}`]],
      [[127, ''], ['refuse: docker is not installed on this host']],
    ]
    for (const [docker, lines] of table)
      for (const words of [{ pull: 'auto', images: ['app/web:1.0'] }, { pull: 'app/web:1.0' }])
        assert.deepEqual(brief(await planOf({ repo_host: at, ...words }, docker)), lines)
    // Without a list, the first image of the registry is looked for among all that the host has.
    const listed: [text: string, lines: string[]][] = [
      ['', [pull]],
      [`app/web:1.0 ${digest}\n${at}/app/web:0.9 ${digest}\n`, [pull]],
      [`x:1 <none>\n${at}/app/web:1.0 ${digest}\n`, []],
    ]
    for (const [text, lines] of listed)
      assert.deepEqual(brief(await planOf({ repo_host: at, pull: 'auto' }, [0, text])), lines)
    assert.deepEqual(brief(await planOf({ repo_host: at, pull: '' }, [0, ''])), [])
    assert.deepEqual(brief(await planOf({ repo_host: at, pull: 'app/web:9' }))[0]?.includes('lacks'), true)
  }))

test('what is wrong is said, with names', async () => {
  const table: [pair: Pair, given: Record<string, unknown>, words: RegExp][] = [
    [await issue(other, ['127.0.0.1']), {}, /Their CA|not signed|issuer|trust/],
    [await issue(ca, ['registry.internal']), {}, /is not valid for 127\.0\.0\.1: its names are DNS:registry\.internal/],
    [await issue(ca, ['127.0.0.1'], new Date(now.getTime() - 25 * day)), {}, /expired|ended|until/],
    [good, { images: ['app/web:1.0', 'app/web:2.0', 'db:1'] }, /lacks 2 of 3 images: app\/web:2\.0, db:1/],
    [
      good,
      { installed: (await issue(ca, ['127.0.0.1'])).certificatePem, certificate: '/x.crt' },
      /serves the certificate with serial/,
    ],
    [good, { certificate: '/x.crt' }, /\/x\.crt holds no certificate/],
  ]
  for (const [pair, given, words] of table)
    await withServer(pair, async port => {
      const plan = await planOf({ repo_host: `127.0.0.1:${port}`, ...given })
      assert.equal(plan.kind, 'refuse', `${words}: ${JSON.stringify(plan)}`)
      assert.match(plan.kind === 'refuse' ? plan.reason : '', words)
      assert.ok(plan.kind === 'refuse' && plan.remedy)
    })
  await withServer(good, async port => {
    const plan = await planOf({ repo_host: `127.0.0.1:${port}`, installed: good.certificatePem, certificate: '/x.crt' })
    assert.equal(plan.kind, 'ok')
  })
  await withServer(
    good,
    async port => assert.match(brief(await planOf({ repo_host: `127.0.0.1:${port}` }))[0] ?? '', /is no registry/),
    { speaks: false },
  )
  assert.match(brief(await planOf({ repo_host: `127.0.0.1:${await freePort()}` }))[0] ?? '', /refuses the connection/)
  assert.match(brief(await planOf({ repo_host: 'https://x.y' }))[0] ?? '', /starts with https/)
  assert.match(
    brief(await planOf({ repo_host: '127.0.0.1:1', ca_dir: join(dir, 'none') }))[0] ?? '',
    /there is no ca.pem/,
  )
})

test('a registry that starts a moment later is waited for', async () => {
  const port = await freePort()
  const waiting = planOf({ repo_host: `127.0.0.1:${port}`, wait: 8 })
  await new Promise(resolve => setTimeout(resolve, 700))
  await withServer(good, async () => assert.equal((await waiting).kind, 'ok'), { port })
}, 15_000)

test('where the controller gets no answer, the host is asked', () =>
  withServer(good, async port => {
    const { on, tunnels } = vantage()
    const registry = parseRepoHost(`localhost:${port}`) as RepoHost
    // Nothing listens on this address; only the host's tunnel knows the way.
    const away: RepoHost = { ...registry, host: 'registry.invalid' }
    const look = { caDir: dir, repositories: [], pull: undefined, catalog: false, wait: 0 }
    const seen = await served({ ...look, registry: away }).ask(on)
    assert.equal(tunnels() > 0, true)
    assert.equal(seen.from, 'web1')
    assert.equal(seen.chain.length > 0, true)
    assert.equal(seen.wrong?.fault, 'tls')
  }))

test('hosts that ask at the same time share one look, later ones do not', () =>
  withServer(good, async port => {
    const { on } = vantage()
    const registry = parseRepoHost(`127.0.0.1:${port}`) as RepoHost
    const question = served({ registry, caDir: dir, repositories: [], pull: undefined, catalog: true, wait: 0 })
    const [a, b] = await Promise.all([question.ask(on), question.ask({ ...on, host: 'web2' })])
    assert.equal(a, b)
    assert.notEqual(await question.ask(on), a)
  }))

test.run()
