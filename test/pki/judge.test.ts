import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '../../src/base/secret.ts'
import type { Certificate } from '../../src/pki/certificate.ts'
import { importPair } from '../../src/pki/import-pair.ts'
import { makeCa, makeLeaf, type Pair } from '../../src/pki/issue.ts'
import { judgeAnchors, judgeServer, type ServerCase } from '../../src/pki/judge.ts'
import { readPem } from '../../src/pki/pem.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { suite } from '../support/suite.ts'
import { certificateOf, openssl } from './openssl.ts'

const test = suite('pki/judge')
const dir = mkdtempSync(join(tmpdir(), 'regplay-judge-'))
const now = new Date()
/** What openssl makes is not back-dated: it is judged a little later. */
const soon = new Date(now.getTime() + 120_000)
const DAY = 86_400_000
const HOST = '10.0.0.20'
let ca: Pair
let leaf: Pair
let serial = 0

const run = async (...words: string[]): Promise<void> => {
  const { exitCode, all } = await openssl(dir, ...words)
  assert.equal(exitCode, 0, all)
}
const read = (name: string): string => readFileSync(join(dir, name), 'utf8')
const one = (pem: string): Certificate => certificateOf(pem)

/** A certificate as people make them with openssl: any extensions, any key, signed by `issuer` or by itself. */
async function forged(
  extensions: string,
  more: { issuer?: string; key?: readonly string[]; days?: number; digest?: string; subject?: string } = {},
): Promise<string> {
  serial += 1
  const name = `f${serial}`
  const { issuer, key = ['rsa:2048'], days = 90, digest = 'sha256', subject = `/CN=${name}` } = more
  writeFileSync(join(dir, `${name}.cnf`), `[req]\ndistinguished_name=d\nprompt=no\n[d]\n[x]\n${extensions}\n`)
  await run(
    'req',
    '-new',
    '-newkey',
    ...key,
    '-nodes',
    '-keyout',
    `${name}-key.pem`,
    '-out',
    `${name}.csr`,
    '-subj',
    subject,
    '-config',
    `${name}.cnf`,
  )
  const signer = issuer
    ? ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}-key.pem`, '-CAcreateserial']
    : ['-signkey', `${name}-key.pem`]
  await run(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    ...signer,
    '-days',
    String(days),
    `-${digest}`,
    '-extfile',
    `${name}.cnf`,
    '-extensions',
    'x',
    '-out',
    `${name}.pem`,
  )
  return name
}

test.before(async () => {
  ca = await makeCa({ name: 'Site CA', days: 3650, bits: 2048, now })
  leaf = await makeLeaf({
    ca,
    name: 'registry',
    hosts: [HOST, 'registry.example.test', '*.apps.example.test'],
    days: 825,
    bits: 2048,
    now,
  })
  writeFileSync(join(dir, 'ca.pem'), ca.certificatePem)
  writeFileSync(join(dir, 'ca-key.pem'), keyFileBytes(ca.key), { mode: 0o600 })
  writeFileSync(join(dir, 'leaf.pem'), leaf.certificatePem)
  writeFileSync(join(dir, 'leaf-key.pem'), keyFileBytes(leaf.key), { mode: 0o600 })
})
test.after(() => rmSync(dir, { recursive: true, force: true }))

const judged = (more: Partial<ServerCase>): string[] => {
  const found = judgeServer({
    chain: [one(leaf.certificatePem)],
    anchors: [one(ca.certificatePem)],
    hosts: [HOST],
    now: soon,
    key: leaf.key,
    ...more,
  })
  for (const { message, remedy } of found) assert.ok(message && remedy && !message.includes('undefined'), message)
  return found.map(({ code }) => code)
}

for (const [name, more, codes] of [
  ['what we make is good', {}, []],
  ['a name', { hosts: ['registry.example.test', 'a.apps.example.test'] }, []],
  ['expired', { now: new Date(now.getTime() + 826 * DAY) }, ['certificate-expired']],
  ['expires soon', { now: new Date(now.getTime() + 700 * DAY) }, ['certificate-expires-soon']],
  ['not yet valid', { now: new Date(now.getTime() - 2 * DAY) }, ['certificate-not-yet-valid']],
  ['another address', { hosts: ['10.0.0.10'] }, ['san-lacks-host']],
  ['a wildcard for two labels', { hosts: ['a.b.apps.example.test'] }, ['san-lacks-host']],
  ['no certificate', { chain: [] }, ['no-certificate']],
  ['no key given', {}, []],
] as const)
  test(`server: ${name}`, () => assert.deepEqual(judged(more), codes))

const SAN = `subjectAltName=IP:${HOST}`
const LEAF = `basicConstraints=critical,CA:FALSE\n${SAN}`
for (const [name, extensions, more, codes] of [
  ['CN only', 'basicConstraints=CA:FALSE', { subject: `/CN=${HOST}` }, ['san-missing']],
  ['an IP as DNS', `subjectAltName=DNS:${HOST}`, {}, ['san-type', 'san-lacks-host']],
  ['EKU clientAuth only', `${LEAF}\nextendedKeyUsage=clientAuth`, {}, ['usage-not-server']],
  ['EKU any', `${LEAF}\nextendedKeyUsage=anyExtendedKeyUsage`, {}, []],
  ['no EKU', LEAF, {}, []],
  ['keyUsage without TLS', `${LEAF}\nkeyUsage=cRLSign`, {}, ['usage-not-server']],
  ['RSA 1024', LEAF, { key: ['rsa:1024'] }, ['key-too-short']],
  ['SHA-1', LEAF, { digest: 'sha1' }, ['signature-weak']],
  ['EC P-256', LEAF, { key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] }, []],
  ['EC secp256k1', LEAF, { key: ['ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'] }, ['key-type']],
  ['Ed25519', LEAF, { key: ['ed25519'] }, ['key-type']],
  ['a leaf that is a CA', `basicConstraints=CA:TRUE\n${SAN}`, {}, ['leaf-is-ca']],
  ['an unknown critical extension', `${LEAF}\n1.2.3.4=critical,ASN1:NULL`, {}, ['extension-unknown']],
  ['60 years', LEAF, { days: 22_000 }, ['validity-long']],
  ['an underscore in a name', `subjectAltName=IP:${HOST},DNS:a_b.test`, {}, ['san-odd']],
  [
    'many names',
    `subjectAltName=IP:${HOST},${Array.from({ length: 150 }, (_x, i) => `DNS:n${i}.test`).join(',')}`,
    {},
    ['san-many'],
  ],
] as const)
  test(`server certificate by openssl: ${name}`, async () => {
    const made = await forged(extensions, { issuer: 'ca', ...more })
    const key = readPem(read(`${made}-key.pem`), 'key').keys[0]?.key
    assert.deepEqual(judged({ chain: [one(read(`${made}.pem`))], ...(key && { key }) }), codes)
  })

test('the key of another certificate', () => assert.deepEqual(judged({ key: ca.key }), ['key-mismatch']))
test('a key that is none', () => assert.deepEqual(judged({ key: new Secret('x', 'key') }), ['key-unreadable']))

const CA = 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\nsubjectKeyIdentifier=hash'
test('chains', async () => {
  const root = await forged(CA)
  const middle = await forged(CA, { issuer: root })
  const server = await forged(LEAF, { issuer: middle })
  const chain = [server, middle].map(name => one(read(`${name}.pem`)))
  const anchors = [one(read(`${root}.pem`))]
  const key = readPem(read(`${server}-key.pem`), 'key').keys[0]?.key
  assert.ok(key && chain[0] && chain[1] && anchors[0])
  const of = (more: Partial<ServerCase>) => judged({ chain, anchors, key, ...more })
  assert.deepEqual(of({}), [])
  assert.deepEqual(of({ chain: [...chain, anchors[0]] }), [], 'the root may be sent too')
  assert.deepEqual(of({ anchors: [chain[1]] }), [], 'Go takes an intermediate as an anchor')
  assert.deepEqual(of({ chain: [chain[0]] }), ['chain-incomplete'])
  assert.deepEqual(of({ chain: [chain[0], anchors[0]] }), ['chain-broken'])
  assert.deepEqual(of({ chain: [chain[0], one(leaf.certificatePem)] }), ['chain-broken'])
  const short = await forged(`${CA}\n`.replace('CA:TRUE', 'CA:TRUE,pathlen:0'))
  const below = await forged(CA, { issuer: short })
  const deep = await forged(LEAF, { issuer: below })
  const deepChain = [deep, below].map(name => one(read(`${name}.pem`)))
  const { key: deepKey } = readPem(read(`${deep}-key.pem`), 'key').keys[0] ?? {}
  assert.ok(deepKey)
  assert.deepEqual(judged({ chain: deepChain, anchors: [one(read(`${short}.pem`))], key: deepKey }), ['path-too-long'])
})

test('a CA of the same name with another key is named by its key id', async () => {
  const twin = await makeCa({ name: 'Site CA', days: 100, bits: 2048, now })
  const found = judgeServer({
    chain: [one(leaf.certificatePem)],
    anchors: [one(twin.certificatePem)],
    hosts: [HOST],
    now,
  })
  assert.deepEqual(
    found.map(({ code }) => code),
    ['chain-broken'],
  )
  assert.match(found[0]?.message ?? '', /another CA of the same name/)
})

for (const [name, extensions, more, codes] of [
  ['a CA', CA, {}, []],
  ['CA:FALSE, self-signed: works, with a warning', 'basicConstraints=CA:FALSE', {}, ['anchor-is-leaf']],
  ['CA:FALSE, signed by another', 'basicConstraints=CA:FALSE', { issuer: 'ca' }, ['not-a-ca']],
  ['no keyCertSign', 'basicConstraints=CA:TRUE\nkeyUsage=digitalSignature', {}, ['not-a-ca']],
  ['an intermediate', CA, { issuer: 'ca' }, ['anchor-is-intermediate']],
  ['name constraints', `${CA}\nnameConstraints=critical,permitted;DNS:example.test`, {}, ['name-constraints']],
  ['SHA-1', CA, { digest: 'sha1' }, ['signature-weak']],
] as const)
  test(`anchor: ${name}`, async () => {
    const made = await forged(extensions, more)
    assert.deepEqual(
      judgeAnchors([one(read(`${made}.pem`))], 'ca.pem', soon).map(({ code }) => code),
      codes,
    )
  })

const cut = (pem: string, at: number) => pem.slice(0, at) + pem.slice(at + 8)
const flipped = (pem: string): string => {
  const der = Buffer.from(one(pem).x509.raw)
  der[der.length - 40] = (der[der.length - 40] ?? 0) ^ 1
  return `-----BEGIN CERTIFICATE-----
