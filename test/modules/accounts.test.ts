import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import group from '../../src/modules/group.ts'
import user from '../../src/modules/user.ts'
import { shadow, sshKey } from '../../src/questions/shadow.ts'
import { account, groupId, ids } from '../../src/questions/system.ts'
import { brief, planWith } from '../support/converge.ts'
import { busybox, debian } from '../support/host.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/user and group')

const ann = {
  name: 'ann',
  uid: 1000,
  gid: 1000,
  comment: 'Ann',
  home: '/home/ann',
  shell: '/bin/sh',
  primary: 'ann',
  groups: ['ann', 'sudo'],
}
const open = { samePassword: true, locked: false, min: 0, max: 99999, warn: 7, expires: undefined }
const hash = new Secret('$6$salt$hash', 'password')

const USERS: Record<string, [wish: Record<string, unknown>, answers: object, wanted: string[]]> = {
  'is made': [{ uid: 5, groups: ['docker'] }, { seen: undefined }, ['ann: absent -> user 5', 'groups:  -> docker']],
  'is left alone': [{ uid: 1000, group: 'ann', groups: ['sudo'], shell: '/bin/sh' }, {}, []],
  'joins groups': [{ groups: ['docker'], append: true }, {}, ['ann groups: sudo -> docker,sudo']],
  'changes groups': [{ groups: ['docker'] }, {}, ['ann groups: sudo -> docker']],
  'leaves all groups': [{ groups: [] }, {}, ['ann groups: sudo -> ']],
  'has another shell and comment': [
    { shell: '/bin/bash', comment: "it's" },
    {},
    ["ann comment: Ann -> it's", 'ann shell: /bin/sh -> /bin/bash'],
  ],
  'a primary group by number': [{ group: '1000' }, {}, []],
  'has no home directory': [{}, { housed: false }, ['ann home directory: absent -> /home/ann']],
  'moves its home': [{ home: '/srv/ann', move_home: true }, { housed: false }, ['ann home: /home/ann -> /srv/ann']],
  'has the password': [{ password: hash }, { shadow: open }, []],
  'gets the password': [
    { password: hash },
    { shadow: { ...open, samePassword: false } },
    ['ann password: different -> as given'],
  ],
  'is locked': [{ password_lock: true }, { shadow: open }, ['ann password: open -> locked']],
  expires: [{ expires: 86400 * 3 }, { shadow: open }, ['ann expires: never -> 3']],
  'never expires': [{ expires: -1 }, { shadow: open }, []],
  'gets a key': [{ generate_ssh_key: true }, {}, ['ann SSH key: absent -> rsa']],
  'gets a locked key': [
    { generate_ssh_key: true, ssh_key_passphrase: new Secret('hush hush', 'passphrase') },
    {},
    ['ann SSH key: absent -> rsa'],
  ],
  goes: [{ state: 'absent', remove: true }, {}, ['ann: user -> absent']],
  'is gone': [{ state: 'absent' }, { seen: undefined }, []],
}

for (const [name, [wish, answers, wanted]] of Object.entries(USERS))
  test(`user ${name}`, () => {
    const plan = planWith(
      user,
      { name: 'ann', ...wish },
      { seen: ann, same: undefined, shadow: undefined, key: undefined, ...answers },
      debian,
    )
    assert.equal(brief(plan), wanted)
    assert.not(JSON.stringify(plan).includes('$6$salt'), 'a hash is never shown')
    const told = plan.kind === 'change' || plan.kind === 'ok' ? plan.result['password'] : plan.kind
    assert.is(told, 'password' in wish ? 'NOT_LOGGING_PASSWORD' : undefined)
  })

const scriptOf = (plan: ReturnType<typeof planWith>): string => {
  const by = plan.kind === 'change' ? plan.edits[0]?.by : undefined
  return by?.kind === 'run' ? by.script.wire : ''
}

