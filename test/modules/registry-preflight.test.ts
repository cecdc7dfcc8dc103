import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostInfo } from '../../src/kit/host.ts'
import preflight from '../../src/modules/registry_preflight.ts'
import { readAuthority } from '../../src/pki/ca-store.ts'
import { makeCa } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { listeners } from '../../src/questions/ports.ts'
import { site } from '../../src/questions/site.ts'
import { storageArchive } from '../../src/questions/storage.ts'
import { Answer } from '../../src/shell/answer.ts'
import { storageOf, tarGzOf } from '../registry/archives.ts'
import { planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/registry_preflight')
const dir = mkdtempSync(join(tmpdir(), 'regplay-preflight-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const given = {
  repo_host: 'registry.example.com',
  ca_dir: '/ca',
  cert_hosts: ['registry.example.com', '10.0.0.2'],
  image: 'registry:2',
  root: '/srv/r',
  certificate: '/srv/r/certs/registry.pem',
  key: '/srv/r/certs/registry-key.pem',
}

/** A host and a controller on which nothing is wrong. */
const fine = {
  ca: { found: { state: 'absent' }, now: new Date() },
  brought: { pair: undefined, wrong: undefined },
  saved: undefined,
  stored: undefined,
  now: 'absent',
  ports: [{ address: '0.0.0.0', port: 22, by: 'sshd (pid 1)' }],
  paths: { paths: new Map(), links: new Map(), filled: false },
  free: { bytes: 1e12, inodes: undefined, mount: '/' },
}

const made = {
  Id: 'x',
  Name: '/registry',
  Created: '2024-05-06T07:08:09.1Z',
  State: { Status: 'running', Running: true },
  Config: { Image: 'registry:2', Labels: {} },
  HostConfig: { PortBindings: { '443/tcp': [{ HostIp: '', HostPort: '443' }] } },
  Mounts: [{ Source: '/tmp/certs', Destination: '/certs' }],
}
const ours = { ...made, Config: { ...made.Config, Labels: { 'regplay.managed': 'true' } } }
const taken = [{ address: '0.0.0.0', port: 443, by: 'nginx (pid 812)' }]
const at = (path: string, kind: string) => ({ ...fine.paths, paths: new Map([[path, { kind }]]) })
const image = {
  archive: {
    file: { path: '/r.tar' },
    images: [{ tags: ['registry:2'], os: 'linux', architecture: 'arm64', configDigest: 'sha256:x' }],
  },
}

const table: [what: string, args: object, seen: object, host: Partial<HostInfo>, words: RegExp | 'ok'][] = [
  ['nothing wrong', {}, {}, {}, 'ok'],
  ['scheme', { repo_host: 'https://r.example.com' }, {}, {}, /starts with https:\/\//],
  [
    'SAN',
    { cert_hosts: ['10.0.0.2'] },
    {},
    {},
    /not be valid for repo_host registry\.example\.com: its names will be 10\.0\.0\.2/,
  ],
  ['odd SAN', { cert_hosts: ['registry.example.com', 'a_b c'] }, {}, {}, /'a_b c' can be no name/],
  [
    'CA faults',
    {},
    {
      ca: {
        ...fine.ca,
        found: { state: 'unusable', faults: [{ severity: 'error', message: 'the CA is sick', remedy: 'r' }] },
      },
    },
    {},
    /the CA is sick/,
  ],
  ['foreign CA absent', { source: ['x'] }, {}, {}, /no ca\.pem in \/ca/],
  ['pair', { source: ['x'] }, { brought: { pair: undefined, wrong: 'no key among them' } }, {}, /no key among them/],
  ['image name', { image: 'Registry:2' }, {}, {}, /upper-case/],
  ['image archive', {}, { saved: { wrong: 'made by docker export', remedy: 'r' } }, {}, /made by docker export/],
  ['platform', {}, { saved: image }, {}, /image is for linux\/arm64, the host is x86_64/],
  ['platform fits', {}, { saved: image }, { machine: 'aarch64' }, 'ok'],
  [
    'image tag',
    { image: 'registry:3' },
    { saved: image },
    { machine: 'aarch64' },
    /does not hold registry:3: it holds registry:2/,
  ],
  ['storage archive', {}, { stored: { wrong: 'one level off', remedy: 'r' } }, {}, /one level off/],
  [
    'link',
    {},
    { paths: { ...fine.paths, links: new Map([['/srv/r/storage', '/big']]) } },
    {},
    /\/srv\/r\/storage is a symbolic link \(to \/big\)/,
  ],
  ['root is a file', {}, { paths: at('/srv/r', 'file') }, {}, /\/srv\/r is there and is no directory/],
  [
    'certificate is a directory',
    {},
    { paths: at('/srv/r/certs/registry.pem', 'directory') },
    {},
    /registry\.pem is a directory, not a file/,
  ],
  ['key elsewhere', { key: '/etc/k.pem' }, {}, {}, /different directories/],
  [
    'stranger',
    {},
    { now: made },
    {},
    /container registry that regplay did not make: image registry:2, running, made 2024-05-06T07:08:09, port 443, mounts \/tmp\/certs:\/certs/,
  ],
  ['stranger may go', { replace: true }, { now: made, ports: taken }, {}, 'ok'],
  ['ours', {}, { now: ours, ports: [{ address: '*', port: 443, by: 'docker-proxy (pid 1)' }] }, {}, 'ok'],
  ['port', {}, { ports: taken }, {}, /port 443 is taken by nginx \(pid 812\) \(it listens on 0\.0\.0\.0\)/],
  ['other port', { repo_host: 'registry.example.com:5000' }, { ports: taken }, {}, 'ok'],
  ['port, name unknown', {}, { ports: [{ address: '*', port: 443, by: '' }] }, {}, /taken by another service/],
  ['clock', {}, {}, { clockSkew: -400 }, /400 s behind/],
  ['clock, a little', {}, {}, { clockSkew: 299 }, 'ok'],
]

for (const [what, args, seen, host, words] of table)
  test(what, () => {
    const plan = planWith(preflight, { ...given, ...args }, { ...fine, ...seen }, { ...debian, ...host })
    if (words === 'ok') assert.equal(plan.kind, 'ok', JSON.stringify(plan))
    else {
      assert.equal(plan.kind, 'refuse')
      assert.match(plan.kind === 'refuse' ? plan.reason : '', words)
      assert.ok(plan.kind === 'refuse' && plan.remedy)
    }
  })

test('all faults are said at once', () => {
  const plan = planWith(
    preflight,
    { ...given, cert_hosts: [] },
    { ...fine, ports: taken, now: made, free: fine.free },
    { ...debian, clockSkew: 999 },
  )
  // The stranger publishes the port itself, so the port is no fault of its own.
  assert.equal(plan.kind === 'refuse' && (plan.result['faults'] as string[]).length, 3)
})

test('room is needed for a storage that is empty, and only then', async () => {
  const file = join(dir, 'storage.tar.gz')
  writeFileSync(file, await tarGzOf(storageOf('app/web', ['1.0', '2.0'])))
  const question = storageArchive(file)
  const stored = await question.ask({
    host: 'x',
    signal: new AbortController().signal,
    connect: () => Promise.reject(new Error('no network')),
    progress: () => undefined,
  })
  const small = { ...fine, stored, free: { bytes: 10, inodes: undefined, mount: '/srv' } }
  const empty = planWith(preflight, given, small, debian)
  assert.match(
    empty.kind === 'refuse' ? empty.reason : '',
    /^\/srv has 10 bytes free, and the storage archive needs \d+$/,
  )
  const filled = planWith(preflight, given, { ...small, paths: { ...fine.paths, filled: true } }, debian)
  assert.deepEqual(filled.kind === 'ok' && filled.result['images'], ['app/web:1.0', 'app/web:2.0'])
})

test('a CA directory as it is on disk is judged', async () => {
  const now = new Date()
  const ca = await makeCa({ name: 'CA', days: 30, bits: 2048, now })
  const there = join(dir, 'ca')
  mkdirSync(there, { mode: 0o700 })
  writeFileSync(join(there, 'ca.pem'), ca.certificatePem)
  const judge = async () => {
    const found = await readAuthority(there, { now })
    return planWith(preflight, given, { ...fine, ca: { found, now } }, debian)
  }
  const lonely = await judge()
  assert.match(lonely.kind === 'refuse' ? lonely.reason : '', /ca-key\.pem is not/)
  writeFileSync(join(there, 'ca-key.pem'), keyFileBytes(ca.key), { mode: 0o600 })
  assert.equal((await judge()).kind, 'ok')
})

for (const shell of SHELLS) {
  test(`what stands on the host is seen by ${shell[0]}`, () => {
    const root = join(dir, `site ${shell[0]}'s`)
    mkdirSync(join(root, 'certs'), { recursive: true })
    mkdirSync(join(root, 'other/docker/registry/v2/blobs/sha256/aa'), { recursive: true })
    symlinkSync(join(root, 'other'), join(root, 'storage'))
    symlinkSync('/nowhere', join(root, 'certs/key.pem'))
    writeFileSync(join(root, 'certs/ca-key.pem'), '')
    const paths = [
      root,
      `${root}/certs`,
      `${root}/storage`,
      `${root}/certs/a.pem`,
      `${root}/certs/key.pem`,
      `${root}/certs/ca-key.pem`,
    ]
    const question = site(`${root}/storage`, paths)
    const seen = question.read(run(question.script, shell))
    assert.deepEqual(
      paths.map(path => seen.paths.get(path)?.kind),
      ['directory', 'directory', 'directory', 'absent', 'absent', 'file'],
    )
    assert.deepEqual(
      [...seen.links],
      [
        [`${root}/storage`, join(root, 'other')],
        [`${root}/certs/key.pem`, '/nowhere'],
      ],
    )
    assert.deepEqual(seen.paths.get(`${root}/certs/a.pem`)?.beside, ['ca-key.pem', 'key.pem'])
    assert.equal(seen.filled, true)
    rmSync(root, { recursive: true })
    assert.equal(question.read(run(question.script, shell)).filled, false)
  })

  test(`a port that is taken is seen by ${shell[0]}`, async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const question = listeners()
    const found = question.read(run(question.script, shell)).filter(listener => listener.port === port)
    server.close()
    assert.equal(found.length, 1, `port ${port}`)
  })
}

test('ss and the kernel say the same in their own words', () => {
  const { read } = listeners()
  const says = (text: string) => read(new Answer(0, Buffer.from(text), Buffer.from('')))
  assert.deepEqual(
    says(
      'State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nLISTEN 0 511 [::]:443 [::]:* users:(("nginx",pid=812,fd=6))\nLISTEN 0 5 *:80 *:*\n',
    ),
    [
      { address: '[::]', port: 443, by: 'nginx (pid 812)' },
      { address: '*', port: 80, by: '' },
    ],
  )
  assert.deepEqual(
    says(
      '   0: 00000000:01BB 00000000:0000 0A 00000000:00000000\n   1: 0100007F:0016 00000000:0000 01 0:0\n   2: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0\n',
    ),
    [
      { address: '*', port: 443, by: '' },
      { address: '*', port: 80, by: '' },
    ],
  )
})

test.run()
