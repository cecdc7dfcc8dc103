import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { InputError } from '../../src/base/diagnostic.ts'
import { ensureAuthority, readAuthority } from '../../src/pki/ca-store.ts'
import { makeCa, makeLeaf } from '../../src/pki/issue.ts'
import { placeNew } from '../../src/pki/new-file.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { onSmallDisk } from '../support/small-disk.ts'
import { suite } from '../support/suite.ts'

const test = suite('pki/ca-store')
const base = mkdtempSync(join(tmpdir(), 'regplay-ca-'))
test.after(() => rmSync(base, { recursive: true, force: true }))
const now = new Date()
const request = { name: 'Site CA', days: 3650, bits: 2048, now }
const NO_KEY = '-----BEGIN PRIVATE KEY-----\nbm8ga2V5\n-----END PRIVATE KEY-----\n'
let count = 0
const fresh = (): string => join(base, `ca${++count}`)
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

test('makes a CA once, in a private directory; the second look changes nothing', async () => {
  const dir = join(fresh(), 'deep', 'er')
  assert.deepEqual(await readAuthority(dir, { now }), { state: 'absent' })
  const first = await ensureAuthority(dir, request)
  assert.equal(first.made, true)
  assert.deepEqual([mode(dir), mode(join(dir, 'ca-key.pem')), mode(join(dir, 'ca.pem'))], ['700', '600', '644'])
  assert.deepEqual(readdirSync(dir).sort(), ['ca-key.pem', 'ca.pem'])
  const times = ['ca.pem', 'ca-key.pem'].map(name => statSync(join(dir, name)).ctimeMs)
  const second = await ensureAuthority(dir, request)
  assert.equal(second.made, false)
  assert.equal(second.authority.certificatePem, first.authority.certificatePem)
  assert.deepEqual(
    ['ca.pem', 'ca-key.pem'].map(name => statSync(join(dir, name)).ctimeMs),
    times,
  )
})

test('a run that died after the key is completed by the next, with the same key', async () => {
  const dir = fresh()
  const { authority } = await ensureAuthority(dir, request)
  const key = readFileSync(join(dir, 'ca-key.pem'), 'utf8')
  unlinkSync(join(dir, 'ca.pem'))
  assert.equal((await readAuthority(dir, { now })).state, 'key-only')
  const next = await ensureAuthority(dir, request)
  assert.equal(readFileSync(join(dir, 'ca-key.pem'), 'utf8'), key)
  assert.equal(next.authority.certificate.subjectKeyId, authority.certificate.subjectKeyId)
})

test('a run that died while it wrote the key leaves nothing that counts', async () => {
  const dir = fresh()
  mkdirSync(dir, { mode: 0o700 })
  const child = execa('true')
  await child
  writeFileSync(join(dir, `ca-key.pem.${child.pid}.00112233.part`), '-----BEGIN PRIV', { mode: 0o600 })
  await ensureAuthority(dir, request)
  assert.deepEqual(readdirSync(dir).sort(), ['ca-key.pem', 'ca.pem'])
})

onSmallDisk(test, 'a full disk leaves nothing of a key behind', '4k', async disk => {
  await assert.rejects(placeNew(join(disk, 'ca-key.pem'), Buffer.alloc(100_000), 0o600), { code: 'ENOSPC' })
  assert.deepEqual(readdirSync(disk), [])
})

test('two runs at once end with one CA', async () => {
  const dir = fresh()
  const made = await Promise.all([
    ensureAuthority(dir, request),
    ensureAuthority(dir, request),
    ensureAuthority(dir, request),
  ])
  const prints = new Set(made.map(({ authority }) => authority.certificate.fingerprint))
  assert.equal(prints.size, 1)
  assert.deepEqual(readdirSync(dir).sort(), ['ca-key.pem', 'ca.pem'])
}, 20_000)

const pair = await makeCa(request)
const other = await makeCa({ ...request, name: 'Other' })
const key = keyFileBytes(pair.key).toString()
type Files = Readonly<Record<string, { text: string; mode?: number }>>
const good: Files = { 'ca.pem': { text: pair.certificatePem }, 'ca-key.pem': { text: key, mode: 0o600 } }
const lay = (files: Files): string => {
  const dir = fresh()
  mkdirSync(dir, { mode: 0o700 })
  for (const [name, { text, mode = 0o644 }] of Object.entries(files)) {
    writeFileSync(join(dir, name), text)
    chmodSync(join(dir, name), mode)
  }
  return dir
}
const leaf = await makeLeaf({ ca: pair, name: 'x', hosts: ['x.test'], days: 9, bits: 2048, now })
const expired = await makeCa({ ...request, now: new Date(now.getTime() - 900 * 86_400_000), days: 800, key: pair.key })

