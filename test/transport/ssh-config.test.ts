import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { ConnectionSpec, TransportError } from '../../src/transport/session.ts'
import { configOf, hostBlocks } from '../../src/transport/ssh-config.ts'
import { resolveTarget } from '../../src/transport/ssh-target.ts'
import { suite } from '../support/suite.ts'
import { has } from './sshd.ts'

const test = suite('ssh-config')

const CONFIG = `
# a comment
Include /nonexistent/*.conf
Host web1 !db
  HostName 10.1.1.1
  Port 2222
  User deploy
  IdentityFile ~/keys/web
  IdentityFile ~/keys/second
  StrictHostKeyChecking accept-new
  UserKnownHostsFile /home/x/kh1 /etc/kh2
Host *.lan
  HostName %h.example.net
  ProxyJump ops@bastion:2200
Host old
  ProxyCommand nc %h %p
Host alias
  HostKeyAlias the-alias
  IdentitiesOnly yes
Host bastion
  HostName 10.9.9.9
Host *
  User=everyone
`

const spec = (address: string, more: Partial<ConnectionSpec> = {}): ConnectionSpec => ({
  name: address,
  connection: 'ssh',
  address,
  port: 0,
  user: '',
  options: {},
  hostKeyChecking: 'strict',
  connectTimeout: 10,
  ...more,
})

/** Why a target cannot be resolved. */
const fault = async (given: ConnectionSpec): Promise<TransportError> => {
  try {
    await resolveTarget(given)
  } catch (error) {
    return error as TransportError
  }
  throw new Error('it was resolved')
}

/** A home of our own for one test; names differ between tests, since answers are remembered for a run. */
async function atHome(use: (home: string) => Promise<void>, config = CONFIG): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'regplay-home-'))
  const before = process.env['HOME']
  process.env['HOME'] = home
  mkdirSync(join(home, '.ssh'))
  writeFileSync(join(home, '.ssh/config'), config, { mode: 0o600 })
  try {
    await use(home)
  } finally {
    process.env['HOME'] = before
    rmSync(home, { recursive: true })
  }
}

test("a person's configuration fills in what the inventory does not say", () =>
  atHome(async home => {
    const target = await resolveTarget(spec('web1'))
    assert.equal([target.host, target.port, target.user], ['10.1.1.1', 2222, 'deploy'])
    assert.is(target.knownAs, '[10.1.1.1]:2222')
    assert.is(target.checking, 'accept-new')
    assert.equal(target.knownHostsFiles.slice(0, 2), ['/home/x/kh1', '/etc/kh2'])
    assert.equal(target.identities, [join(home, 'keys/web'), join(home, 'keys/second')])
  }))

test('what the inventory says wins', () =>
  atHome(async () => {
    const target = await resolveTarget(
      spec('web1', {
        port: 22,
        user: 'root',
        keyFile: '/k',
        options: { StrictHostKeyChecking: 'yes', userknownhostsfile: '/u' },
      }),
    )
    assert.equal([target.port, target.user, target.keyFile, target.checking], [22, 'root', '/k', 'strict'])
    assert.is(target.knownHostsFiles[0], '/u')
    assert.is((await resolveTarget(spec('web1', { hostKeyChecking: 'off' }))).checking, 'off')
  }))

test('jumps are targets of their own, with their own configuration and no password of the host behind', () =>
  atHome(async () => {
    const target = await resolveTarget(spec('app.lan'))
    assert.is(target.host, 'app.lan.example.net')
    assert.equal(
      target.jumps.map(jump => [jump.user, jump.host, jump.port, jump.password]),
      [['ops', '10.9.9.9', 2200, undefined]],
    )
    const own = await resolveTarget(spec('x1', { options: { ProxyJump: 'a@[::1]:2,b' } }))
    assert.equal(
      own.jumps.map(jump => `${jump.user}@${jump.host} ${jump.port}`),
      ['a@::1 2', 'everyone@b 22'],
    )
  }))

test('ProxyCommand, broken jumps and circles are refused with a reason', () =>
  atHome(async () => {
    assert.match((await fault(spec('old'))).message, /ProxyCommand, which regplay does not run/)
    assert.match((await fault(spec('y1', { options: { ProxyCommand: 'nc' } }))).message, /ProxyCommand/)
    assert.match((await fault(spec('y2', { options: { ProxyJump: ':' } }))).message, /cannot be read/)
    assert.match((await fault(spec('y3', { options: { ProxyJump: '-oProxyCommand=x' } }))).message, /no host name/)
    assert.match((await fault(spec('y4', { user: '-oX' }))).message, /no user name/)
  }))

test('an alias is the name under which the key is known', () =>
  atHome(async () => {
    const target = await resolveTarget(spec('alias', { port: 2022 }))
    assert.is(target.knownAs, 'the-alias')
    assert.ok(target.identitiesOnly)
  }))

test("without a configuration there are OpenSSH's defaults", () =>
  atHome(async home => {
    rmSync(join(home, '.ssh/config'))
    const target = await resolveTarget(spec('plain'))
    assert.equal([target.host, target.port, target.checking], ['plain', 22, 'strict'])
    assert.is(target.knownHostsFiles[0], join(home, '.ssh/known_hosts'))
    assert.ok(target.identities.includes(join(home, '.ssh/id_ed25519')))
  }))

if (!has('ssh')) test.skip('a broken configuration', 'there is no ssh program')
else
  test('a broken configuration is named', () =>
    atHome(async home => {
      const error = await fault(spec('broken'))
      assert.match(error.message, /NoSuchOption|Bad configuration option/i)
      assert.match(error.remedy ?? '', home)
    }, 'NoSuchOption yes\n'))

test('the reader without an ssh program understands Host blocks as ssh does', () => {
  const read = (host: string) => configOf(hostBlocks(CONFIG, host))
  assert.equal(read('web1'), {
    hostName: '10.1.1.1',
    user: 'deploy',
    strictHostKeyChecking: 'accept-new',
    port: 2222,
    identityFiles: ['~/keys/web', '~/keys/second'],
    userKnownHostsFiles: ['/home/x/kh1', '/etc/kh2'],
  })
  assert.equal(read('app.lan'), { hostName: 'app.lan.example.net', user: 'everyone', proxyJump: 'ops@bastion:2200' })
  assert.equal(read('other'), { user: 'everyone' })
})

test.run()
