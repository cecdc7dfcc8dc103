import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { arch, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { makeCa, makeLeaf } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { sha256, storageOf, tarGzOf, tarOf, under } from '../registry/archives.ts'
import { play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

/** The role with archives that are URLs and a certificate from elsewhere: real downloads, real files, no Docker. */
const test = suite('what is brought to the role registry')
const ROLE = fileURLToPath(new URL('../../playbooks/roles/registry', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'regplay-brought-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const now = new Date()
const ca = await makeCa({ name: 'Elsewhere', days: 900, bits: 2048, now })
const leafFor = (host: string) => makeLeaf({ ca, name: 'r', hosts: [host], days: 300, bits: 2048, now })
const file = (name: string, content: string | Buffer): string => {
  const path = join(dir, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content, { mode: 0o600 })
  return path
}
const right = await leafFor('registry.example.org')
const wrong = await leafFor('other.example.org')
file('ca/ca.pem', ca.certificatePem)
/** certbot's directory: links into an archive of versions. */
const live = join(dir, 'live')
file('live/fullchain.pem', right.certificatePem)
file('live/privkey.pem', keyFileBytes(right.key))
file('live/README', 'not for us')

const layer = 'a layer'
const config = JSON.stringify({
  ...{ architecture: arch() === 'x64' ? 'amd64' : arch(), os: 'linux', config: { Entrypoint: ['/registry'] } },
  rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
})
const saved = [{ Config: 'c.json', RepoTags: ['registry:2'], Layers: ['l/layer.tar'] }]
const image = await tarOf([
  { name: 'c.json', content: config },
  { name: 'l/layer.tar', content: layer },
  { name: 'manifest.json', content: JSON.stringify(saved) },
])
const storage = (repository: string) => tarGzOf(under('storage/docker/registry/v2/', storageOf(repository, ['1'])))
const served: Record<string, Buffer> = {
  '/image/archive.tar?token=t0ken': image,
  '/storage/archive.tar': await storage('app'),
  '/newer/archive.tar': await storage('more'),
}

const PARTS = ['demands', 'fetch', 'preflight', 'ca', 'directories', 'certificate', 'populate']
const playbook = (vars: Record<string, unknown>): string =>
  JSON.stringify([
    {
      ...{ hosts: 'registry', gather_facts: false },
      vars: {
        ...{ repo_host: 'registry.example.org', registry_service_port: 59443, registry_address: '10.0.0.9' },
        ...{ registry_root: join(dir, 'srv'), ca_dir: join(dir, 'ca') },
        ...vars,
      },
      tasks: PARTS.map(part => ({ import_role: { name: ROLE, tasks_from: part } })),
    },
  ])

const hosts = '[registry]\nreg1 ansible_connection=local\n'
const count = (results: readonly string[], status: string): number =>
  results.filter(line => line.split(' ')[1] === status).length

test('a dry run downloads nothing and judges the rest; then all is there; then nothing is to do', async () => {
  const asked: string[] = []
  const server = createServer(({ url = '', method }, reply) => {
    // A dry run may ask whether it is there.
    if (method !== 'HEAD') asked.push(url)
    const body = served[url]
    if (body) reply.end(body)
    else reply.writeHead(404).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const vars = {
    registry_certificate_source: [relative(dir, live)],
    registry_image_archive: `${base}/image/archive.tar?token=t0ken`,
    registry_storage_archive: `${base}/storage/archive.tar`,
  }
  const run = (more: Record<string, unknown> = {}, check = false) =>
    play(playbook({ ...vars, ...more }), { hosts, dir, job: { check } })
  try {
    const dry = await run({}, true)
    assert.equal([count(dry.results, 'failed'), asked], [0, []], dry.results.join('\n'))
    assert.ok(dry.results.some(line => /ok registry : The registry can be made here/.test(line)))
    assert.not.ok(readdirSync(dir).includes('srv'))

    const first = await run()
    assert.is(count(first.results, 'failed'), 0, first.results.join('\n'))
    assert.equal(asked.splice(0), Object.keys(served).slice(0, 2))
    assert.not.match(readdirSync(join(dir, 'downloads')).join(), 't0ken')
    const certs = join(dir, 'srv/certs')
    assert.is(readFileSync(join(certs, 'registry.pem'), 'utf8'), right.certificatePem)
    assert.is(statSync(join(certs, 'registry-key.pem')).mode & 0o777, 0o600)
    const repositories = () => readdirSync(join(dir, 'srv/storage/docker/registry/v2/repositories'))
    assert.equal(repositories(), ['app'])

    for (const check of [false, true]) {
      const again = await run({}, check)
      assert.equal([count(again.results, 'changed'), count(again.results, 'failed')], [0, 0], again.results.join('\n'))
    }
    assert.equal(asked, [])

    chmodSync(join(certs, 'registry-key.pem'), 0o644)
    const closed = await run()
    assert.equal([count(closed.results, 'changed'), statSync(join(certs, 'registry-key.pem')).mode & 0o777], [1, 0o600])

    // The same name under another URL is another archive.
    const newer = await run({ registry_storage_archive: `${base}/newer/archive.tar` })
    assert.is(count(newer.results, 'failed'), 0)
    assert.equal([asked, repositories()], [['/newer/archive.tar'], ['app', 'more']])

    const gone = await run({ registry_image_archive: `${base}/nowhere.tar` })
    assert.match(gone.result("registry : The image's archive is on the controller", 'reg1').msg ?? '', /answered 404/)
    const spoilt = { registry_storage_archive_checksum: `sha256:${'0'.repeat(64)}` }
    const refused = await run({ ...spoilt, registry_storage_archive: `${base}/storage/archive.tar?2` })
    assert.is(count(refused.results, 'failed'), 1)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}, 60_000)

const SOURCES: [what: string, source: string[], words: RegExp][] = [
  [
    'of another host',
    [file('w.pem', wrong.certificatePem), file('w-key.pem', keyFileBytes(wrong.key))],
    /is not valid for registry\.example\.org/,
  ],
  ['with the key of another', [file('r.pem', right.certificatePem), join(dir, 'w-key.pem')], /does not match/],
  ['without a key', [join(dir, 'r.pem')], /holds no private key/],
  ['that is not there', [join(dir, 'none.pem')], /is not there/],
  ['that is nowhere', ['none.pem'], /Could not find or access 'none.pem' on the controller/],
  ['in a directory of something else', [join(dir, 'ca')], /a directory without fullchain\.pem and privkey\.pem/],
]
for (const [what, source, words] of SOURCES)
  test(`a certificate ${what} is refused before anything is changed`, async () => {
    const before = readdirSync(dir).sort()
    const { results, result } = await play(
      playbook({ registry_certificate_source: source, registry_root: join(dir, 'srv2') }),
      { hosts, dir },
    )
    assert.match(result('registry : The registry can be made here', 'reg1').msg ?? '', words)
    assert.is(count(results, 'changed'), 0)
    assert.equal(
      readdirSync(dir)
        .sort()
        .filter(name => !['play.yml', 'hosts'].includes(name)),
      before.filter(name => !['play.yml', 'hosts'].includes(name)),
    )
  })

test.run()
