import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { settingsPage } from '../../scripts/docs-settings.ts'
import { InputError } from '../../src/base/diagnostic.ts'
import { readIni } from '../../src/cli/config/ini.ts'
import { OTHER_FAMILIES, OTHER_KEYS, OTHER_SECTIONS, OTHER_VARIABLES } from '../../src/cli/config/known.ts'
import { readSettings } from '../../src/cli/config/read.ts'
import type { Setting } from '../../src/cli/config/setting.ts'
import { type Config, TABLE } from '../../src/cli/config/table.ts'
import { suite } from '../support/suite.ts'

const test = suite('settings')
const dir = mkdtempSync(join(tmpdir(), 'regplay-settings-'))
test.after(() => rmSync(dir, { recursive: true }))
const ROWS = Object.entries(TABLE) as [keyof Config, Setting<unknown>][]

type Environment = Record<string, string>
let count = 0

/** Reads a file as `ansible.cfg` of a folder of its own; `DIR` in what comes back is that folder. */
function read(text: string, env: Environment = {}) {
  const home = join(dir, String(count++))
  mkdirSync(home)
  writeFileSync(join(home, 'ansible.cfg'), text)
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null).replaceAll(home, 'DIR'))
  try {
    const { config, warnings, origins } = readSettings({ HOME: home, ...env }, home)
    return {
      value: (name: keyof Config) => plain(config[name]),
      origin: (name: keyof Config) => plain(origins.get(name)),
      said: warnings.map(({ message, remedy }) => plain(`${message}; ${remedy}`)),
      faults: [],
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const faults = error.faults.map(({ message, span, remedy }) =>
      plain(`${span?.line ?? 'env'}: ${message}; ${remedy}`),
    )
    return { value: () => undefined, origin: () => undefined, said: [], faults }
  }
}

const VALUES: Record<string, [text: string, name: keyof Config, value: unknown, env?: Environment]> = {
  'a number': ['[defaults]\nforks = 20', 'forks', 20],
  'a colon in place of the sign': ['[defaults]\nforks: 20', 'forks', 20],
  'keys in capitals': ['[defaults]\nFORKS=20', 'forks', 20],
  'a comment behind': ['[defaults]\nforks = 20 ; many', 'forks', 20],
  'comments and blanks': ['# x\n\n[defaults]\n; forks = 3\n  # forks = 4\nforks = 20\n', 'forks', 20],
  'a hash is part of a value': ['[defaults]\nansible_managed = a # b', 'ansibleManaged', 'a # b'],
  'quotes are taken off': ['[defaults]\nansible_managed = "a b"', 'ansibleManaged', 'a b'],
  'lines that go on': ['[tags]\nrun = a,\n  b\n', 'tags', ['a', 'b']],
  'a variable wins': ['[defaults]\nforks = 20', 'forks', 7, { ANSIBLE_FORKS: '7' }],
  'an empty variable does not': ['[defaults]\nforks = 20', 'forks', 20, { ANSIBLE_FORKS: '' }],
  'of several keys the last': ['[defaults]\ntimeout = 3\n[ssh_connection]\ntimeout = 4', 'timeout', 4],
  'paths start in the folder of the file': [
    '[defaults]\nroles_path = roles:../more:/x',
    'rolesPath',
    ['DIR/roles', join(dir, 'more'), '/x'],
  ],
  'home and variables in paths': [
    '[defaults]\nroles_path = ~/a:$SITE/b:{{CWD}}/c',
    'rolesPath',
    ['DIR/a', '/site/b', 'DIR/c'],
    { SITE: '/site' },
  ],
  'sources of an inventory': [
    '[defaults]\ninventory = hosts, /etc/hosts.ini',
    'inventory',
    ['DIR/hosts', '/etc/hosts.ini'],
  ],
  'a colour': ['[colors]\nok = bright blue', 'colourOk', 'bright blue'],
  'a colour by its number': ['[colors]\nchanged = rgb345', 'colourChanged', 'rgb345'],
  'a list of hosts': ['[defaults]\ninventory = a,b,', 'inventory', ['a,b,']],
  'ids of vaults': [
    '[defaults]\nvault_identity_list = dev@dev.txt, prod@prompt',
    'vaultIds',
    ['dev@DIR/dev.txt', 'prod@prompt'],
  ],
  'words of Ansible for yes': ['[defaults]\nhost_key_checking = False', 'hostKeyChecking', false],
  'a collection before a word': [
    '[privilege_escalation]\nbecome_method = community.general.doas',
    'becomeMethod',
    'doas',
  ],
  'dictionaries that merge': ['[defaults]\nhash_behaviour = merge', 'hashBehaviour', 'merge'],
  'the default': ['', 'strategy', 'linear'],
}
for (const [name, [text, key, value, env]] of Object.entries(VALUES))
  test(`value: ${name}`, () => {
    const found = read(text, env)
    assert.equal([found.faults, found.said], [[], []])
    // The folder of a case is DIR; what stands beside it is not.
    assert.equal(found.value(key), value)
  })

