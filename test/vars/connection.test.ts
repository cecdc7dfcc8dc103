import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import type { ConnectionSpec, Identity } from '../../src/transport/session.ts'
import { connectionSpec } from '../../src/vars/connection.ts'
import { identity } from '../../src/vars/identity.ts'
import { suite } from '../support/suite.ts'
import { storeOf } from './support.ts'

const test = suite('connection variables')
const DEFAULTS = { hostKeyChecking: 'strict', connectTimeout: 10 } as const

function specOf(
  vars: string,
  defaults: object = {},
  keywords: object = {},
): { spec: ConnectionSpec; faults: string[] } {
  const { spec, faults } = connectionSpec(storeOf(`h1 ${vars}`).scope('h1'), { ...DEFAULTS, ...defaults }, keywords)
  return { spec, faults: faults.map(fault => fault.message) }
}
const BASE: ConnectionSpec = {
  name: 'h1',
  connection: 'ssh',
  address: 'h1',
  port: 0,
  user: '',
  options: {},
  hostKeyChecking: 'strict',
  connectTimeout: 10,
}

/** Variables of the host, what differs from the plain specification. */
const SPECS: [string, Partial<ConnectionSpec>, object?, object?][] = [
  ['', {}],
  ['ansible_host=10.0.0.1 ansible_port=2222 ansible_user=me', { address: '10.0.0.1', port: 2222, user: 'me' }],
  ['ansible_ssh_host=a ansible_ssh_port="22" ansible_ssh_user=u', { address: 'a', port: 22, user: 'u' }],
  ['ansible_host="{{ inventory_hostname }}.example"', { address: 'h1.example' }],
  ['ansible_connection=local', { connection: 'local' }],
  ['ansible_connection=ansible.builtin.ssh', {}],
  ['ansible_ssh_private_key_file=~/.ssh/k', { keyFile: '~/.ssh/k' }],
  ['ansible_private_key_file=/k', { keyFile: '/k' }, { keyFile: '/cli' }],
  ['', { user: 'cli', keyFile: '/cli', connection: 'local' }, { user: 'cli', keyFile: '/cli', connection: 'local' }],
  ['', { user: 'kw', port: 5 }, { user: 'cli' }, { remoteUser: 'kw', port: 5 }],
  ['ansible_user=var', { user: 'var' }, { user: 'cli' }, { remoteUser: 'kw' }],
  ['ansible_host_key_checking=false', { hostKeyChecking: 'off' }],
  ['ansible_ssh_host_key_checking=no', { hostKeyChecking: 'off' }],
  ['ansible_host_key_checking=true', {}, { hostKeyChecking: 'off' }],
  ['ansible_timeout=3', { connectTimeout: 3 }],
  [
    'ansible_ssh_common_args="-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"',
    { options: { StrictHostKeyChecking: 'no', UserKnownHostsFile: '/dev/null' } },
  ],
  [
    'ansible_ssh_common_args="-oproxyjump=j -i /k -C -o ControlMaster=auto -o ConnectTimeout=7"',
    { options: { ProxyJump: 'j', IdentityFile: '/k' }, connectTimeout: 7 },
  ],
  ['ansible_ssh_extra_args="-J me@j:22"', { options: { ProxyJump: 'me@j:22' } }],
  [`ansible_ssh_common_args='-o ProxyCommand="ssh -W %h:%p -q me@jump"'`, { options: { ProxyJump: 'me@jump' } }],
  [
    `ansible_ssh_common_args='-o ProxyCommand="ssh -p 2222 -l me -W %h:%p jump"'`,
    { options: { ProxyJump: 'me@jump:2222' } },
  ],
]
for (const [vars, differs, defaults, keywords] of SPECS)
  test(`spec: ${vars} ${JSON.stringify([defaults, keywords])}`, () =>
    assert.equal(specOf(vars, defaults, keywords), { spec: { ...BASE, ...differs }, faults: [] }))

/** Variables of the host, words of the fault. */
const FAULTS: [string, RegExp][] = [
  ['ansible_host="-oProxyCommand=id"', /begins with "-"/],
  ['ansible_host="a b"', /no host name/],
  ['ansible_connection=winrm', /ansible_connection.*"winrm"/],
  ['ansible_port="{{ 70000 }}"', /ansible_port.*70000/],
  ['ansible_host_key_checking=maybe', /neither yes nor no/],
  ['ansible_ssh_common_args="-o Tunnel=yes"', /Tunnel/],
  ['ansible_ssh_common_args="-D 1080"', /"-D"/],
  ['ansible_ssh_common_args="-o ProxyCommand=\'nc %h %p\'"', /ProxyCommand "nc %h %p"/],
  ['ansible_ssh_common_args="-J"', /-J has no value/],
  ['ansible_user="[1]"', /is a list/],
]
for (const [vars, words] of FAULTS) test(`fault: ${vars}`, () => assert.match(specOf(vars).faults.join('; '), words))

test('passwords are secrets', () => {
  const { spec } = specOf('ansible_password=hunter2 ansible_ssh_private_key_passphrase=pp')
  assert.is(spec.password?.reveal(), 'hunter2')
  assert.is(spec.keyPassphrase?.reveal(), 'pp')
  assert.not.match(JSON.stringify(spec), /hunter2|pp"/)
})

const sudo = (more: Partial<Identity> = {}): Identity => ({ become: 'sudo', user: 'root', ...more })
/** Variables, keywords, command line, identity. */
const IDENTITIES: [string, object, object, Identity][] = [
  ['', {}, {}, { become: 'none', user: '' }],
  ['', { become: true }, {}, sudo()],
  ['', {}, { become: true, user: 'app' }, sudo({ user: 'app' })],
  ['', { become: false }, { become: true }, { become: 'none', user: '' }],
  ['ansible_become=yes', { become: false }, {}, sudo()],
  ['ansible_become=no', { become: true }, {}, { become: 'none', user: '' }],
  ['ansible_become_user=v', { become: true, user: 'k' }, { user: 'c' }, sudo({ user: 'v' })],
  ['ansible_become_method=su', { become: true }, {}, { become: 'su', user: 'root' }],
  [
    '',
    { become: true, method: 'community.general.doas', flags: '-n' },
    {},
    { become: 'doas', user: 'root', flags: '-n' },
  ],
]
for (const [vars, keywords, line, expected] of IDENTITIES)
  test(`become: ${vars} ${JSON.stringify([keywords, line])}`, () => {
    const got: { identity: Identity; faults: readonly unknown[] } = identity(
      storeOf(`h1 ${vars}`).scope('h1'),
      keywords,
      line,
    )
    assert.equal(got, { identity: expected, faults: [] })
  })

test('become passwords, and a method nobody knows', () => {
  const cli = { become: true, password: new Secret('cli', 'become password') }
  const of = (vars: string) => identity(storeOf(`h1 ${vars}`).scope('h1'), {}, cli)
  assert.is(of('').identity.password?.reveal(), 'cli')
  assert.is(of('ansible_become_password=var').identity.password?.reveal(), 'var')
  assert.is(of('ansible_sudo_pass=old').identity.password?.reveal(), 'old')
  assert.match(of('ansible_become_method=runas').faults[0]?.message ?? '', /"runas"/)
})

test.run()
