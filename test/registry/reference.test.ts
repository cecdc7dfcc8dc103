import assert from 'node:assert/strict'
import { placeOf, readLink, revisionPath } from '../../src/registry/layout.ts'
import { parseReference, parseRepoHost } from '../../src/registry/reference.ts'
import { suite } from '../support/suite.ts'

const test = suite('registry/reference')

for (const [text, port, url, trustNames] of [
  ['10.0.0.20', 443, 'https://10.0.0.20', ['10.0.0.20', '10.0.0.20:443']],
  ['10.0.0.20:443', 443, 'https://10.0.0.20', ['10.0.0.20', '10.0.0.20:443']],
  ['10.0.0.20:5000', 443, 'https://10.0.0.20:5000', ['10.0.0.20:5000']],
  ['registry.local:9001', 443, 'https://registry.local:9001', ['registry.local:9001']],
  [
    'registry.example.test',
    443,
    'https://registry.example.test',
    ['registry.example.test', 'registry.example.test:443'],
  ],
  [
    'registry.example.test.',
    443,
    'https://registry.example.test',
    ['registry.example.test', 'registry.example.test:443'],
  ],
  ['registry', 5050, 'https://registry:5050', ['registry:5050']],
  ['registry0:5000', 443, 'https://registry0:5000', ['registry0:5000']],
  ['localhost', 443, 'https://localhost', ['localhost', 'localhost:443']],
  ['xn--mnchen-3ya.test', 443, 'https://xn--mnchen-3ya.test', ['xn--mnchen-3ya.test', 'xn--mnchen-3ya.test:443']],
] as const)
  test(`repo_host ${text} (port ${port})`, () => {
    const host = parseRepoHost(text, port)
    assert.ok(!('wrong' in host), JSON.stringify(host))
    assert.equal(host.url, url)
    assert.deepEqual(host.trustNames, trustNames)
    assert.ok(new Set<string>(trustNames).has(host.prefix))
  })

for (const [text, words] of [
  ['', /is empty/],
  [' ', /is empty/],
  ['a b', /white space/],
  ['registry', /Docker Hub/],
  ['[fd00::1]', /IPv6/],
  ['fd00::1', /IPv6/],
  ['[fd00::1]:443', /IPv6/],
  ['[fe80::1%eth0]:443', /IPv6/],
  ['Registry.example.test', /upper-case/],
  ['reg_x.test', /underscore/],
  ['https://h.test', /https:\/\//],
  ['h.test/path', /path/],
  ['user@h.test', /user name/],
  ['h.test:1:2', /more than one port/],
  ['h.test:0', /port '0'/],
  ['h.test:', /port ''/],
  ['h.test:65536', /port/],
  ['h.test:0443', /port/],
  ['h.test:port_host', /port 'port_host'/],
  [`${'a.'.repeat(130)}test`, /at most 253/],
  [`${'a'.repeat(64)}.test`, /64 characters/],
  ['-a.b', /hyphen/],
  ['xn--.test', /hyphen/],
  ['münchen.test', /xn--/],
  ['123', /neither/],
  ['0x7f.1', /neither/],
  ['010.0.0.1', /neither/],
  ['1.2.3.4.5', /neither/],
  ['10.0.0.256', /neither/],
  ['0.0.0.0', /no address/],
  ['255.255.255.255', /no address/],
  ['a..b', /empty label/],
  ['{{ repo_host }}', /white space/],
  ['$host.test', /other than letters/],
] as const)
  test(`repo_host '${text.slice(0, 30)}' is refused`, () => {
    const host = parseRepoHost(text)
    assert.ok('wrong' in host, JSON.stringify(host))
    assert.match(host.wrong, words)
    assert.ok(host.remedy)
  })

for (const [text, registry, repository, tag, digest] of [
  ['registry:2', 'docker.io', 'library/registry', '2', undefined],
  ['registry', 'docker.io', 'library/registry', 'latest', undefined],
  ['a/b', 'docker.io', 'a/b', 'latest', undefined],
  ['10.0.0.20/app/web:1.0', '10.0.0.20', 'app/web', '1.0', undefined],
  ['h:5000/x', 'h:5000', 'x', 'latest', undefined],
  ['localhost/x:1', 'localhost', 'x', '1', undefined],
  [`h.test/x@sha256:${'a'.repeat(64)}`, 'h.test', 'x', undefined, `sha256:${'a'.repeat(64)}`],
  [`h.test/x:1@sha256:${'a'.repeat(64)}`, 'h.test', 'x', '1', `sha256:${'a'.repeat(64)}`],
  ['h.test/a__b/c-d.e', 'h.test', 'a__b/c-d.e', 'latest', undefined],
] as const)
  test(`reference ${text.slice(0, 40)}`, () =>
    assert.deepEqual(parseReference(text), { registry, repository, ...(tag && { tag }), ...(digest && { digest }) }))

for (const [text, words] of [
  ['', /is empty/],
  ['App', /upper-case/],
  ['h.test/TESTUSER/busybox:latest', /upper-case/],
  ['a//b', /empty part/],
  ['a/', /empty part/],
  [`h.test/${'a'.repeat(300)}`, /300 characters/],
  ['a:1:2', /more than one tag/],
  ['a:', /tag ''/],
  ['a:-x', /tag '-x'/],
  ['-a', /part '-a'/],
  ['a@sha256:short', /digest/],
  ['a@b@c', /more than one @/],
  ['https://h.test/x', /scheme/],
  ['h_x.test/a', /underscore/],
  ['[fd00::1]:443/x', /IPv6/],
] as const)
  test(`reference '${text.slice(0, 30)}' is refused`, () => {
    const found = parseReference(text)
    assert.ok('wrong' in found, JSON.stringify(found))
    assert.match(found.wrong, words)
  })

const hex = 'ab'.repeat(32)
const digest = `sha256:${hex}`
for (const [path, place] of [
  [`blobs/sha256/ab/${hex}/data`, { kind: 'blob', digest }],
  [`repositories/a/b/_layers/sha256/${hex}/link`, { kind: 'layer', repository: 'a/b', digest }],
  [revisionPath('a', digest), { kind: 'revision', repository: 'a', digest }],
  ['repositories/a/b/c/_manifests/tags/v1/current/link', { kind: 'tag', repository: 'a/b/c', tag: 'v1' }],
  [
    `repositories/a/_manifests/tags/v1/index/sha256/${hex}/link`,
    { kind: 'tag-index', repository: 'a', tag: 'v1', digest },
  ],
  [
    `repositories/a/_manifests/revisions/sha256/${hex}/signatures/sha256/${hex}/link`,
    { kind: 'signature', repository: 'a', digest },
  ],
  ['repositories/a/_uploads/x/data', { kind: 'upload', repository: 'a' }],
  [`blobs/sha256/cd/${hex}/data`, undefined],
  [`blobs/sha256/ab/${hex.toUpperCase()}/data`, undefined],
  [`blobs/sha512/ab/${hex}/data`, undefined],
  [`repositories/A/_layers/sha256/${hex}/link`, undefined],
  [`repositories/_layers/sha256/${hex}/link`, undefined],
  ['repositories/a/_manifests/tags/../current/link', undefined],
  ['repositories/a/_manifests/tags/v1/current/other', undefined],
  ['', undefined],
] as const)
  test(`layout ${path.slice(0, 60)}`, () => assert.deepEqual(placeOf(path), place))

test('links', () => {
  assert.deepEqual(readLink(digest), { digest })
  for (const text of [`${digest}\n`, ` ${digest}`, '', 'sha256:zz', digest.toUpperCase()])
    assert.ok('wrong' in readLink(text), text)
})

test.run()
