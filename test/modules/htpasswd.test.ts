import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import htpasswd from '../../src/modules/htpasswd.ts'
import { isPassword, SCHEMES, webPassword } from '../../src/pki/web-password.ts'
import { brief, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/htpasswd')
const dir = mkdtempSync(join(tmpdir(), 'regplay-htpasswd-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const SECRET = new Secret("p'ä s", 'password')
const OTHER = new Secret('other', 'password')

for (const scheme of SCHEMES)
  test(`${scheme}: what is made of a password is known to be of it`, () => {
    const made = webPassword(SECRET, scheme, 'seed')
    assert.is(isPassword(SECRET, made), true)
    // The others are slow, as they should be.
    if (scheme !== 'apr_md5_crypt' && scheme !== 'md5_crypt') return
    assert.is(isPassword(OTHER, made), false)
    assert.is.not(webPassword(SECRET, scheme, 'another seed'), made)
  }, 60_000)

test('openssl makes the same of the same salt', () => {
  const made = webPassword(SECRET, 'apr_md5_crypt', 'x')
  const salt = made.split('$')[2] ?? ''
  assert.is(
    execFileSync('openssl', ['passwd', '-apr1', '-salt', salt, '-stdin'], { input: `${SECRET.reveal()}\n` })
      .toString()
      .trim(),
    made,
  )
})

test("what is kept in a way of the old days is nobody's", () =>
  assert.is(isPassword(SECRET, 'rqXexS6ZhobKA'), undefined))

const ANN = `ann:${webPassword(OTHER, 'apr_md5_crypt', 'x')}\n`
const CASES: Record<
  string,
  [before: string | undefined, wish: Record<string, unknown>, wanted: RegExp, users: string[]]
> = {
  'a first user': [undefined, { name: 'ann', password: SECRET }, /absent -> sha256/, ['ann']],
  'another user': [
    `${ANN}\n`,
    { name: 'bob', password: SECRET, crypt_scheme: 'ldap_sha1' },
    /-> sha256/,
    ['ann', 'bob'],
  ],
  'a user who is there': [ANN, { name: 'ann', password: OTHER }, /^$/, ['ann']],
  'another password': [`${ANN}bob:x`, { name: 'ann', password: SECRET }, /-> sha256/, ['ann', 'bob']],
  'a user who goes': [`${ANN}bob:x\n`, { name: 'ann', state: 'absent' }, /-> sha256/, ['bob']],
  'a user who is not there': [ANN, { name: 'bob', state: 'absent' }, /^$/, ['ann']],
}

for (const shell of SHELLS)
  for (const [title, [before, wish, wanted, users]] of Object.entries(CASES))
    test(`${shell[0]}: ${title}`, async () => {
      const path = join(mkdtempSync(join(dir, 'f-')), 'users')
      if (before !== undefined) writeFileSync(path, before)
      const plan = await planHere(htpasswd, { path, ...wish }, debian, shell)
      assert.match(brief(plan).join(), wanted)
      assert.not.match(JSON.stringify(plan), /p'ä s|apr1/)
      if (plan.kind !== 'change') return
      const by = plan.edits[0]?.by
      if (by?.kind !== 'put' || !('text' in by.content) || typeof by.content.text === 'string')
        throw new Error('no secret content')
      const text = by.content.text.reveal()
      assert.equal(
        text
          .split('\n')
          .filter(Boolean)
          .map(line => line.split(':')[0]),
        users,
      )
      assert.is(by.mode, before === undefined ? '0644' : undefined)
      writeFileSync(path, text)
      const after = await planHere(htpasswd, { path, ...wish }, debian, shell)
      assert.equal([after.kind, readFileSync(path, 'utf8'), statSync(path).isFile()], ['ok', text, true])
    })

const REFUSED: Record<string, [wish: Record<string, unknown>, why: RegExp]> = {
  'without a password': [{}, /a password is needed/],
  'where no file may be made': [{ password: SECRET, create: false }, /does not exist/],
}
for (const [title, [wish, why]] of Object.entries(REFUSED))
  test(`nobody is added ${title}`, async () => {
    const [shell] = SHELLS
    if (shell)
      assert.match(
        brief(await planHere(htpasswd, { path: join(dir, 'none'), name: 'x', ...wish }, debian, shell)).join(),
        why,
      )
  })

test.run()