const FAULTS: Record<string, [text: string, said: RegExp, env?: Environment]> = {
  'no number': ['[defaults]\nforks = many', /^2: forks is "many"; write a whole number from 1 to/],
  'a misspelt no': ['[defaults]\nhost_key_checking = flase', /^2: host_key_checking is "flase"; write yes or no/],
  'of the environment': ['', /^env: ANSIBLE_FORKS is "0"; write a whole number/, { ANSIBLE_FORKS: '0' }],
  'an unknown method': ['[privilege_escalation]\nbecome_method = runas', /^2: .*it is one of sudo, su, doas/],
  'no way to lay dictionaries': [
    '[defaults]\nhash_behaviour = append',
    /^2: hash_behaviour is "append"; .*replace.*merge/,
  ],
  'undefined may be': [
    '',
    /ANSIBLE_ERROR_ON_UNDEFINED_VARS is "false", which regplay does not do/,
    { ANSIBLE_ERROR_ON_UNDEFINED_VARS: 'false' },
  ],
  'arguments in titles': [
    '[defaults]\ndisplay_args_to_stdout = yes',
    /^2: display_args_to_stdout is "yes", which regplay does not do; arguments as they are written may hold secrets/,
  ],
  'words that are to be filled in': [
    '[defaults]\nansible_managed = {file} by {uid}',
    /which regplay does not do; regplay fills in nothing/,
  ],
  'no section': ['forks = 3', /^1: the key forks stands in no section/],
  'no key': ['[defaults]\nforks', /^2: this is neither a section nor a key: forks/],
  'a key twice': ['[defaults]\nforks = 1\nforks = 2', /^3: forks is there twice/],
  'a section twice': ['[defaults]\n[tags]\n[defaults]', /^3: the section \[defaults\] is there twice/],
}
for (const [name, [text, said, env]] of Object.entries(FAULTS))
  test(`refused: ${name}`, () => {
    const { faults } = read(text, env)
    assert.is(faults.length, 1)
    assert.match(String(faults[0]), said)
  })

const WARNINGS: Record<string, [text: string, said: string[], env?: Environment]> = {
  'a key that is near one': [
    '[defaults]\nhost_key_cheking = no',
    ['regplay knows no setting defaults host_key_cheking; did you mean host_key_checking?'],
  ],
  'a key that is near none': [
    '[defaults]\nxyzzy = no',
    ['regplay knows no setting defaults xyzzy; docs/settings.md lists them'],
  ],
  'a section that is near one': [
    '[default]\nforks = 3',
    ['regplay knows no setting section default; did you mean defaults?'],
  ],
  'a section of a plugin': ['[callback_profile_tasks]\ntask_output_limit = 3', []],
  'a key without meaning': ['[ssh_connection]\npipelining = True\n[galaxy]\nserver = x\n[defaults]\nlibrary = x', []],
  'a variable that is near one': [
    '',
    ['regplay knows no setting ANSIBLE_FORK; did you mean ANSIBLE_FORKS?'],
    { ANSIBLE_FORK: '3' },
  ],
  'a variable of somebody else': ['', [], { ANSIBLE_HASHI_VAULT_ADDR: 'x', ANSIBLE_TEST_CONTENT_ROOT: 'x' }],
  'a file that is named and not there': [
    '',
    ['ANSIBLE_CONFIG is nope.cfg, and there is no such file; correct it, or unset it'],
    { ANSIBLE_CONFIG: 'nope.cfg' },
  ],
}
for (const [name, [text, said, env]] of Object.entries(WARNINGS))
  test(`warning: ${name}`, () => assert.equal(read(text, env).said, said))

test('where a value was written', () => {
  const { origin } = read('[defaults]\n\nforks = 3', { ANSIBLE_TIMEOUT: '3' })
  assert.equal([origin('forks'), origin('timeout'), origin('strategy')], ['DIR/ansible.cfg:3', 'ANSIBLE_TIMEOUT', null])
})

test('files are looked for as Ansible does', () => {
  const [here, home] = [join(dir, 'here'), join(dir, 'home')]
  mkdirSync(here)
  mkdirSync(home)
  const forks = (env: Environment = {}) => readSettings({ HOME: home, ...env }, here).config.forks
  writeFileSync(join(home, '.ansible.cfg'), '[defaults]\nforks = 11')
  assert.is(forks(), 11)
  writeFileSync(join(here, 'ansible.cfg'), '[defaults]\nforks = 12')
  assert.is(forks(), 12)
  writeFileSync(join(dir, 'named.cfg'), '[defaults]\nforks = 13')
  assert.is(forks({ ANSIBLE_CONFIG: '../named.cfg' }), 13)
  assert.is(forks({ ANSIBLE_CONFIG: here }), 12)
  chmodSync(here, 0o777)
  const { config, warnings } = readSettings({ HOME: home }, here)
  assert.is(config.forks, 11)
  assert.match(warnings[0]?.message ?? '', /ansible\.cfg is passed over: everybody may write in this folder/)
  assert.is(forks({ ANSIBLE_CONFIG: join(here, 'ansible.cfg') }), 12)
})

