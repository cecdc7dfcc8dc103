import * as assert from 'uvu/assert'
import { readSettings } from '../../src/cli/config/read.ts'
import type { Desk } from '../../src/cli/desk.ts'
import { program } from '../../src/cli/program.ts'
import { suite } from '../support/suite.ts'

const test = suite('flags')

type Environment = Record<string, string>

/** The options that a command line leads to. */
async function optionsOf(args: readonly string[], env: Environment = {}): Promise<Record<string, unknown>> {
  let found: unknown
  const start = async <O>(_: unknown, options: (desk: Desk) => O) => {
    found = options({ env, config: readSettings({ HOME: '/nowhere', ...env }, '/nowhere').config } as Desk)
  }
  await program('1', start, { out: () => {}, err: () => {} }).parseAsync(args, { from: 'user' })
  return found as Record<string, unknown>
}

/** What is said when a command line is refused. */
async function refusal(args: readonly string[]): Promise<string> {
  let said = ''
  const write = (text: string) => {
    said += text
  }
  try {
    await program('1', async () => {}, { out: write, err: write }).parseAsync(args, { from: 'user' })
  } catch (error) {
    return `${said}${(error as { exitCode: number }).exitCode}`
  }
  return 'not refused'
}

const CASES: Record<string, [args: string, wanted: Record<string, unknown>, env?: Environment]> = {
  defaults: [
    '',
    {
      playbooks: ['p.yml'],
      ...{
        inventory: [],
        extraVars: [],
        tags: [],
        skipTags: [],
        verbose: 0,
        forks: 5,
        timeout: 10,
        hostKeys: 'strict',
      },
      ...{ json: false, diff: false, color: true, check: false, become: false, askPass: false, askBecomePass: false },
      ...{
        detailedExitcode: false,
        forceHandlers: false,
        flushCache: false,
        step: false,
        sshArgs: {},
        vaultIds: [],
        vaultPasswordFiles: [],
        askVaultPassword: false,
        syntaxCheck: false,
        listHosts: false,
        listTasks: false,
        listTags: false,
      },
    },
  ],
  'several inventories': ['-i a -i b,', { inventory: ['a', 'b,'] }],
  'several extra vars, in order': ['-e x=1 -e @f --extra-vars {"y":2}', { extraVars: ['x=1', '@f', '{"y":2}'] }],
  'tags, joined and repeated': ['-t a,b --tags c --skip-tags d,', { tags: ['a', 'b', 'c'], skipTags: ['d'] }],
  'verbose, joined': ['-vvv', { verbose: 3 }],
  'verbose, repeated': ['-v -v --verbose', { verbose: 3 }],
  'verbose has an end': ['-vvvvvv', { verbose: 4 }],
  'short words': [
    '-C -D -b -K -k -u ann -f 7 -l web -T 3 -c local',
    {
      ...{ check: true, diff: true, become: true, askBecomePass: true, askPass: true, user: 'ann', forks: 7 },
      ...{ limit: 'web', timeout: 3, connection: 'local' },
    },
  ],
  'no colour': ['--no-color', { color: false }],
  'host keys, learning': ['--accept-new-host-keys', { hostKeys: 'accept-new' }],
  'host keys, careless': ['--no-host-key-checking', { hostKeys: 'off' }],
  'inventory of the environment': ['', { inventory: ['/nowhere/x', '/y'] }, { ANSIBLE_INVENTORY: 'x,/y' }],
  'a list of hosts of the environment': ['', { inventory: ['x,y,'] }, { ANSIBLE_INVENTORY: 'x,y,' }],
  'the command line wins': [
    '-i a -f 2 -u me',
    { inventory: ['a'], forks: 2, user: 'me' },
    { ANSIBLE_INVENTORY: 'x', ANSIBLE_FORKS: '9', ANSIBLE_REMOTE_USER: 'you' },
  ],
  'numbers of the environment': ['', { forks: 9, timeout: 5 }, { ANSIBLE_FORKS: '9', ANSIBLE_TIMEOUT: '5' }],
  'names that Ansible has too': [
    '--inventory-file a --key-file k --conn-pass-file c --become-pass-file b --vault-pass-file v',
    {
      ...{ inventory: ['a'], privateKey: 'k', passwordFile: 'c', becomePasswordFile: 'b', vaultPasswordFiles: ['v'] },
      ...{ askPass: false, askBecomePass: false },
    },
    { ANSIBLE_ASK_PASS: '1', ANSIBLE_BECOME_ASK_PASS: '1' },
  ],
  'who asks does not read': [
    '-k -K',
    { passwordFile: undefined, becomePasswordFile: undefined },
    { ANSIBLE_CONNECTION_PASSWORD_FILE: 'f', ANSIBLE_BECOME_PASSWORD_FILE: 'f' },
  ],
  'vaults of settings come first': [
    '--vault-id a@b --vault-password-file c',
    { vaultIds: ['x@/nowhere/y', 'a@b'], vaultPasswordFiles: ['/nowhere/d', 'c'] },
    { ANSIBLE_VAULT_IDENTITY_LIST: 'x@y', ANSIBLE_VAULT_PASSWORD_FILE: 'd' },
  ],
  'arguments of ssh, and of no use here': [
    '--ssh-common-args -J=a --scp-extra-args -l --sftp-extra-args -l',
    { sshArgs: { ansible_ssh_args: '-C', ansible_ssh_common_args: '-J=a' } },
    { ANSIBLE_SSH_ARGS: '-C' },
  ],
  'connections are ssh or local': ['-c paramiko', { connection: 'ssh' }],
  'smart is what the inventory says': ['-c smart', { connection: undefined }],
  'become of the environment': [
    '',
    { become: true, becomeUser: 'db', becomeMethod: 'su' },
    { ANSIBLE_BECOME: 'True', ANSIBLE_BECOME_USER: 'db', ANSIBLE_BECOME_METHOD: 'su' },
  ],
  'become not': ['', { become: false }, { ANSIBLE_BECOME: 'false' }],
  'host keys of the environment': ['', { hostKeys: 'off' }, { ANSIBLE_HOST_KEY_CHECKING: 'False' }],
  'host keys of the environment, kept': ['', { hostKeys: 'strict' }, { ANSIBLE_HOST_KEY_CHECKING: '1' }],
}
for (const [name, [args, wanted, env]] of Object.entries(CASES)) {
  test(name, async () => {
    const found = await optionsOf(['run', 'p.yml', ...args.split(' ').filter(word => word !== '')], env)
    const chosen = Object.fromEntries(Object.keys(name === 'defaults' ? found : wanted).map(key => [key, found[key]]))
    assert.equal(chosen, wanted)
  })
}