test('a hash goes in by a pipe, never as an argument', () => {
  const plan = planWith(
    user,
    { name: 'ann', password: hash },
    { seen: undefined, same: undefined, shadow: undefined, key: undefined },
    debian,
  )
  assert.match(scriptOf(plan), /^useradd -m -- ann && printf '%s:%s\n' ann '\$6\$salt\$hash' \| chpasswd -e$/)
})

test('BusyBox makes accounts too, and says what it cannot', () => {
  const answers = { seen: undefined, same: undefined, shadow: undefined, key: undefined }
  const made = planWith(user, { name: 'ann', system: true, create_home: false, groups: ['disk'] }, answers, busybox)
  assert.is(scriptOf(made), 'adduser -D -H -S ann && addgroup ann disk')
  const other = planWith(user, { name: 'ann', shell: '/bin/ash' }, { ...answers, seen: ann }, busybox)
  assert.match(brief(other)[0] ?? '', /has no usermod/)
  assert.is(scriptOf(planWith(group, { name: 'g', gid: 7 }, { seen: undefined }, busybox)), 'addgroup -g 7 g')
})

for (const [name, wish, seen, wanted] of [
  ['is made', { gid: 7 }, undefined, ['g: absent -> 7']],
  ['is there', { gid: 7 }, 7, []],
  ['has another number', { gid: 8 }, 7, ['g gid: 7 -> 8']],
  ['goes', { state: 'absent' }, 7, ['g: 7 -> absent']],
] as const)
  test(`group ${name}`, () => assert.equal(brief(planWith(group, { name: 'g', ...wish }, { seen }, debian)), wanted))

const keygen = spawnSync('ssh-keygen', ['-?']).error === undefined
for (const shell of keygen ? SHELLS : [])
  test(`${shell[0]}: a key of SSH is told with its fingerprint, and one that is none with the reason`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'regplay-user-'))
    const asked = (file: string) => {
      const { script, read } = sshKey('root', file)
      return read(run(script, shell, { env: { PATH: process.env['PATH'] ?? '' } }))
    }
    try {
      const path = join(dir, 'a k')
      assert.is(asked(path), undefined)
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ann at home', '-f', path])
      const fingerprint = execFileSync('ssh-keygen', ['-l', '-f', path], { encoding: 'utf8' }).trim()
      assert.equal(asked(path), { path, publicKey: readFileSync(`${path}.pub`, 'utf8').trim(), fingerprint })
      rmSync(`${path}.pub`)
      writeFileSync(path, 'x')
      const told = asked(path)
      assert.equal([told?.publicKey, told?.fingerprint], ['', `${path} is not a public key file.`])
      const plan = planWith(
        user,
        { name: 'ann', generate_ssh_key: true },
        { seen: ann, housed: true, key: told },
        debian,
      )
      assert.is(plan.kind === 'ok' && plan.result['ssh_fingerprint'], told?.fingerprint)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

for (const shell of SHELLS)
  test(`${shell[0]}: who is on this machine`, async () => {
    const root = account('root')
    assert.equal([root.read(run(root.script, shell))?.uid, root.read(run(root.script, shell))?.primary], [0, 'root'])
    const nobody = account("no'body $(id)")
    assert.is(nobody.read(run(nobody.script, shell)), undefined)
    const wheel = groupId('root')
    assert.is(wheel.read(run(wheel.script, shell)), 0)
    const both = ids('daemon', 'no-such-group')
    if (both.of !== 'target') throw new Error('asked of the target')
    const daemon = both.read(run(both.script, shell))
    assert.equal([typeof daemon.uid, daemon.gid], ['number', undefined])
    assert.is(ids('root', '12').of, 'controller', 'root and numbers need no asking')
    const line = shadow('daemon', new Secret('*', 'password'))
    const seen = line.read(run(line.script, shell))
    assert.equal([seen?.samePassword, seen?.locked, seen?.max], [true, false, 99999])
    const none = shadow('no-such-user', undefined)
    assert.is(none.read(run(none.script, shell)), undefined)
  })

test.run()
