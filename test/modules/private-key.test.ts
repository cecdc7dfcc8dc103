import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import openssl_privatekey from '../../src/modules/openssl_privatekey.ts'
import { brief, converge, make, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'
import { has } from '../transport/sshd.ts'

const test = suite('modules/private-key')
const dir = mkdtempSync(join(tmpdir(), 'regplay-key-'))
test.after(() => rmSync(dir, { recursive: true }))

const missing = has('openssl') ? null : 'openssl is not installed'
/** BusyBox's shell finds only its own tools here: no openssl. */
const [withTool, without] = [
  SHELLS.filter(([name]) => name !== 'busybox'),
  SHELLS.filter(([name]) => name === 'busybox'),
]
const lock = new Secret('it\'s $HOME\\ "x"', 'passphrase')

type Args = Record<string, unknown>
const KINDS: Record<string, [args: Args, first: string, node: string]> = {
  'RSA, in the old format': [{ size: 2048 }, '-----BEGIN RSA PRIVATE KEY-----', 'rsa'],
  'RSA in PKCS#8': [{ size: 2048, format: 'pkcs8' }, '-----BEGIN PRIVATE KEY-----', 'rsa'],
  'RSA under a passphrase': [{ size: 2048, passphrase: lock }, '-----BEGIN RSA PRIVATE KEY-----', 'rsa'],
  'a curve': [{ type: 'ECC', curve: 'secp256r1' }, '-----BEGIN EC PRIVATE KEY-----', 'ec'],
  'a curve in PKCS#8 under a passphrase': [
    { type: 'ECC', curve: 'secp384r1', format: 'pkcs8', passphrase: lock },
    '-----BEGIN ENCRYPTED PRIVATE KEY-----',
    'ec',
  ],
  DSA: [{ type: 'DSA', size: 1024 }, '-----BEGIN DSA PRIVATE KEY-----', 'dsa'],
  Ed25519: [{ type: 'Ed25519' }, '-----BEGIN PRIVATE KEY-----', 'ed25519'],
  'X448 under a passphrase': [{ type: 'X448', passphrase: lock }, '-----BEGIN ENCRYPTED PRIVATE KEY-----', 'x448'],
}

/** A key that a task meets: what it is, and what a task says of it. */
const MEETINGS: Record<string, [found: string[], args: Args, wanted: string | RegExp]> = {
  'one that will do': [['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], { size: 2048 }, ''],
  'one in another format, which is ignored': [
    ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
    { size: 2048, format: 'auto_ignore' },
    '',
  ],
  'one in another format': [
    ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
    { size: 2048, format: 'pkcs1' },
    'PRIVATE KEY -> RSA key',
  ],
  'one in another format, to be converted': [
    ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
    { size: 2048, format: 'pkcs1', format_mismatch: 'convert', regenerate: 'never' },
    'PRIVATE KEY -> RSA key',
  ],
  'a shorter one': [['RSA', '-pkeyopt', 'rsa_keygen_bits:1024'], { size: 2048 }, '1024 bits -> RSA key'],
  'a shorter one that stays': [['RSA', '-pkeyopt', 'rsa_keygen_bits:1024'], { size: 2048, regenerate: 'never' }, ''],
  'a shorter one that must not be': [
    ['RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
    { size: 2048, regenerate: 'fail' },
    /^refuse: Key has wrong type and\/or size: 1024 bits/,
  ],
  'another kind': [['ED25519'], { size: 2048 }, 'type Ed25519 -> RSA key'],
  'another curve': [
    ['EC', '-pkeyopt', 'ec_paramgen_curve:secp384r1'],
    { type: 'ECC', curve: 'secp256r1' },
    'secp384r1 -> ECC key',
  ],
  'one that has no passphrase': [
    ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
    { size: 2048, passphrase: lock },
    'a key that cannot be opened so -> RSA key',
  ],
  'one that has no passphrase, and may not be made anew': [
    ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
    { size: 2048, passphrase: lock, regenerate: 'partial_idempotence' },
    /^refuse: Unable to read the key/,
  ],
  'no key at all': [[], {}, 'a key that cannot be opened so -> RSA key'],
  'no key at all, and it may not be made anew': [[], { regenerate: 'never' }, /^refuse: Unable to read the key/],
  'one that is made anew every time': [['ED25519'], { regenerate: 'always' }, /^act: make /],
}

/** Without openssl there is nothing to test. */
const when = (name: string, body: () => unknown): void =>
  missing === null ? test(name, body, 60_000) : test.skip(name, missing)

for (const shell of withTool) {
  for (const [title, [args, first, kind]] of Object.entries(KINDS))
    when(`${shell[0]}: ${title} is made, private, and found again`, async () => {
      const path = join(dir, `${shell[0]} ${title} it's.pem`)
      const wanted = [`${path}: absent -> ${args['type'] ?? 'RSA'} key`]
      assert.equal(await converge(openssl_privatekey, { path, ...args }, debian, shell), wanted)
      const text = readFileSync(path, 'utf8')
      assert.is(text.split('\n')[0], first)
      assert.is(statSync(path).mode & 0o7777, 0o600)
      const passphrase = 'passphrase' in args ? lock.reveal() : undefined
      assert.is(createPrivateKey({ key: text, ...(passphrase ? { passphrase } : {}) }).asymmetricKeyType, kind)
    })

  for (const [title, [found, args, wanted]] of Object.entries(MEETINGS))
    when(`${shell[0]}: it meets ${title}`, async () => {
      const path = join(dir, `${shell[0]} ${title}.pem`)
      const key =
        found.length === 0
          ? 'no key\n'
          : execFileSync('openssl', ['genpkey', '-algorithm', ...found], { stdio: ['ignore', 'pipe', 'ignore'] })
      writeFileSync(path, key, { mode: 0o600 })
      const before = readFileSync(path, 'utf8')
      const lines = brief(await planHere(openssl_privatekey, { path, ...args }, debian, shell))
      if (wanted instanceof RegExp) assert.match(lines.join('\n'), wanted)
      else assert.equal(lines, wanted === '' ? [] : [`${path}: ${wanted}`])
      if (wanted instanceof RegExp || wanted === '') return
      await converge(openssl_privatekey, { path, ...args }, debian, shell)
      const same = args['format_mismatch'] === 'convert'
      assert.is(publicOf(readFileSync(path, 'utf8')) === publicOf(before), same)
    })

  when(`${shell[0]}: what cannot be made leaves the old file and no other`, async () => {
    const folder = mkdtempSync(join(dir, 'whole-'))
    const path = join(folder, 'key.pem')
    writeFileSync(path, 'old\n', { mode: 0o640 })
    const plan = await planHere(openssl_privatekey, { path, type: 'ECC', curve: 'nonsense' }, debian, shell)
    assert.throws(() => make(plan, shell), /invalid curve/)
    assert.is(readFileSync(path, 'utf8'), 'old\n')
    assert.equal(readdirSync(folder), ['key.pem'])
  })
}

for (const shell of without)
  test(`${shell[0]}: without openssl it says so`, async () => {
    const plan = await planHere(openssl_privatekey, { path: join(dir, 'none.pem') }, debian, shell)
    assert.match(brief(plan).join(), /^refuse: \S+ has no openssl$/)
  })

/** The public half of an unlocked key; nothing for what is no key. */
function publicOf(pem: string): string {
  try {
    return createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString()
  } catch {
    return ''
  }
}

test.run()