${der.toString('base64')}
-----END CERTIFICATE-----
`
}
for (const [name, make, codes, certificates] of [
  ['as it is', () => leaf.certificatePem, [], 1],
  ['CRLF', () => leaf.certificatePem.replaceAll('\n', '\r\n'), [], 1],
  ['text before it', () => `Certificate:\n    Data:\n${leaf.certificatePem}`, [], 1],
  ['text behind it', () => `${leaf.certificatePem}\n# the end\n`, [], 1],
  ['a byte order mark', () => `\uFEFF${leaf.certificatePem}`, ['pem-bom'], 1],
  ['key and certificate', () => keyFileBytes(leaf.key) + leaf.certificatePem, [], 1],
  ['empty', () => '', ['pem-empty'], 0],
  ['no PEM', () => 'hello', ['pem-none'], 0],
  ['an HTML page', () => '<html>', ['pem-none'], 0],
  ['UTF-16', () => Buffer.from(`\uFEFF${leaf.certificatePem}`, 'utf16le'), ['pem-utf16'], 0],
  ['indented', () => leaf.certificatePem.replace(/^/gm, '  '), ['pem-indented'], 0],
  ['END missing', () => leaf.certificatePem.split('-----END')[0] ?? '', ['pem-truncated'], 0],
  ['BEGIN missing', () => `${leaf.certificatePem}-----END CERTIFICATE-----\n`, ['pem-truncated'], 1],
  ['base64 cut', () => leaf.certificatePem.replace(/.\n-----END/, '\n-----END'), ['pem-truncated'], 0],
  ['eight characters lost', () => cut(leaf.certificatePem, 300), ['certificate-damaged'], 0],
  ['TRUSTED CERTIFICATE', () => leaf.certificatePem.replaceAll(' CERT', ' TRUSTED CERT'), ['pem-trusted'], 0],
  ['a request', () => leaf.certificatePem.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'), ['pem-request'], 0],
  ['PKCS#7 in PEM', () => leaf.certificatePem.replaceAll('CERTIFICATE', 'PKCS7'), ['pem-is-pkcs7'], 0],
  ['binary behind it', () => `${leaf.certificatePem}\0\x01`, ['pem-garbage'], 1],
  ['101 certificates', () => leaf.certificatePem.repeat(101), ['pem-too-big'], 100],
  ['2 MB', () => Buffer.alloc(2_000_000, 'a'), ['pem-too-big'], 0],
  ['DER', () => one(leaf.certificatePem).x509.raw, ['pem-is-der'], 0],
] as const)
  test(`PEM: ${name}`, () => {
    const found = readPem(make(), 'file.pem')
    assert.deepEqual(
      found.faults.map(({ code }) => code),
      codes,
    )
    assert.equal(found.certificates.length, certificates)
  })