test('docs/settings.md says what the table says', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/settings.md', import.meta.url)), 'utf8')
  if (page !== settingsPage()) assert.unreachable('the page is old: npm run docs')
})

test('a line is a section, a key, or a fault', () => {
  const { values, faults } = readIni('\ufeff[a]\r\nx=1\r\n y\r\n[b]\nz', 'f')
  assert.equal([...values], [['a.x', { text: '1\ny', line: 2 }]])
  assert.equal(
    faults.map(fault => fault.span?.line),
    [5],
  )
})

const ansible = spawnSync('ansible-config', ['list', '--format', 'json'], {
  encoding: 'utf8',
  env: { ...process.env, HOME: dir },
})
const missing = ansible.status === 0 ? undefined : 'ansible-config is not installed'
const oracle = (name: string, body: () => void) =>
  missing === undefined ? test(name, body, 60_000) : test.skip(name, missing)

interface Known {
  readonly env?: readonly { name: string }[]
  readonly ini?: readonly { section: string; key: string }[]
}

oracle('every setting of Ansible is known', () => {
  const all = Object.values(JSON.parse(ansible.stdout) as Record<string, Known>)
  const own = new Set(ROWS.flatMap(([, row]) => [...row.env, ...row.ini]))
  const variables = all.flatMap(({ env = [] }) => env.map(({ name }) => name))
  const keys = all.flatMap(({ ini = [] }) => ini.map(({ section, key }) => [section, key] as const))
  const unknown = [
    ...variables.filter(
      name => !own.has(name) && !OTHER_VARIABLES.has(name) && !OTHER_FAMILIES.test(name) && !name.startsWith('_'),
    ),
    ...keys
      .filter(
        ([section, key]) =>
          !own.has(`${section}.${key}`) && !OTHER_SECTIONS.has(section) && !OTHER_KEYS[section]?.includes(key),
      )
      .map(key => key.join('.')),
  ]
  assert.equal(unknown, [])
  assert.ok(variables.length > 100)
})

/** The same file, read by Ansible: values by `section.key` and variable. */
function readByAnsible(home: string, env: Environment): ReadonlyMap<string, unknown> {
  const dumped = spawnSync('ansible-config', ['dump', '--format', 'json'], {
    ...{ encoding: 'utf8', cwd: home },
    env: { PATH: process.env['PATH'], HOME: home, ...env },
  })
  const values = new Map<string, unknown>(
    (JSON.parse(dumped.stdout) as { name: string; value: unknown }[]).map(({ name, value }) => [name, value]),
  )
  const list = Object.entries(JSON.parse(ansible.stdout) as Record<string, Known>)
  return new Map(
    list.flatMap(([name, { env: names = [], ini = [] }]) =>
      [...names.map(each => each.name), ...ini.map(({ section, key }) => `${section}.${key}`)].map(
        key => [key, values.get(name)] as const,
      ),
    ),
  )
}

const SAME = `# a file as people have it
[defaults]
inventory = hosts,more/hosts
roles_path = roles:/usr/share/roles   ; ours first
collections_path: collections
forks=20
timeout = 33
remote_user = deploy
remote_port = 2222
private_key_file = ~/.ssh/id
host_key_checking = no
gathering = smart
gather_subset = !all,
   network
gather_timeout = 9
fact_caching = jsonfile
fact_caching_connection = /var/cache/facts
fact_caching_timeout = 600
force_handlers = True
any_errors_fatal = on
strategy = free
task_timeout = 7
ansible_managed = "ours, and nobody's"
no_log = f
nocolor = 1
retry_files_enabled = true
retry_files_save_path = $HOME/retry
display_skipped_hosts = no
vault_password_file = .vault
localhost_warning = n
max_diff_size = 1000
[privilege_escalation]
become = yes
become_user = admin
become_method = su
[diff]
always = yes
context = 5
[tags]
run = a, b
skip = c
[inventory]
host_pattern_mismatch = error
`

oracle('a file means the same to both', () => {
  const home = join(dir, 'both')
  mkdirSync(home)
  writeFileSync(join(home, 'ansible.cfg'), SAME)
  const env = { ANSIBLE_FORKS: '8', ANSIBLE_BECOME_USER: 'root' }
  const theirs = readByAnsible(home, env)
  const { config, origins } = readSettings({ HOME: home, ...env }, home)
  assert.ok(origins.size > 35)
  for (const name of origins.keys()) {
    const row = TABLE[name]
    const key = [...row.ini, ...row.env].find(each => theirs.has(each))
    const value = theirs.get(key ?? '')
    const ours = config[name] as unknown
    assert.equal(typeof value === 'string' && Array.isArray(ours) ? value.split(/[:,]/) : value, ours, name)
  }
})

test.run()
