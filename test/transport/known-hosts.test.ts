import { spawnSync } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { appendKnownHost } from '../../src/transport/host-keys.ts'
import { fingerprint, knownTypes, verdict, wildcard } from '../../src/transport/known-hosts.ts'
import { suite } from '../support/suite.ts'
import { has } from './sshd.ts'

const test = suite('known-hosts')

/** A public key blob of a type, different for each seed. */
const blob = (type: string, seed: number): Buffer => {
  const name = Buffer.from(type)
  const head = Buffer.alloc(4)
  head.writeUInt32BE(name.length)
  const body = Buffer.alloc(32, seed)
  const size = Buffer.alloc(4)
  size.writeUInt32BE(32)
  return Buffer.concat([head, name, size, body])
}

const ED = 'ssh-ed25519'
const A = blob(ED, 1)
const B = blob(ED, 2)
const RSA = blob('ssh-rsa', 3)

const line = (names: string, key: Buffer, marker = ''): string =>
  `${marker === '' ? '' : `${marker} `}${names} ${key.toString('latin1', 4, 4 + key.readUInt32BE(0))} ${key.toString('base64')}`

const hashed = (name: string): string => {
  const salt = randomBytes(20)
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

const ROWS: readonly (readonly [string, string, string, Buffer, string])[] = [
  ['a plain name', line('web', A), 'web', A, 'trusted'],
  ['another name', line('web', A), 'db', A, 'unknown'],
  ['an empty file', '', 'web', A, 'unknown'],
  ['another key', line('web', A), 'web', B, 'changed'],
  ['a key of another type', line('web', A), 'web', RSA, 'changed'],
  ['one of two keys', `${line('web', A)}\n${line('web', RSA)}`, 'web', RSA, 'trusted'],
  ['a list of names', line('a,web,10.0.0.1', A), '10.0.0.1', A, 'trusted'],
  ['a port', line('[web]:2222', A), '[web]:2222', A, 'trusted'],
  ['the bare name does not cover a port', line('web', A), '[web]:2222', A, 'unknown'],
  ['a wildcard', line('*.lan', A), 'web.lan', A, 'trusted'],
  ['a question mark', line('web?', A), 'web1', A, 'trusted'],
  ['a negation', line('*.lan,!bad.lan', A), 'bad.lan', A, 'unknown'],
  ['a negation before', line('!bad.lan,*.lan', A), 'bad.lan', A, 'unknown'],
  ['a hashed name', line(hashed('web'), A), 'web', A, 'trusted'],
  ['a hashed other name', line(hashed('db'), A), 'web', A, 'unknown'],
  ['a hashed name with another key', line(hashed('web'), A), 'web', B, 'changed'],
  ['a revoked key', line('*', A, '@revoked'), 'web', A, 'revoked'],
  ['a revoked key that is also known', `${line('web', A)}\n${line('web', A, '@revoked')}`, 'web', A, 'revoked'],
  ['another key is revoked', `${line('web', A, '@revoked')}\n${line('web', B)}`, 'web', B, 'trusted'],
  ['a certificate authority is no key of the host', line('web', A, '@cert-authority'), 'web', A, 'unknown'],
  ['an unknown marker', line('web', A, '@other'), 'web', A, 'unknown'],
  ['carriage returns', `# notes\r\n${line('web', A)}\r\n`, 'web', A, 'trusted'],
  [
    'comments, blanks, tabs and a trailing comment',
    `#x\n\n  web\t${ED}\t${A.toString('base64')} root@web\n`,
    'web',
    A,
    'trusted',
  ],
  ['upper case in the file', line('WEB', A), 'web', A, 'trusted'],
  ['a type that lies about the key', `web ssh-rsa ${A.toString('base64')}`, 'web', A, 'unknown'],
  ['broken base64', `web ${ED} ####`, 'web', A, 'unknown'],
  ['a line of one word', 'web', 'web', A, 'unknown'],
]

for (const [what, text, name, key, wanted] of ROWS)
  test(`${what}: ${wanted}`, () => assert.is(verdict([{ path: 'k', text }], name, key).is, wanted))

test('the second file counts as much as the first, and a fault names file, line and both fingerprints', () => {
  const files = [
    { path: 'one', text: '# nothing\n' },
    { path: 'two', text: `\n${line('web', A)}\n` },
  ]
  assert.is(verdict(files, 'web', A).is, 'trusted')
  const found = verdict(files, 'web', B)
  if (found.is !== 'changed') throw new Error(found.is)
  assert.equal([found.known[0].file, found.known[0].line], ['two', 2])
  assert.is(found.known[0].fingerprint, fingerprint(A))
  assert.is(found.fingerprint, fingerprint(B))
  assert.equal(knownTypes(files, 'web'), [ED])
})

test('a pattern of many stars ends in good time', () => {
  assert.not.ok(wildcard(`${'*a'.repeat(50)}b`, 'a'.repeat(5000)))
})

if (!has('ssh-keygen')) test.skip('agreement with OpenSSH', 'ssh-keygen is not installed')
else {
  test('fingerprints are those of ssh-keygen', () => {
    const real = spawnSync('sh', [
      '-c',
      'd=$(mktemp -d); ssh-keygen -q -N "" -t ed25519 -f $d/k; ssh-keygen -lf $d/k.pub; cat $d/k.pub; rm -r $d',
    ])
    const [listed = '', key = ''] = real.stdout.toString().split('\n')
    assert.is(fingerprint(Buffer.from(key.split(' ')[1] ?? '', 'base64')), listed.split(' ')[1])
  })

  test('which lines speak of a host is what ssh-keygen -F says, in 120 random files', () => {
    const dir = mkdtempSync(join(tmpdir(), 'regplay-known-'))
    try {
      const NAMES = ['web', 'db.lan', '10.0.0.1', '[web]:2222', 'web1', 'bad.lan', 'fe80::1']
      const PATTERNS = [...NAMES, '*', '*.lan', '!bad.lan', 'web?', '10.*', '!web', '[*]:2222', '?b.lan', 'WEB']
      for (let round = 0; round < 120; round++) {
        const seed = Date.now() + round
        let state = seed
        const pick = <T>(from: readonly T[]): T => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0
          return from[Math.floor((state / 2 ** 32) * from.length)] as T
        }
        const lines = Array.from({ length: 4 }, (_, i) => {
          const key = blob(ED, 10 + i)
          if (pick([0, 1, 2]) === 0) return line(hashed(pick(NAMES)), key)
          return line(Array.from({ length: pick([1, 2, 3]) }, () => pick(PATTERNS)).join(','), key)
        })
        const text = `${lines.join(pick(['\n', '\r\n']))}\n`
        const path = join(dir, 'known')
        writeFileSync(path, text)
        const name = pick(NAMES)
        const said = spawnSync('ssh-keygen', ['-F', name, '-f', path]).stdout.toString()
        const theirs = [...said.matchAll(/found: line (\d+)/g)].map(match => Number(match[1]))
        const ours = lines.flatMap((_, i) =>
          verdict([{ path, text }], name, blob(ED, 10 + i)).is === 'trusted' ? [i + 1] : [],
        )
        assert.equal(ours, theirs, `seed ${seed}: ${name} in\n${text}`)
      }
    } finally {
      rmSync(dir, { recursive: true })
    }
  }, 30_000)
}

test('new hosts are added one by one, by rename, with the mode and the symlink kept', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-known-'))
  try {
    const real = join(dir, 'real')
    const link = join(dir, 'link')
    writeFileSync(real, 'old line without a newline')
    chmodSync(real, 0o644)
    symlinkSync(real, link)
    await Promise.all(Array.from({ length: 20 }, (_, i) => appendKnownHost(link, `host${i} x y`)))
    await appendKnownHost(link, 'host3 x y')
    const lines = readFileSync(link, 'utf8').trimEnd().split('\n')
    assert.is(lines[0], 'old line without a newline')
    assert.equal(lines.slice(1).sort(), Array.from({ length: 20 }, (_, i) => `host${i} x y`).sort())
    assert.is(statSync(real).mode & 0o777, 0o644)
    const fresh = join(dir, 'sub/known_hosts')
    await appendKnownHost(fresh, 'a b c')
    assert.is(readFileSync(fresh, 'utf8'), 'a b c\n')
    assert.is(statSync(fresh).mode & 0o777, 0o600)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test.run()