test('other commands', async () => {
  assert.is((await optionsOf(['ping', '-i', 'x']))['pattern'], 'all')
  const { pattern, module, args, oneLine, background } = await optionsOf([
    'adhoc',
    'web',
    '-a',
    'date',
    '-o',
    '-B',
    '9',
  ])
  assert.equal([pattern, module, args, oneLine, background], ['web', 'command', 'date', true, 9])
  assert.is((await optionsOf(['facts', 'web']))['module'], 'setup')
  const { listTasks, listTags } = await optionsOf(['list', 'tags', 'p.yml'])
  assert.equal([listTasks, listTags], [false, true])
  assert.is((await optionsOf(['list', 'hosts', 'web']))['pattern'], 'web')
  assert.equal((await optionsOf(['check', 'a', 'b']))['playbooks'], ['a', 'b'])
})

const REFUSED: Record<string, [args: string[], said: RegExp]> = {
  'no playbook': [
    ['run'],
    /missing required argument 'playbook'[\s\S]*usage: regplay run \[options\] <playbook\.\.\.>/,
  ],
  'unknown option': [['run', 'p', '--lmit', 'x'], /unknown option '--lmit'[\s\S]*--limit/],
  'unknown command': [['rnu'], /unknown command 'rnu'[\s\S]*Did you mean run\?/],
  'forks are a number': [['run', 'p', '--forks', 'x'], /'x' is invalid. It must be a number from 1/],
  'forks are not zero': [['run', 'p', '-f', '0'], /It must be a number from 1/],
  'an empty inventory': [['run', 'p', '-i', ''], /It is empty/],
  'asked and read': [['run', 'p', '-k', '--conn-pass-file', 'f'], /cannot be used with option/],
  'no modules of Python': [['run', 'p', '-M', 'library'], /regplay runs no modules of Python/],
  'an unknown method': [['run', 'p', '--become-method', 'magic'], /Allowed choices are sudo, su, doas/],
}
for (const [name, [args, said]] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, async () => {
    const text = await refusal(args)
    assert.match(text, said)
    assert.match(text, /1$/)
  })
}

test.run()
