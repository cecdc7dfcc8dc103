import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import openssl_csr from '../../src/modules/openssl_csr.ts'
import { readName } from '../../src/pki/distinguished-name.ts'
import { generalNames, readConstraints, readOids, readUsage } from '../../src/pki/extensions.ts'
import { readRequest } from '../../src/pki/request.ts'
import { brief, converge, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'
import { has } from '../transport/sshd.ts'

const test = suite('modules/request')
const dir = mkdtempSync(join(tmpdir(), 'regplay-csr-'))
test.after(() => rmSync(dir, { recursive: true }))
const missing = has('openssl') ? null : 'openssl is not installed'

/** A key in a file whose name a shell could stumble over. */
const KEY = join(dir, "it's $(a) key.pem")
const LOCKED = join(dir, 'locked.pem')
const LOCK = `it's "$HOME" \\`
const OLD = join(dir, 'old.pem')
if (missing === null) {
  const openssl = (...words: string[]) =>
    execFileSync('openssl', words, { input: `${LOCK}\n`, stdio: ['pipe', 'ignore', 'ignore'] })
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-out', KEY)
  openssl('genpkey', '-algorithm', 'ED25519', '-out', OLD)
  openssl('pkey', '-in', OLD, '-aes256', '-passout', 'stdin', '-out', LOCKED)
}

type Args = Record<string, unknown>
const CASES: Record<string, [args: Args, seen: Record<string, unknown>]> = {
  'a name alone, which is an alternative one too': [
    { common_name: 'www.example.org' },
    { name: [['commonName', 'www.example.org']], names: ['DNS:www.example.org'] },
  ],
  'a name that is no alternative one': [
    { common_name: 'www.example.org', use_common_name_for_san: false },
    { name: [['commonName', 'www.example.org']], names: undefined },
  ],
  'every part of a name, with all that a configuration could misread': [
    {
      country_name: 'DE',
      state_or_province_name: '  two  spaces ',
      locality_name: '"quoted" \\ # ; = $HOME $x `id`',
      organization_name: 'Grün, Weiß & Söhne',
      organizational_unit_name: '日本',
      common_name: "it's",
      email_address: 'a@example.org',
      use_common_name_for_san: false,
    },
    {
      name: [
        ['countryName', 'DE'],
        ['stateOrProvinceName', '  two  spaces '],
        ['localityName', '"quoted" \\ # ; = $HOME $x `id`'],
        ['organizationName', 'Grün, Weiß & Söhne'],
        ['organizationalUnitName', '日本'],
        ['commonName', "it's"],
        ['emailAddress', 'a@example.org'],
      ],
    },
  ],
  'an ordered name': [
    { subject_ordered: [{ CN: 'b' }, { OU: ['two', 'one'] }, { '2.5.4.5': '7' }] },
    {
      name: [
        ['commonName', 'b'],
        ['organizationalUnitName', 'two'],
        ['organizationalUnitName', 'one'],
        ['serialNumber', '7'],
      ],
    },
  ],
  'alternative names of every kind': [
    {
      common_name: 'a',
      subject_alt_name: [
        'DNS:a.example',
        'ip:10.0.0.1',
        'IP:fd00::1',
        'email:a@b.c',
        'URI:http://a/b?c=d,e',
        'RID:1.2.3',
      ],
    },
    { names: ['DNS:a.example', 'IP:10.0.0.1', 'IP:fd00::1', 'email:a@b.c', 'URI:http://a/b?c=d,e', 'RID:1.2.3'] },
  ],
  'what the key may be used for': [
    {
      common_name: 'a',
      key_usage: ['digitalSignature', 'Key Encipherment'],
      key_usage_critical: true,
      extended_key_usage: ['serverAuth', '1.2.3.4'],
      basic_constraints: ['CA:TRUE', 'pathlen:0'],
      basic_constraints_critical: true,
      ocsp_must_staple: true,
      create_subject_key_identifier: true,
    },
    {
      usage: ['digitalSignature', 'keyEncipherment'],
      extended: ['1.3.6.1.5.5.7.3.1', '1.2.3.4'],
      constraints: { ca: true, pathLength: 0 },
      critical: ['2.5.29.15', '2.5.29.19'],
    },
  ],
  'names that an authority may certify, and may not': [
    {
      common_name: 'a',
      name_constraints_permitted: ['DNS:.a.example', 'IP:10.1.0.0/16', 'IP:fd00::/7', 'email:@b.c', 'IP:192.0.2.1'],
      name_constraints_excluded: ['DNS:no.a.example', 'URI:.x,y'],
      name_constraints_critical: true,
    },
    {
      critical: ['2.5.29.30'],
      text: /Permitted:\n\s*DNS:\.a\.example\n\s*IP:10\.1\.0\.0\/255\.255\.0\.0\n\s*IP:FD00:.*\/FE00:0:0:0:0:0:0:0\n\s*email:@b\.c\n\s*IP:192\.0\.2\.1\/255\.255\.255\.255\n\s*Excluded:\n\s*DNS:no\.a\.example\n\s*URI:\.x,y/,
    },
  ],
  'where revocations are published, and whose key it is': [
    {
      common_name: 'a',
      crl_distribution_points: [
        { full_name: ['URI:http://a/b,c?d', 'URI:ldap://e'], reasons: ['key_compromise', 'aa_compromise'] },
        { full_name: ['URI:http://f'], crl_issuer: ['DNS:g'] },
      ],
      authority_key_identifier: '00:a1:FF',
    },
    {
      text: /Full Name:\n\s*URI:http:\/\/a\/b,c\?d\n\s*URI:ldap:\/\/e\s*Reasons:\s*Key Compromise, AA Compromise\s*Full Name:\n\s*URI:http:\/\/f\s*CRL Issuer:\n\s*DNS:g[\s\S]*Authority Key Identifier:[\s\S]*00:A1:FF/,
    },
  ],
  'a key under a passphrase': [
    { common_name: 'a', privatekey_path: LOCKED, privatekey_passphrase: new Secret(LOCK, 'passphrase') },
    { name: [['commonName', 'a']] },
  ],
  'another digest': [{ common_name: 'a', digest: 'sha512' }, { digest: 'ecdsa-with-SHA512' }],
}

/** What stands in a request, by the words of the table. */
function told(pem: string): Record<string, unknown> {
  const { subjectDer, extensions } = readRequest(pem)
  const of = (arc: number) => extensions.get(`2.5.29.${arc}`)
  const text = execFileSync('openssl', ['req', '-noout', '-text'], { input: pem }).toString()
  return {
    text,
    name: readName(subjectDer),
    names: generalNames(of(17)),
    usage: readUsage(of(15)),
    extended: readOids(of(37)),
    constraints: readConstraints(of(19)),
    critical: [...extensions].filter(([, { critical }]) => critical).map(([oid]) => oid),
    digest: /Signature Algorithm: (.*)/.exec(text)?.[1],
  }
}

const when = (name: string, body: () => unknown): void =>
  missing === null ? test(name, body, 30_000) : test.skip(name, missing)

for (const shell of SHELLS) {
  if (shell[0] === 'busybox') {
    test('busybox: without openssl it says so', async () => {
      const plan = await planHere(
        openssl_csr,
        { path: join(dir, 'none.csr'), privatekey_path: KEY, common_name: 'a' },
        debian,
        shell,
      )
      assert.match(brief(plan).join(), /^refuse: the request cannot be made: the host has no openssl/)
    })
    continue
  }
  for (const [title, [args, seen]] of Object.entries(CASES))
    when(`${shell[0]}: ${title}`, async () => {
      const path = join(dir, `${shell[0]} ${title}.csr`.replaceAll('/', ''))
      const given = { path, privatekey_path: KEY, ...args }
      assert.equal(await converge(openssl_csr, given, debian, shell), [`${path}: absent -> request`])
      const found = told(readFileSync(path, 'utf8'))
      for (const [name, value] of Object.entries(seen))
        if (value instanceof RegExp) assert.match(String(found[name]), value)
        else assert.equal(found[name], value, name)
      assert.equal(await converge(openssl_csr, given, debian, shell), [])
    })

  when(`${shell[0]}: a request of another key, with other names, or that is none, is made anew`, async () => {
    const path = join(dir, `${shell[0]} changing.csr`)
    const given = { path, privatekey_path: KEY, common_name: 'a', subject_alt_name: ['DNS:a', 'DNS:b'] }
    const lines = async (args: Args) => brief(await planHere(openssl_csr, { ...given, ...args }, debian, shell))
    await converge(openssl_csr, given, debian, shell)
    assert.equal(await lines({ subject_alt_name: ['DNS:b', 'DNS:a'] }), [])
    assert.equal(await lines({ privatekey_path: OLD }), [`${path}: another key -> request`])
    assert.equal(await lines({ common_name: 'b' }), [`${path}: another subject -> request`])
    assert.equal(await lines({ subject_alt_name: ['DNS:a'] }), [`${path}: another subjectAltName -> request`])
    assert.equal(await lines({ key_usage: ['keyAgreement'] }), [`${path}: another keyUsage -> request`])
    assert.match((await lines({ force: true })).join(), /^act: /)
    writeFileSync(path, 'none\n')
    assert.equal(await converge(openssl_csr, given, debian, shell), [`${path}: no request -> request`])
  })

  when(`${shell[0]}: the text of a key will do, and reaches no argument and no file`, async () => {
    const path = join(dir, `${shell[0]} content.csr`)
    const given = { path, privatekey_content: new Secret(readFileSync(KEY, 'utf8'), 'key'), common_name: 'a' }
    assert.equal(await converge(openssl_csr, given, debian, shell), [`${path}: absent -> request`])
    const wrong = { ...given, privatekey_content: new Secret('no key', 'key') }
    assert.match(
      brief(await planHere(openssl_csr, wrong, debian, shell)).join(),
      /^refuse: the request cannot be made: .*(?:key|EVP)/s,
    )
  })

  when(`${shell[0]}: what cannot be is refused`, async () => {
    const given = { path: join(dir, 'never.csr'), privatekey_path: KEY, common_name: 'a' }
    const lines = async (args: Args) => brief(await planHere(openssl_csr, { ...given, ...args }, debian, shell)).join()
    assert.match(
      await lines({ privatekey_path: join(dir, 'gone.pem') }),
      /^refuse: the request cannot be made: .*gone\.pem/s,
    )
    assert.match(await lines({ privatekey_path: undefined }), /^refuse: a request needs a key/)
    assert.match(await lines({ common_name: 'a\nb' }), /^refuse: the CN of the subject .* more than one line/)
    assert.match(await lines({ common_name: undefined }), /^refuse: the request would have no subject/)
    assert.match(await lines({ subject_alt_name: ['a.example'] }), /^refuse: the alternative name a\.example/)
    assert.match(await lines({ name_constraints_permitted: ['IP:10.0.0.0/33'] }), /^refuse: the constraint IP:10/)
    assert.match(await lines({ name_constraints_excluded: ['a.example'] }), /^refuse: the constraint a\.example/)
    assert.match(await lines({ crl_distribution_points: [{ full_name: [] }] }), /^refuse: a distribution point needs/)
    assert.match(
      await lines({ crl_distribution_points: [{ crl_issuer: ['dirName:CN=a'] }] }),
      /^refuse: the name dirName/,
    )
    assert.match(await lines({ subject: { nonsense: 'x' } }), /^refuse: the request cannot be made: .*nonsense/s)
    assert.match(await lines({ privatekey_path: LOCKED }), /^refuse: the request cannot be made/)
  })
}

test.run()
