import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import keypair from '../../src/modules/openssh_keypair.ts'
import { publicKey, publicLine } from '../../src/modules/shared/keypair.ts'
import { brief, converge, make, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { command, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/openssh_keypair')

const [dash] = SHELLS
if (dash === undefined) throw new Error('there is no shell')
type Shell = typeof dash

/** A directory for one test. */
async function within(body: (path: string) => unknown): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-key-'))
  try {
    await body(join(dir, 'id'))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const keygen = (...words: string[]): string => execFileSync('ssh-keygen', words, { encoding: 'utf8' })
const old = (path: string, ...words: string[]): string => keygen('-q', '-N', '', '-f', path, ...words)
const pub = (path: string): string => readFileSync(`${path}.pub`, 'utf8')
const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8)
const go = (path: string, wish: object, shell: Shell = dash): Promise<string[]> =>
  converge(keypair, { path, ...wish }, debian, shell)
const planned = async (path: string, wish: object): Promise<string[]> =>
  brief(await planHere(keypair, { path, ...wish }, debian, dash))

const KINDS: [wish: { type: string; size?: number }, size: number][] = [
  [{ type: 'ed25519' }, 256],
  [{ type: 'ed25519', size: 4096 }, 256],
  [{ type: 'ecdsa' }, 256],
  [{ type: 'ecdsa', size: 521 }, 521],
  [{ type: 'rsa', size: 2048 }, 2048],
]

for (const [wish, size] of KINDS)
  test(`made and read: ${JSON.stringify(wish)}`, () =>
    within(async path => {
      await go(path, { ...wish, comment: "it's me" })
      const key = publicKey(pub(path))
      assert.is(publicLine(key as NonNullable<typeof key>), pub(path).trim())
      const said = keygen('-l', '-f', path).trim()
      assert.is(said, `${key?.size} ${key?.fingerprint} it's me (${key?.type.toUpperCase()})`)
      assert.equal([key?.type, key?.size], [wish.type, size])
      assert.is(keygen('-y', '-P', '', '-f', path).trim(), pub(path).trim())
      assert.equal([modeOf(path), modeOf(`${path}.pub`)], ['600', '644'])
      assert.equal(readdirSync(join(path, '..')).sort(), ['id', 'id.pub'])
      const plan = await planHere(keypair, { path, ...wish }, debian, dash)
      const { result } = plan as { result: Record<string, unknown> }
      const line = pub(path).trim().split(' ').slice(0, 2).join(' ')
      assert.equal([result['fingerprint'], result['public_key']], [key?.fingerprint, line])
      assert.is(result['size'], size)
    }))

for (const shell of SHELLS.filter(([name]) => name !== 'busybox'))
  test(`${shell[0]}: made, kept, replaced, removed`, () =>
    within(async path => {
      assert.equal(await go(path, { type: 'ecdsa' }, shell), [`${path}: absent -> ecdsa key of 256 bits`])
      const first = pub(path)
      assert.equal(await go(path, { type: 'ecdsa' }, shell), [])
      chmodSync(path, 0o640)
      const lines = await go(path, { type: 'ecdsa', size: 384 }, shell)
      assert.equal(lines, [`${path}: ecdsa key of 256 bits -> ecdsa key of 384 bits`])
      assert.is.not(pub(path), first)
      assert.is(modeOf(path), '640')
      assert.equal(await go(path, { state: 'absent' }, shell), [`${path}: key pair -> absent`])
      assert.not(existsSync(path) || existsSync(`${path}.pub`))
    }))

for (const shell of SHELLS.filter(([name]) => name === 'busybox'))
  test('a host that has BusyBox alone makes no keys', () =>
    within(async path => {
      const plan = await planHere(keypair, { path }, debian, shell)
      assert.equal(brief(plan), [`refuse: ${debian.name} has no ssh-keygen`])
    }))

/** Makes a private key, and then everybody of its group is hung up. */
const HUNG_UP = `#!/bin/sh
while [ "$1" != -f ]; do shift; done
echo private >"$2"; touch "$(dirname "$0")/called"
kill -HUP 0`

for (const shell of SHELLS)
  test(`${shell[0]}: nothing of a private key is left where the host hangs up`, () =>
    within(async path => {
      const plan = await planHere(keypair, { path, type: 'ed25519' }, debian, dash)
      const by = plan.kind === 'change' ? plan.edits[0]?.by : undefined
      if (by?.kind !== 'run') throw new Error('nothing is run')
      const tools = mkdtempSync(join(tmpdir(), 'regplay-hung-up-'))
      try {
        writeFileSync(join(tools, 'ssh-keygen'), HUNG_UP, { mode: 0o755 })
        const { file, args, path: own } = command(shell)
        const env = { PATH: `${tools}:${own}` }
        const host = spawn(file, [...args, '-c', `( ${by.script.wire} )`], { detached: true, stdio: 'ignore', env })
        await once(host, 'close')
        // A shell that is hung up is not waited for by those that are hung up with it.
        for (let i = 0; i < 40 && readdirSync(dirname(path)).length > 0; i++) await sleep(50)
        assert.ok(existsSync(join(tools, 'called')))
        assert.equal(readdirSync(dirname(path)), [])
      } finally {
        rmSync(tools, { recursive: true })
      }
    }))

test('permissions are those of both files', () =>
  within(async path => {
    await go(path, { type: 'ed25519', mode: '0640' })
    assert.equal([modeOf(path), modeOf(`${path}.pub`)], ['640', '640'])
    assert.equal(await go(path, { type: 'ed25519', mode: '0600' }), ['mode: 0640 -> 0600', 'mode: 0640 -> 0600'])
  }))

test('a public key that is lost or another one is made from the private one', () =>
  within(async path => {
    old(path, '-t', 'ed25519', '-C', 'here')
    const was = pub(path)
    rmSync(`${path}.pub`)
    await go(path, { type: 'ed25519' })
    assert.is(pub(path), was)
    old(`${path}2`, '-t', 'ed25519')
    writeFileSync(`${path}.pub`, pub(`${path}2`))
    await go(path, { type: 'ed25519' })
    assert.is(pub(path), was)
  }))

test('a public key that is lost comes back with the comment that the private one has already', () =>
  within(async path => {
    old(path, '-t', 'ed25519', '-C', 'here')
    const was = pub(path)
    rmSync(`${path}.pub`)
    assert.equal(await go(path, { type: 'ed25519', comment: 'here' }), [`${path}.pub: absent -> here`])
    assert.is(pub(path), was)
  }))

test('a comment changes in both files, and the key stays', () =>
  within(async path => {
    old(path, '-t', 'ed25519', '-C', 'here')
    const before = publicKey(pub(path))
    assert.equal(await go(path, { type: 'ed25519', comment: 'over there' }), [
      `${path}: comment: here -> over there`,
      `${path}.pub: here -> over there`,
    ])
    const after = publicKey(keygen('-y', '-P', '', '-f', path))
    assert.equal([after?.data, after?.comment], [before?.data, 'over there'])
  }))

const SPOILT: Record<string, (path: string) => unknown> = {
  'a broken key': path => writeFileSync(path, 'no key\n', { mode: 0o600 }),
  'a key with a passphrase': path => keygen('-q', '-N', 'secret', '-f', path, '-t', 'ed25519'),
}

for (const [title, spoil] of Object.entries(SPOILT))
  test(`${title} stays, unless it may go`, () =>
    within(async path => {
      spoil(path)
      for (const regenerate of ['never', 'fail', 'partial_idempotence'])
        assert.match((await planned(path, { type: 'ed25519', regenerate })).join(), /^refuse: Unable to read the key/)
      const lines = await go(path, { type: 'ed25519', regenerate: 'full_idempotence' })
      assert.equal(lines, [`${path}: a key that cannot be read -> ed25519 key of 256 bits`])
    }))

test('another type or size is refused, kept or replaced', () =>
  within(async path => {
    old(path, '-t', 'ecdsa')
    const wish = { type: 'ed25519' }
    assert.match(
      (await planned(path, { ...wish, regenerate: 'fail' })).join(),
      /^refuse: Key has wrong type and\/or size/,
    )
    assert.equal(await planned(path, { ...wish, regenerate: 'never' }), [])
    assert.equal(await planned(path, wish), [`${path}: ecdsa key of 256 bits -> ed25519 key of 256 bits`])
  }))

test('always means every time, and the new key is told', () =>
  within(async path => {
    for (const wish of [{ regenerate: 'always' }, { force: true }]) {
      old(path, '-t', 'ed25519')
      const first = pub(path)
      const plan = await planHere(keypair, { path, type: 'ed25519', ...wish }, debian, dash)
      assert.equal(brief(plan), [`act: make ${path} anew`])
      const [outcome] = make(plan, dash)
      if (plan.kind !== 'act' || outcome === undefined) throw new Error('nothing was made')
      const { changed, result } = plan.report(outcome)
      assert.ok(changed)
      assert.is.not(pub(path), first)
      assert.is(result['public_key'], pub(path).trim())
      assert.is(result['fingerprint'], publicKey(pub(path))?.fingerprint)
      rmSync(path)
    }
  }))

const PASSPHRASE = new Secret("it's $a `b` \\n", 'passphrase')
const OTHER = new Secret('another one', 'passphrase')

for (const shell of SHELLS.filter(([name]) => name !== 'busybox'))
  test(`${shell[0]}: a key is locked, and read by its passphrase alone`, () =>
    within(async path => {
      const wish = { type: 'ed25519', passphrase: PASSPHRASE, comment: 'one' }
      assert.equal(await go(path, wish, shell), [`${path}: absent -> ed25519 key of 256 bits`])
      assert.throws(() => keygen('-y', '-P', '', '-f', path), /incorrect passphrase/)
      assert.is(keygen('-y', '-P', PASSPHRASE.reveal(), '-f', path).trim(), pub(path).trim())
      assert.equal(await go(path, wish, shell), [])
      assert.equal(await go(path, { ...wish, comment: 'two' }, shell), [
        `${path}: comment: one -> two`,
        `${path}.pub: one -> two`,
      ])
      assert.match(keygen('-y', '-P', PASSPHRASE.reveal(), '-f', path), / two$/m)
      for (const passphrase of [OTHER, undefined, new Secret('', '')])
        assert.match((await planned(path, { ...wish, passphrase })).join(), /^refuse: Unable to read the key/)
    }))

test('a key without a lock is not the one that is wanted with a passphrase', () =>
  within(async path => {
    old(path, '-t', 'ed25519')
    const wish = { type: 'ed25519', passphrase: PASSPHRASE }
    assert.match((await planned(path, wish)).join(), /^refuse: Unable to read the key/)
    await go(path, { ...wish, regenerate: 'full_idempotence' })
    assert.is(keygen('-y', '-P', PASSPHRASE.reveal(), '-f', path).trim(), pub(path).trim())
  }))

test('a passphrase stands in no command line and in no text that is shown', () =>
  within(async path => {
    const plan = await planHere(keypair, { path, type: 'ed25519', passphrase: PASSPHRASE }, debian, dash)
    const by = plan.kind === 'change' ? plan.edits[0]?.by : undefined
    if (by?.kind !== 'run') throw new Error('nothing is run')
    assert.not(`${by.script.shown}${JSON.stringify(plan)}`.includes("it's"))
    // printf is the shell's own, and what it prints goes to standard input.
    const words = by.script.wire.split(PASSPHRASE.reveal().replaceAll("'", `'\\''`))
    assert.equal(
      words.slice(0, -1).map(text => /printf '%s\\n' '$|' '$/.test(text)),
      [true, true],
    )
  }))

const FORMS: [wish: { type: string; private_key_format: string; passphrase?: Secret }, begins: string][] = [
  [{ type: 'rsa', private_key_format: 'pkcs1' }, 'RSA PRIVATE KEY'],
  [{ type: 'ecdsa', private_key_format: 'pkcs1' }, 'EC PRIVATE KEY'],
  [{ type: 'ecdsa', private_key_format: 'pkcs8' }, 'PRIVATE KEY'],
  [{ type: 'ecdsa', private_key_format: 'pkcs8', passphrase: OTHER }, 'ENCRYPTED PRIVATE KEY'],
  [{ type: 'ecdsa', private_key_format: 'ssh' }, 'OPENSSH PRIVATE KEY'],
]
for (const [wish, begins] of FORMS)
  test(`written as ${wish.private_key_format}: ${begins}`, () =>
    within(async path => {
      const size = wish.type === 'rsa' ? { size: 2048 } : {}
      await go(path, { ...wish, ...size })
      assert.is(readFileSync(path, 'utf8').split('\n')[0], `-----BEGIN ${begins}-----`)
      assert.equal(await go(path, { ...wish, ...size }), [])
      assert.equal(await planned(path, { ...wish, ...size, private_key_format: 'auto' }), [])
      const other = wish.private_key_format === 'pkcs8' ? 'ssh' : 'pkcs8'
      assert.is((await planned(path, { ...wish, ...size, private_key_format: other })).length, 1)
    }))

const REFUSED: Record<string, [wish: Record<string, unknown>, why: RegExp]> = {
  'rsa of few bits': [{ size: 512 }, /^refuse: For RSA keys, the minimum size is 1024/],
  'a curve that is none': [{ type: 'ecdsa', size: 500 }, /^refuse: ECDSA keys have 256, 384 or 521/],
  'dsa of other bits': [{ type: 'dsa', size: 2048 }, /^refuse: DSA keys must be exactly 1024/],
  'a key of ed25519 in a format of others': [
    { type: 'ed25519', private_key_format: 'pkcs8' },
    /^refuse: Keys of ed25519/,
  ],
  'a directory in its place': [{ path: '/etc' }, /^refuse: \/etc is a directory/],
  'no directory to be in': [{ path: '/nowhere/id' }, /^refuse: The directory \/nowhere does not exist/],
}

for (const [title, [wish, why]] of Object.entries(REFUSED))
  test(`refused: ${title}`, () => within(async path => assert.match((await planned(path, wish)).join(), why)))

test.run()