for (const [name, files, spoil, codes] of [
  ['key readable by others', { ...good, 'ca-key.pem': { text: key, mode: 0o644 } }, undefined, ['ca-key-readable']],
  ['key readable by the group', { ...good, 'ca-key.pem': { text: key, mode: 0o640 } }, undefined, ['ca-key-readable']],
  [
    'key of another CA',
    { ...good, 'ca-key.pem': { text: keyFileBytes(other.key).toString(), mode: 0o600 } },
    undefined,
    ['key-mismatch'],
  ],
  [
    'ca.pem with the key in it',
    { ...good, 'ca.pem': { text: pair.certificatePem + key } },
    undefined,
    ['ca-file-holds-key'],
  ],
  ['certificate without key', { 'ca.pem': good['ca.pem'] ?? { text: '' } }, undefined, ['ca-key-missing']],
  [
    'swapped',
    { 'ca.pem': { text: key }, 'ca-key.pem': { text: pair.certificatePem, mode: 0o600 } },
    undefined,
    ['key-missing', 'ca-file-holds-key', 'no-certificate'],
  ],
  [
    'a leaf as CA',
    {
      ...good,
      'ca.pem': { text: leaf.certificatePem },
      'ca-key.pem': { text: keyFileBytes(leaf.key).toString(), mode: 0o600 },
    },
    undefined,
    ['certificate-expires-soon', 'not-a-ca'],
  ],
  ['expired', { ...good, 'ca.pem': { text: expired.certificatePem } }, undefined, ['certificate-expired']],
  ['empty key', { ...good, 'ca-key.pem': { text: '', mode: 0o600 } }, undefined, ['pem-empty']],
  ['half a key', { ...good, 'ca-key.pem': { text: key.slice(0, 500), mode: 0o600 } }, undefined, ['pem-truncated']],
  ['a key that is none', { ...good, 'ca-key.pem': { text: NO_KEY, mode: 0o600 } }, undefined, ['key-unreadable']],
  ['only a key, and that is none', { 'ca-key.pem': { text: NO_KEY, mode: 0o600 } }, undefined, ['key-unreadable']],
  [
    'key as a link',
    good,
    (dir: string) => {
      renameSync(join(dir, 'ca-key.pem'), join(dir, 'k'))
      symlinkSync('k', join(dir, 'ca-key.pem'))
    },
    ['ca-key-odd'],
  ],
  [
    'key as a directory',
    { 'ca.pem': good['ca.pem'] ?? { text: '' } },
    (dir: string) => mkdirSync(join(dir, 'ca-key.pem')),
    ['ca-key-odd'],
  ],
  ['a directory that others may write', good, (dir: string) => chmodSync(dir, 0o777), ['ca-dir-writable']],
] as const)
  test(`refused, and nothing is touched: ${name}`, async () => {
    const dir = lay(files)
    spoil?.(dir)
    const before = readdirSync(dir).map(file => [file, statSync(join(dir, file)).ctimeMs])
    const state = await readAuthority(dir, { now })
    assert.equal(state.state, 'unusable')
    assert.deepEqual(state.state === 'unusable' && state.faults.map(({ code }) => code), codes)
    await assert.rejects(ensureAuthority(dir, request), InputError)
    assert.deepEqual(
      readdirSync(dir).map(file => [file, statSync(join(dir, file)).ctimeMs]),
      before,
    )
  })

if (process.getuid?.() === 0)
  test('a key of another user is refused', async () => {
    const dir = lay(good)
    await execa('chown', ['12345', join(dir, 'ca-key.pem')])
    const state = await readAuthority(dir, { now })
    assert.deepEqual(state.state === 'unusable' && state.faults.map(({ code }) => code), ['ca-key-owner'])
  })
else test.skip('a key of another user is refused', 'needs root')

test('a CA of someone else: ca.pem alone is right when that was said', async () => {
  const state = await readAuthority(
    lay({ 'ca.pem': { text: `some text\r\n${pair.certificatePem.replaceAll('\n', '\r\n')}` } }),
    { now, external: true },
  )
  assert.equal(state.state, 'ready')
  assert.equal(state.state === 'ready' && state.authority.certificatePem, pair.certificatePem)
  assert.equal(state.state === 'ready' && state.authority.key, undefined)
})

test('a key that git would take is a warning, until it is ignored', async () => {
  const dir = lay(good)
  await execa('git', ['init', '-q', dir])
  const warnings = async () => {
    const state = await readAuthority(dir, { now })
    return state.state === 'ready' ? state.authority.warnings.map(({ message }) => message) : [state.state]
  }
  assert.match((await warnings()).join(), /does not ignore/)
  writeFileSync(join(dir, '.gitignore'), 'ca-key.pem\n')
  assert.deepEqual(await warnings(), [])
  await execa('git', ['-C', dir, 'add', '-f', 'ca-key.pem'])
  assert.match((await warnings()).join(), /is tracked/)
  assert.ok(existsSync(join(dir, 'ca-key.pem')))
})

test('no message shows a key', async () => {
  const state = await readAuthority(lay({ ...good, 'ca.pem': { text: pair.certificatePem + key } }), { now })
  assert.ok(!JSON.stringify(state).includes(key.slice(60, 100)))
})

test.run()