test('one bit of the signature flipped: the chain does not verify', () =>
  assert.deepEqual(judged({ chain: [one(flipped(leaf.certificatePem))] }), ['chain-broken']))

test('other containers are named, with the command that converts them', async () => {
  await run('pkcs12', '-export', '-in', 'leaf.pem', '-inkey', 'leaf-key.pem', '-passout', 'pass:', '-out', 'x.p12')
  await run('crl2pkcs7', '-nocrl', '-certfile', 'leaf.pem', '-outform', 'DER', '-out', 'x.p7b')
  await run('pkey', '-in', 'leaf-key.pem', '-outform', 'DER', '-out', 'x.der')
  for (const [name, words] of [
    ['x.p12', /PKCS#12/],
    ['x.p7b', /PKCS#7/],
    ['x.der', /a private key in DER/],
  ] as const) {
    const [found] = readPem(readFileSync(join(dir, name)), name).faults
    assert.match(found?.message ?? '', words)
    assert.match(found?.remedy ?? '', /openssl pk/)
  }
})

test('brought pairs: one file in either order, two files, CA first, EC PARAMETERS, certbot links', async () => {
  const root = await forged(CA)
  const middle = await forged(CA, { issuer: root })
  const server = await forged(LEAF, { issuer: middle })
  const [rootPem, middlePem, serverPem, keyPem] = [root, middle, server]
    .map(name => read(`${name}.pem`))
    .concat(read(`${server}-key.pem`))
  const live = join(dir, 'live', 'example.test')
  const archive = join(dir, 'archive', 'example.test')
  for (const path of [live, archive]) mkdirSync(path, { recursive: true })
  for (const [name, text] of [
    ['fullchain', `${serverPem}${middlePem}`],
    ['privkey', keyPem ?? ''],
    ['cert', serverPem ?? ''],
    ['chain', middlePem ?? ''],
  ] as const) {
    writeFileSync(join(archive, `${name}1.pem`), text)
    symlinkSync(`../../archive/example.test/${name}1.pem`, join(live, `${name}.pem`))
  }
  writeFileSync(join(live, 'README'), 'This directory contains your keys')
  const write = (name: string, text: string) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  const cases: readonly (readonly string[])[] = [
    [write('a.pem', `${serverPem}${middlePem}${rootPem}${keyPem}`)],
    [write('b.pem', `${keyPem}${rootPem}${middlePem}${serverPem}`)],
    [write('c-key.pem', keyPem ?? ''), write('c.pem', `${middlePem}${serverPem}`)],
    [write('d1.pem', serverPem ?? ''), write('d2.pem', keyPem ?? ''), write('d3.pem', `${rootPem}${middlePem}`)],
    [live],
  ]
  for (const paths of cases) {
    const { pair, faults } = await importPair(paths)
    assert.deepEqual(faults, [], String(paths))
    assert.ok(pair)
    assert.deepEqual(
      pair.chain.map(({ pem }) => pem),
      [one(serverPem ?? '').pem, one(middlePem ?? '').pem],
    )
    assert.deepEqual(judged({ chain: pair.chain, anchors: [one(rootPem ?? '')], key: pair.key }), [])
  }
  await run('ecparam', '-genkey', '-name', 'prime256v1', '-out', 'ec-key.pem')
  assert.match(read('ec-key.pem'), /EC PARAMETERS/)
  await run('req', '-x509', '-new', '-key', 'ec-key.pem', '-days', '30', '-subj', '/CN=ec', '-out', 'ec.pem')
  const { pair, faults } = await importPair([join(dir, 'ec.pem'), join(dir, 'ec-key.pem')])
  assert.deepEqual(faults, [])
  assert.ok(pair && keyFileBytes(pair.key).toString().startsWith('-----BEGIN PRIVATE KEY-----'))
})

test('pairs that cannot be put together are said so', async () => {
  await run('rsa', '-in', 'leaf-key.pem', '-aes256', '-passout', 'pass:secret', '-traditional', '-out', 'pkcs1-enc.pem')
  await run('pkcs8', '-topk8', '-in', 'leaf-key.pem', '-passout', 'pass:secret', '-out', 'pkcs8-enc.pem')
  symlinkSync('nowhere.pem', join(dir, 'dangling.pem'))
  mkdirSync(join(dir, 'empty-dir'))
  for (const [names, code] of [
    [['leaf.pem', 'pkcs1-enc.pem'], 'key-encrypted'],
    [['leaf.pem', 'pkcs8-enc.pem'], 'key-encrypted'],
    [['leaf.pem'], 'key-missing'],
    [['leaf-key.pem'], 'no-certificate'],
    [['leaf.pem', 'leaf-key.pem', 'ca-key.pem'], 'key-ambiguous'],
    [['dangling.pem'], 'file-unreadable'],
    [['empty-dir'], 'not-a-pair'],
  ] as const) {
    const { pair, faults } = await importPair(names.map(name => join(dir, name)))
    assert.equal(pair, undefined)
    assert.deepEqual(
      faults.map(fault => fault.code),
      [code],
      names.join(' '),
    )
  }
})

test.run()
