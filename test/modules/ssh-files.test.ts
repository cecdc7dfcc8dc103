import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import authorizedKey from '../../src/modules/authorized_key.ts'
import knownHosts from '../../src/modules/known_hosts.ts'
import { hashed, isFor } from '../../src/modules/shared/known-hosts.ts'
import { brief, converge, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/files of ssh')
const dir = mkdtempSync(join(tmpdir(), 'regplay-ssh-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const { username: user, uid } = userInfo()

const A = 'ssh-ed25519 AAAAa'
const B = 'ssh-rsa AAAAb'
const KEYS: Record<string, [before: string | undefined, wish: Record<string, unknown>, after: string]> = {
  'a first key': [undefined, { key: `${A} ann@home` }, `${A} ann@home\n`],
  'keys of a list, comments left out': ['# mine\n\n', { key: `# x\n${A}\n${B} b\n` }, `# mine\n\n${A} \n${B} b\n`],
  'a key that is there': [`${A} ann`, { key: `${A} ann` }, `${A} ann`],
  'a key with another comment goes to the end': [`${A} ann\n${B} b\n`, { key: `${A} bob` }, `${B} b\n${A} bob\n`],
  'a comment of its own': ['', { key: `${A} ann`, comment: 'x y' }, `${A} x y\n`],
  'options before it': [
    '',
    { key: `${A} ann`, key_options: 'no-pty,from="10.0.0.0/8,::1"' },
    `no-pty,from="10.0.0.0/8,::1" ${A} ann\n`,
  ],
  'the same options in another order': [
    `from="a b",no-pty ${A} ann\n`,
    { key: `${A} ann`, key_options: 'no-pty,from="a b"' },
    `from="a b",no-pty ${A} ann\n`,
  ],
  'options that are in the key': ['', { key: `command="echo \\"hi\\"" ${A}` }, `command="echo \\"hi\\"" ${A} \n`],
  'no other key': [`# c\n${B} b\nodd line\n`, { key: `${A} ann`, exclusive: true }, `${A} ann\n`],
  'a key goes, whatever stands around it': [`# c\nno-pty ${A} x\n${B} b`, { key: A, state: 'absent' }, `# c\n${B} b\n`],
  'a key that is not there need not go': [`${B} b`, { key: A, state: 'absent' }, `${B} b`],
  'of a key that is given twice the last counts': [
    `${A} ann\n`,
    { key: `${A} bob\n${A} cid\n${B} b` },
    `${A} cid\n${B} b\n`,
  ],
  'of the same key twice the last stays': [`${A} 1\n${A} 2\n`, { key: `${B} b` }, `${A} 2\n${B} b\n`],
}

for (const shell of SHELLS)
  for (const [title, [before, wish, after]] of Object.entries(KEYS))
    test(`${shell[0]}: authorized_key: ${title}`, async () => {
      const home = mkdtempSync(join(dir, "h'"))
      const path = join(home, '.ssh', 'keys')
      const fixed = join(home, 'keys')
      const at = before === undefined ? path : fixed
      if (before !== undefined) writeFileSync(fixed, before)
      const lines = await converge(authorizedKey, { user, path: at, ...wish }, debian, shell)
      assert.is(readFileSync(at, 'utf8'), after)
      assert.is(lines.length > 0, before !== after)
      if (before === after) return
      assert.equal([statSync(at).mode & 0o777, statSync(at).uid], [0o600, uid])
      assert.is(statSync(join(at, '..')).mode & 0o777, 0o700)
    })

for (const shell of SHELLS) {
  test(`${shell[0]}: authorized_key: links, directories of others, and users that are not there`, async () => {
    const home = mkdtempSync(join(dir, 'l-'))
    const [real, link] = [join(home, 'real'), join(home, 'link')]
    writeFileSync(real, '')
    symlinkSync('real', link)
    chmodSync(home, 0o755)
    const given = { user, key: A, path: link, manage_dir: false }
    assert.equal(await converge(authorizedKey, { ...given, follow: true }, debian, shell), [
      `${real}: other keys -> holds the keys`,
    ])
    assert.ok(lstatSync(link).isSymbolicLink())
    assert.is(statSync(home).mode & 0o777, 0o755)
    const plan = await planHere(authorizedKey, { ...given, key: B }, debian, shell)
    assert.is(plan.kind === 'change' && plan.edits[0]?.by.kind === 'put' && plan.edits[0].by.path, link)
    const refusals = [
      [{ ...given, user: 'no-such-user' }, /Failed to lookup user no-such-user/],
      [{ ...given, key: 'ssh-rsa' }, /invalid key specified: ssh-rsa/],
      [{ ...given, path: home }, /is a directory/],
    ] as const
    for (const [wish, why] of refusals)
      assert.match(brief(await planHere(authorizedKey, wish, debian, shell)).join(), why)
  })

  test(`${shell[0]}: authorized_key: the file is the user's own`, async () => {
    const plan = await planHere(authorizedKey, { user, key: A, state: 'absent' }, debian, shell)
    assert.is('result' in plan && plan.result['keyfile'], join(userInfo().homedir, '.ssh/authorized_keys'))
  })
}

const HASHED = hashed('h ssh-rsa AAAAh', 'h')
const HOSTS: Record<string, [before: string | undefined, wish: Record<string, unknown>, after: string]> = {
  'a first key': [undefined, { key: 'H ssh-rsa AAAAh\n' }, 'H ssh-rsa AAAAh\n'],
  'a key that is there': ['# c\nh ssh-rsa AAAAh c\n', { key: 'h ssh-rsa AAAAh' }, '# c\nh ssh-rsa AAAAh c\n'],
  'another key of its kind goes': ['h,g ssh-rsa B\nx ssh-rsa B', { key: 'h ssh-rsa C' }, 'x ssh-rsa B\nh ssh-rsa C\n'],
  'a key of another kind stays': ['h ssh-rsa B\n', { key: 'h ssh-dss C' }, 'h ssh-rsa B\nh ssh-dss C\n'],
  'a name hashed': ['x ssh-rsa B\n', { key: 'h ssh-rsa AAAAh', hash_host: true }, `x ssh-rsa B\n${HASHED}\n`],
  'a hashed name is known': [
    '|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-rsa A\n',
    { name: '192.168.1.61', key: '192.168.1.61 ssh-rsa A', hash_host: true },
    '|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-rsa A\n',
  ],
  'a host goes, but for what authorities say': [
    `h ssh-rsa A\n@revoked h ssh-rsa B\n[h]:2222 ssh-rsa A\n${HASHED}\n*,!h ssh-rsa A\n`,
    { state: 'absent' },
    '@revoked h ssh-rsa B\n[h]:2222 ssh-rsa A\n*,!h ssh-rsa A\n',
  ],
  'a key of its kind goes': ['h ssh-rsa A\nh ssh-dss A\n', { key: 'h ssh-rsa B', state: 'absent' }, 'h ssh-dss A\n'],
  'a port is a part of the name': [
    'h ssh-rsa A\n',
    { name: '[h]:2222', key: '[h]:2222 ssh-rsa A' },
    'h ssh-rsa A\n[h]:2222 ssh-rsa A\n',
  ],
}

for (const shell of SHELLS)
  for (const [title, [before, wish, after]] of Object.entries(HOSTS))
    test(`${shell[0]}: known_hosts: ${title}`, async () => {
      const home = mkdtempSync(join(dir, 'k-'))
      const path = join(home, before === undefined ? 'new/known' : 'known')
      if (before !== undefined) writeFileSync(path, before)
      const lines = await converge(knownHosts, { name: 'h', path, ...wish }, debian, shell)
      assert.is(readFileSync(path, 'utf8'), after)
      assert.is(lines.length > 0, before !== after)
    })

const NO_HOST: Record<string, [wish: Record<string, unknown>, why: RegExp]> = {
  'without a key': [{}, /No key specified/],
  'with a key of another host': [{ key: 'g ssh-rsa A' }, /does not match/],
  'with two names': [{ name: 'a,b', key: 'a,b ssh-rsa A' }, /Comma separated/],
}
for (const [title, [wish, why]] of Object.entries(NO_HOST))
  test(`known_hosts: nothing is done ${title}`, async () => {
    const [shell] = SHELLS
    const given = { name: 'h', path: join(dir, 'none'), ...wish }
    if (shell) assert.match(brief(await planHere(knownHosts, given, debian, shell)).join(), why)
  })

test('a host that was hashed is found by its name alone', () => {
  assert.ok(isFor(hashed('@revoked h ssh-rsa A', 'h'), 'h'))
  assert.not.ok(isFor(hashed('h ssh-rsa A', 'h'), 'g'))
})

test.run()
