import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { inspect } from 'node:util'
import { readCertificate } from '../../src/pki/certificate.ts'
import { makeCa, makeLeaf, type Pair } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { suite } from '../support/suite.ts'
import { certificateOf, openssl } from './openssl.ts'

const test = suite('pki/issue')
const dir = mkdtempSync(join(tmpdir(), 'regplay-pki-'))
const now = new Date()
const hosts = [
  '10.0.0.20',
  'registry.example.test',
  '127.0.0.1',
  '[fd00::1]',
  'REGISTRY.example.test',
  '*.apps.example.test',
]
let ca: Pair
let leaf: Pair
test.before(async () => {
  ca = await makeCa({ name: 'Site CA', days: 3650, bits: 2048, now })
  leaf = await makeLeaf({ ca, name: 'registry.example.test', hosts, days: 825, bits: 2048, now })
  writeFileSync(join(dir, 'ca.pem'), ca.certificatePem)
  writeFileSync(join(dir, 'leaf.pem'), leaf.certificatePem)
})
test.after(() => rmSync(dir, { recursive: true, force: true }))

const verify = (...words: string[]) =>
  openssl(dir, 'verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'ca.pem', ...words, 'leaf.pem')

for (const [name, words, good] of [
  ['an IPv4 address', ['-verify_ip', '10.0.0.20'], true],
  ['an IPv6 address', ['-verify_ip', 'fd00::1'], true],
  ['a name', ['-verify_hostname', 'registry.example.test'], true],
  ['a wildcard', ['-verify_hostname', 'a.apps.example.test'], true],
  ['an address that is not in it', ['-verify_ip', '10.0.0.10'], false],
  ['a name that is not in it', ['-verify_hostname', 'other.example.test'], false],
] as const) {
  test(`openssl verify -x509_strict for ${name}: ${good ? 'OK' : 'refused'}`, async () => {
    const { exitCode, all } = await verify(...words)
    assert.equal(exitCode === 0, good, all)
  })
}

test('the certificates say what they should', () => {
  const [authority, server] = [certificateOf(ca.certificatePem), certificateOf(leaf.certificatePem)]
  assert.deepEqual(authority.constraints, { ca: true, pathLength: 0 })
  assert.deepEqual(authority.keyUsage, ['keyCertSign', 'cRLSign'])
  assert.equal(authority.selfSigned, true)
  assert.equal(authority.authorityKeyId, authority.subjectKeyId)
  assert.deepEqual(server.constraints, { ca: false })
  assert.deepEqual(server.keyUsage, ['digitalSignature', 'keyEncipherment'])
  assert.deepEqual(server.extendedKeyUsage, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'])
  assert.equal(server.authorityKeyId, authority.subjectKeyId)
  assert.notEqual(server.subjectKeyId, authority.subjectKeyId)
  assert.ok(server.issuerDer.equals(authority.subjectDer))
  assert.deepEqual(server.names, [
    { kind: 'ip', value: '10.0.0.20' },
    { kind: 'dns', value: 'registry.example.test' },
    { kind: 'ip', value: '127.0.0.1' },
    { kind: 'ip', value: 'fd00::1' },
    { kind: 'dns', value: '*.apps.example.test' },
  ])
  assert.equal(server.notBefore.getTime(), Math.floor(now.getTime() / 1000) * 1000 - 3_600_000)
  assert.match(server.serial, /^[0-7][0-9A-F]{31}$/)
  assert.notEqual(server.serial, authority.serial)
})

test('critical extensions are marked so', async () => {
  const { all } = await openssl(dir, 'x509', '-in', 'leaf.pem', '-noout', '-text')
  for (const line of [
    /Basic Constraints: critical/,
    /Key Usage: critical/,
    /IP Address:FD00:0:0:0:0:0:0:1/i,
    /sha256WithRSA/,
  ])
    assert.match(String(all), line)
})

test('a leaf does not outlive its CA', async () => {
  const short = await makeCa({ name: 'Short CA', days: 10, bits: 2048, now })
  const long = await makeLeaf({ ca: short, name: 'x', hosts: ['x.test'], days: 825, bits: 2048, now })
  assert.deepEqual(certificateOf(long.certificatePem).notAfter, certificateOf(short.certificatePem).notAfter)
})

test('dates past 2050 are written as openssl reads them', async () => {
  const far = await makeCa({ name: 'Far CA', days: 20_000, bits: 2048, now })
  assert.equal(
    certificateOf(far.certificatePem).notAfter.getTime(),
    Math.floor(now.getTime() / 1000) * 1000 + 20_000 * 86_400_000,
  )
})

test('back-dating and chance are arguments; a serial is never zero or negative', async () => {
  for (const [byte, serial] of [
    [0x00, '01000000000000000000000000000000'],
    [0xff, `7F${'FF'.repeat(15)}`],
  ] as const) {
    const made = await makeCa({
      name: 'x',
      days: 1,
      bits: 2048,
      now,
      key: ca.key,
      backdate: 86_400_000,
      random: count => Buffer.alloc(count, byte),
    })
    const certificate = certificateOf(made.certificatePem)
    assert.equal(BigInt(`0x${certificate.serial}`), BigInt(`0x${serial}`))
    assert.equal(certificate.notBefore.getTime(), Math.floor(now.getTime() / 1000) * 1000 - 86_400_000)
  }
})

test('a CA of other tools signs too: EC key, printable-string names', async () => {
  await openssl(dir, 'ecparam', '-genkey', '-name', 'prime256v1', '-out', 'ec-key.pem')
  await openssl(
    dir,
    'req',
    '-x509',
    '-new',
    '-key',
    'ec-key.pem',
    '-days',
    '30',
    '-out',
    'ec-ca.pem',
    '-subj',
    '/C=US/ST=Oregon/O=Docker/CN=Internal Docker CA',
    '-addext',
    'keyUsage=critical,keyCertSign',
  )
  const { readFileSync } = await import('node:fs')
  const { readPem } = await import('../../src/pki/pem.ts')
  const [found] = readPem(readFileSync(join(dir, 'ec-key.pem')), 'ec-key.pem').keys
  assert.ok(found)
  const made = await makeLeaf({
    ca: { certificatePem: readFileSync(join(dir, 'ec-ca.pem'), 'utf8'), key: found.key },
    name: 'r',
    hosts: ['10.0.0.1'],
    days: 5,
    bits: 2048,
    now,
  })
  writeFileSync(join(dir, 'ec-leaf.pem'), made.certificatePem)
  const { exitCode, all } = await openssl(
    dir,
    'verify',
    '-x509_strict',
    '-CAfile',
    'ec-ca.pem',
    '-verify_ip',
    '10.0.0.1',
    'ec-leaf.pem',
  )
  assert.equal(exitCode, 0, all)
})

for (const [host, words] of [
  ['', /is empty/],
  ['a_b.test', /underscore/],
  ['10.0.0.256', /neither an IP address nor a DNS name/],
  ['010.0.0.1', /neither/],
  ['-a.test', /hyphen/],
  [`${'a'.repeat(64)}.test`, /64 characters/],
  ['münchen.test', /xn--/],
] as const)
  test(`the host '${host.slice(0, 20)}' is refused`, async () => {
    await assert.rejects(makeLeaf({ ca, name: 'x', hosts: [host], days: 1, bits: 2048, now }), words)
  })

test('keys under 2048 bits and lives of no days are refused', async () => {
  await assert.rejects(makeCa({ name: 'x', days: 1, bits: 1024, now }), /1024/)
  await assert.rejects(makeCa({ name: 'x', days: 0, bits: 2048, now, key: ca.key }), /0 days/)
})

test('a TLS server really serves the pair, to a client that knows only ca.pem', async () => {
  const server = createServer({ cert: leaf.certificatePem, key: keyFileBytes(leaf.key) })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  const authorised = await new Promise<boolean>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: address.port, ca: ca.certificatePem }, () => {
      resolve(socket.authorized)
      socket.end()
    }).on('error', reject)
  })
  server.close()
  assert.equal(authorised, true)
})

test('no printed form of a pair shows the key', () => {
  for (const text of [JSON.stringify(leaf), inspect(leaf, { depth: 9, showHidden: true }), `${leaf.key}`])
    assert.ok(!/PRIVATE KEY|MII[A-Za-z0-9+/]{40}.*<never>/.test(text.replace(leaf.certificatePem, '')), text)
})

test('reads certificates that it did not make, deeply nested or damaged, without overflow', () => {
  for (const bytes of [
    Buffer.alloc(100_000, 0x30),
    Buffer.from('3080'.repeat(1000), 'hex'),
    Buffer.from([0x30]),
    Buffer.alloc(0),
  ])
    assert.throws(() => readCertificate(bytes))
})

test.run()
