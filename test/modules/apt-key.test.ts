import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import aptKey from '../../src/modules/apt_key.ts'
import { fingerprintOf } from '../../src/modules/shared/openpgp.ts'
import { brief, converge, planHere, planWith } from '../support/converge.ts'
import { busybox, debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/apt_key')
const dir = mkdtempSync(join(tmpdir(), 'rp-gpg-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const gpg = (...words: string[]): Buffer =>
  execFileSync(
    'gpg',
    ['--homedir', dir, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...words],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )

const able = spawnSync('gpg', ['--version']).status === 0 && spawnSync('sh', ['-c', 'command -v apt-key']).status === 0
const keys: { plain: Buffer; armored: Buffer; print: string }[] = []
if (able)
  test.before(() => {
    for (const kind of ['rsa2048', 'ed25519']) {
      gpg('--quick-generate-key', `${kind} <${kind}@example.org>`, kind, 'sign', 'never')
      const [, print = ''] = /^fpr:+([0-9A-F]{40}):/m.exec(gpg('--with-colons', '--list-keys', kind).toString()) ?? []
      keys.push({ plain: gpg('--export', kind), armored: gpg('--armor', '--export', kind), print })
    }
    spawnSync('gpgconf', ['--homedir', dir, '--kill', 'gpg-agent'])
  })

if (!able) test.skip('real keys', 'gpg or apt-key is not here')
else {
  test('gpg and we tell the same fingerprint of a key, in armor or not', () => {
    for (const { plain, armored, print } of keys) {
      assert.is(fingerprintOf(plain), print)
      assert.is(fingerprintOf(armored), print)
    }
  }, 30_000)

  for (const shell of SHELLS.filter(([name]) => name !== 'busybox'))
    test(`${shell[0]}: keys come and go in a ring of their own`, async () => {
      const keyring = join(dir, `${shell[0]}.gpg`)
      const [rsa, ed] = keys
      if (!rsa || !ed) throw new Error('no keys')
      const data = rsa.armored.toString()
      assert.equal(await converge(aptKey, { data, keyring }, debian, shell), [
        `${rsa.print.slice(-16)}: absent -> trusted`,
      ])
      assert.equal(brief(await planHere(aptKey, { id: rsa.print.slice(-8), data, keyring }, debian, shell)), [])
      const file = join(dir, 'ed')
      writeFileSync(file, ed.plain)
      assert.equal(await converge(aptKey, { file, keyring }, debian, shell), [
        `${ed.print.slice(-16)}: absent -> trusted`,
      ])
      assert.equal(await converge(aptKey, { id: `0x${rsa.print}`, keyring, state: 'absent' }, debian, shell), [
        `${rsa.print}: trusted -> absent`,
      ])
      const again = async () => brief(await planHere(aptKey, { id: ed.print, keyring, data: 'x' }, debian, shell))
      assert.equal([await again(), await again()], [[], []])
      const plan = await planHere(aptKey, { id: ed.print.slice(-16).toLowerCase(), keyring, data: 'x' }, debian, shell)
      assert.equal(plan.kind === 'ok' && [plan.result['before'], plan.result['short_id']], [
        [ed.print.slice(-16)],
        ed.print.slice(-8),
      ])
    }, 60_000)
}

const SEEN = { keys: ['0123456789ABCDEF'], web: undefined, kept: undefined }
const CASES: Record<string, [wish: Record<string, unknown>, seen: Record<string, unknown>, wanted: RegExp]> = {
  'a key that is trusted': [{ id: '89abcdef' }, {}, /^$/],
  'a key that goes': [{ id: '0123456789abcdef', state: 'absent' }, {}, /trusted -> absent/],
  'a key of a server': [{ id: 'AAAAAAAA', keyserver: 'keys.example.org' }, {}, /AAAAAAAA: absent -> trusted/],
  'a server without an id': [{ keyserver: 'x', url: 'http://x' }, {}, /Missing key_id/],
  'nothing to add': [{ id: 'AAAAAAAA' }, {}, /no key to add/],
  'no key': [{ data: 'hello' }, {}, /no OpenPGP key/],
  'armor around nothing': [{ data: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n' }, {}, /no OpenPGP key/],
  'no file': [{ file: '/x' }, {}, /no file \/x/],
  'a host without apt-key': [{ id: 'AAAAAAAA', data: 'x' }, { keys: undefined }, /has no apt-key/],
}
for (const [title, [wish, seen, wanted]] of Object.entries(CASES))
  test(title, () => assert.match(brief(planWith(aptKey, wish, { ...SEEN, ...seen }, busybox)).join(), wanted))

for (const shell of SHELLS.filter(([name]) => name === 'busybox'))
  test('busybox: a host without apt-key is told so', async () =>
    assert.match(brief(await planHere(aptKey, { id: 'AAAAAAAA' }, busybox, shell)).join(), /box has no apt-key/))

test.run()
