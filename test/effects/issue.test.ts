import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issue } from '../../src/effects/issue.ts'
import type { Issue } from '../../src/kit/effect.ts'
import { suite } from '../support/suite.ts'
import { onThisMachine } from './place.ts'

const test = suite('effects/issue')
const dir = mkdtempSync(join(tmpdir(), 'regplay-issue-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const ca = (where: string): Issue => ({ kind: 'issue', what: 'ca', dir: where, name: 'Site', days: 90, bits: 2048 })
const leaf = (from: string, to: string, hosts: readonly string[] = ['10.0.0.1']): Issue => ({
  ...{ kind: 'issue', what: 'leaf', ca: from, name: 'r', hosts, days: 9, bits: 2048 },
  ...{ certificate: join(to, 'r.pem'), key: join(to, 'r-key.pem') },
})

test('a CA stays here, a pair goes to the target, and the key is private', () =>
  onThisMachine(async place => {
    const [from, to] = [join(dir, 'ca'), join(dir, 'certs')]
    mkdirSync(to)
    assert.equal((await issue(ca(from), place)).failed, undefined)
    assert.equal((await issue(leaf(from, to), place)).failed, undefined)
    assert.deepEqual(readdirSync(to).sort(), ['r-key.pem', 'r.pem'])
    assert.equal(statSync(join(to, 'r-key.pem')).mode & 0o777, 0o600)
    assert.match(readFileSync(join(to, 'r-key.pem'), 'utf8'), /^-----BEGIN PRIVATE KEY-----/)
  }))

const lone = join(dir, 'lone')
mkdirSync(lone, { mode: 0o700 })
writeFileSync(join(lone, 'ca-key.pem'), '-----BEGIN PRIVATE KEY-----\nbm8=\n-----END PRIVATE KEY-----\n', {
  mode: 0o600,
})

const failures: [what: string, effect: Issue, words: RegExp][] = [
  ['a place where nothing can be made', ca('/sys/regplay/ca'), /the CA could not be made: E[A-Z]+/],
  ['a file where the directory should be', ca('/etc/passwd/ca'), /cannot be read: ENOTDIR/],
  ['a key that is none', ca(lone), /the key in .*lone\/ca-key.pem cannot be read/],
  ['a CA that is gone', leaf(join(dir, 'gone'), dir), /the CA in .*gone is gone/],
  ['a CA that cannot be used', leaf(lone, dir), /the key in .*lone\/ca-key.pem cannot be read/],
  ['a host that is no name', leaf(join(dir, 'ca'), dir, ['a_b']), /'a_b' has an underscore/],
  ['a directory that is missing', leaf(join(dir, 'ca'), join(dir, 'no')), /the directory .*no does not exist/],
]
for (const [what, effect, words] of failures)
  test(`an outcome, not a crash: ${what}`, () =>
    onThisMachine(async place => assert.match((await issue(effect, place)).failed ?? '', words)))

test.run()
