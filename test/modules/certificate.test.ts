import { X509Certificate } from 'node:crypto'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { moment } from '../../src/modules/shared/certificate.ts'
import x509_certificate from '../../src/modules/x509_certificate.ts'
import x509_certificate_info from '../../src/modules/x509_certificate_info.ts'
import { readCertificate } from '../../src/pki/certificate.ts'
import { generalNames } from '../../src/pki/extensions.ts'
import { brief, converge, make, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'
import { has } from '../transport/sshd.ts'

const test = suite('modules/certificate')
const FILES = new URL('../differential/modules/files/', import.meta.url).pathname
const missing = has('openssl') ? null : 'openssl is not installed'
const dir = mkdtempSync(join(tmpdir(), 'regplay-crt-'))
test.after(() => rmSync(dir, { recursive: true }))
for (const name of [
  'test-key.pem',
  'test-ca.pem',
  'test-ca-key.pem',
  'test-locked.pem',
  'test.csr',
  'test-own.crt',
  'test-many.crt',
])
  copyFileSync(join(FILES, name), join(dir, name))

type Args = Record<string, unknown>
const OWN: Args = { csr_path: `${dir}/test.csr`, privatekey_path: `${dir}/test-key.pem`, provider: 'selfsigned' }
const CA: Args = {
  csr_path: `${dir}/test.csr`,
  provider: 'ownca',
  ownca_path: `${dir}/test-ca.pem`,
  ownca_privatekey_path: `${dir}/test-ca-key.pem`,
}
const read = (path: string) => readCertificate(new X509Certificate(readFileSync(path)).raw)

const MADE: Record<string, Args> = {
  'one that signs itself': OWN,
  'one that signs itself, without an identifier': { ...OWN, selfsigned_create_subject_key_identifier: 'never_create' },
  'one that an authority signs': CA,
  'one that an authority signs, without identifiers': {
    ...CA,
    ownca_create_authority_key_identifier: false,
    ownca_create_subject_key_identifier: 'never_create',
  },
  'one by texts instead of files': {
    csr_content: readFileSync(`${FILES}test.csr`, 'utf8'),
    provider: 'ownca',
    ownca_content: readFileSync(`${FILES}test-ca.pem`, 'utf8'),
    ownca_privatekey_content: new Secret(readFileSync(`${FILES}test-ca-key.pem`, 'utf8'), 'key'),
  },
}

const when = (name: string, body: () => unknown): void =>
  missing === null ? test(name, body, 30_000) : test.skip(name, missing)

for (const shell of SHELLS.filter(([name]) => name !== 'busybox')) {
  const lines = async (args: Args) => brief(await planHere(x509_certificate, args, debian, shell))

  for (const [title, args] of Object.entries(MADE))
    when(`${shell[0]}: ${title} is made, and found again`, async () => {
      const path = join(dir, `${shell[0]} ${title}.crt`)
      assert.equal(await converge(x509_certificate, { path, ...args }, debian, shell), [
        `${path}: absent -> certificate`,
      ])
      const made = read(path)
      assert.equal(generalNames(made.extensions.get('2.5.29.17')), ['DNS:a.example', 'IP:192.0.2.1'])
      assert.is(made.issuer.includes('Test CA'), args['provider'] === 'ownca')
      const without = title.includes('without')
      assert.is(made.subjectKeyId === undefined, without)
      assert.is(made.authorityKeyId === undefined, without || args['provider'] === 'selfsigned')
      assert.is(Math.round((made.notAfter.getTime() - made.notBefore.getTime()) / 86_400_000), 3650)
      assert.match(made.serial, /^4[0-9A-F]{39}$/)
    })

  when(`${shell[0]}: absolute times and digests are kept`, async () => {
    const path = join(dir, `${shell[0]} times.crt`)
    const args = {
      path,
      ...OWN,
      selfsigned_not_before: '20200101000000Z',
      selfsigned_not_after: '20401231235959Z',
      selfsigned_digest: 'sha384',
    }
    await converge(x509_certificate, args, debian, shell)
    const { notBefore, notAfter, signatureAlgorithm } = read(path)
    assert.equal(
      [notBefore, notAfter].map(time => time.toISOString()),
      ['2020-01-01T00:00:00.000Z', '2040-12-31T23:59:59.000Z'],
    )
    assert.is(signatureAlgorithm, '1.2.840.10045.4.3.3')
    const other = { ...args, selfsigned_not_after: '20411231235959Z' }
    assert.equal(await lines(other), [])
    const timely = { ignore_timestamps: false }
    assert.equal(await lines({ ...args, ...timely }), [])
    assert.equal(await lines({ ...other, ...timely }), [`${path}: another end -> certificate`])
    const counted = { ...args, ...timely, selfsigned_not_after: '+1d' }
    assert.match((await lines(counted)).join(), /^refuse: a time that is counted from now/)
  })

  when(`${shell[0]}: what is wrong with one that is there is told`, async () => {
    assert.equal(await lines({ path: `${dir}/test-own.crt`, ...OWN }), [])
    assert.equal(await lines({ path: `${dir}/test-own.crt`, ...OWN, ...CA }), [
      `${dir}/test-own.crt: another issuer, another authorityKeyIdentifier -> certificate`,
    ])
    assert.match((await lines({ path: `${dir}/test-many.crt`, ...OWN })).join(), /another subject, another /)
    assert.equal(await lines({ path: `${dir}/test.csr`, ...OWN }), [`${dir}/test.csr: no certificate -> certificate`])
    assert.match((await lines({ path: `${dir}/test-own.crt`, ...OWN, force: true })).join(), /^act: /)
  })

  const refused: Record<string, [Args, RegExp]> = {
    'no provider': [{ provider: undefined }, /nobody is to sign/],
    'no request': [{ csr_path: `${dir}/none.csr` }, /there is no request/],
    'no key': [{ privatekey_path: undefined }, /there is no key to sign with/],
    'the key of somebody else': [{ privatekey_path: `${dir}/test-ca-key.pem` }, /is not the key of the request/],
    'a locked key': [{ privatekey_path: `${dir}/test-locked.pem` }, /is not the key of the request: /],
    'no authority': [{ ...CA, ownca_path: `${dir}/none.pem` }, /no certificate of the authority/],
  }
  for (const [title, [args, wanted]] of Object.entries(refused))
    when(`${shell[0]}: ${title}: refused`, async () =>
      assert.match((await lines({ path: join(dir, 'no.crt'), ...OWN, ...args })).join(), wanted),
    )

  when(`${shell[0]}: a key that is not the authority's signs nothing, and nothing is left`, async () => {
    const folder = mkdtempSync(join(dir, 'whole-'))
    const args = { path: join(folder, 'a.crt'), ...CA, ownca_privatekey_path: `${dir}/test-key.pem` }
    const plan = await planHere(x509_certificate, args, debian, shell)
    assert.throws(() => make(plan, shell), /CA certificate and CA private key do not match/)
    assert.equal(readdirSync(folder), [])
  })
}

test('what a certificate says is told, and what is none is refused', async () => {
  const [shell] = SHELLS
  if (!shell) throw new Error('no shell')
  const plan = await planHere(
    x509_certificate_info,
    { path: `${dir}/test-ca.pem`, valid_at: { now: '+0s', late: '21990101000000Z' } },
    debian,
    shell,
  )
  assert.is(plan.kind, 'ok')
  if (plan.kind !== 'ok') return
  assert.equal(
    plan.result['subject'],
    new Map([
      ['countryName', 'DE'],
      ['organizationName', 'Testers, Ltd'],
      ['commonName', 'Test CA'],
    ]),
  )
  assert.equal(
    plan.result['valid_at'],
    new Map([
      ['now', true],
      ['late', false],
    ]),
  )
  writeFileSync(join(dir, 'none'), 'nothing\n')
  assert.match(
    brief(await planHere(x509_certificate_info, { path: join(dir, 'none') }, debian, shell)).join(),
    /^refuse: /,
  )
})

const MOMENTS: Record<string, string | number> = {
  '+0s': 0,
  '+3650d': 315_360_000,
  '-1w2d3h4m5s': -788_645,
  '20300102030405Z': '20300102030405Z',
}
for (const [text, wanted] of Object.entries(MOMENTS)) test(`${text} is a moment`, () => assert.is(moment(text), wanted))

test.run()
