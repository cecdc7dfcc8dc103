import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { passwordText } from '../../src/vault/aes256.ts'
import { seal, type VaultKey } from '../../src/vault/keyring.ts'
import { REGPLAY } from '../support/program.ts'
import { suite } from '../support/suite.ts'
import { ENV, noAnsible } from './ansible.ts'

const test = suite('vault/play')
const LONG = 90_000
const dir = mkdtempSync(join(tmpdir(), 'regplay-vault-play-'))
test.after(() => rmSync(dir, { recursive: true }))

const key = (id: string, password: string): VaultKey => ({
  id,
  password: new Secret(passwordText(Buffer.from(password)), 'vault password'),
})
const MAIN_KEY = key('default', 'main password')
const PROD_KEY = key('prod', 'prod password')
const vault = (plain: string | Buffer, by = MAIN_KEY): string =>
  seal(Buffer.from(plain), by, createHash('sha256').update(plain).digest())
/** A `!vault` value, its lines moved in. */
const inline = (plain: string, indent: number, by = MAIN_KEY): string =>
  `!vault |\n${vault(plain, by)
    .trimEnd()
    .split('\n')
    .map(line => ' '.repeat(indent) + line)
    .join('\n')}`

/** Words that nobody may see; each says where it was vaulted. */
const SECRET = {
  inventory: 'aardvark-in-the-inventory',
  group: 'badger-in-group-vars',
  host: 'capybara "in" host-vars',
  deep: 'dormouse-deep-down',
  prod: 'echidna-of-another-id',
  varsFile: 'ferret-in-vars-files',
  included: 'gerbil-in-include-vars',
  extra: 'hedgehog-on-the-command-line',
  role: 'ibex-in-role-vars',
  tasks: 'jackal-in-tasks',
  file: 'kangaroo in a file\nwith a second line of kangaroos\n',
  tree: 'lemur in a directory of files\n',
  template: 'marmot-in-a-template',
  looked: 'numbat-that-is-looked-up',
  script: 'ocelot-in-a-script',
  archive: 'pangolin in an archive\n',
}
const BINARY = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 13) % 256))

const archive = (): Buffer => {
  const at = join(dir, 'archived')
  mkdirSync(at)
  writeFileSync(join(at, 'inner.txt'), SECRET.archive)
  const { stdout } = spawnSync('tar', ['-C', at, '-cz', 'inner.txt'])
  rmSync(at, { recursive: true })
  return stdout
}

const ROLE = 'roles/keeper'
const FILES: Record<string, string> = {
  hosts: vault(`one ansible_connection=local from_inventory=${SECRET.inventory}\n[all:vars]\nport=8080\n`),
  'group_vars/all/vault.yml': vault(`from_group: ${SECRET.group}\nnested: {list: [x, "{{ from_group }}"]}\n`),
  'group_vars/all/plain.yml': `deep:\n  - name: a\n    value: ${inline(SECRET.deep, 6)}\n`,
  'host_vars/one.yml': `from_host: ${inline(SECRET.host, 2)}\nfrom_prod: ${inline(SECRET.prod, 2, PROD_KEY)}\nflag: ${inline('yes', 2)}\n`,
  'vars.yml': vault(`from_vars_file: ${SECRET.varsFile}\n`),
  'more.yml': vault(`from_include: ${SECRET.included}\n`),
  'extra.yml': vault(`from_extra: ${SECRET.extra}\n`, PROD_KEY),
  [`${ROLE}/vars/main.yml`]: vault(`from_role: ${SECRET.role}\n`),
  [`${ROLE}/tasks/main.yml`]: vault(`
- name: In a vaulted file of tasks
  copy:
    content: "{{ word }} {{ from_role }}\\n"
    dest: "{{ out }}/tasks"
  vars: {word: ${SECRET.tasks}}
- {name: A file, copy: {src: secret.txt, dest: "{{ out }}/file"}}
- {name: A binary file, copy: {src: secret.bin, dest: "{{ out }}/bin", mode: "0600"}}
- {name: A file as it is, copy: {src: secret.txt, dest: "{{ out }}/still-vaulted", decrypt: false}}
- {name: A directory, copy: {src: tree, dest: "{{ out }}/"}}
- {name: A template, template: {src: page.j2, dest: "{{ out }}/page"}}
- {name: A script, script: run.sh, args: {chdir: "{{ out }}"}}
- {name: An archive, unarchive: {src: pack.tgz, dest: "{{ out }}"}}
- name: What is looked up
  copy:
    dest: "{{ out }}/looked"
    content: |
      {{ lookup('file', 'secret.txt') }}
      {{ lookup('unvault', 'looked.txt') }}
      {{ lookup('template', 'page.j2') }}end
`),
  [`${ROLE}/files/secret.txt`]: vault(SECRET.file),
  [`${ROLE}/files/secret.bin`]: vault(BINARY),
  [`${ROLE}/files/tree/a`]: vault(SECRET.tree),
  [`${ROLE}/files/tree/sub/b`]: 'plain\n',
  [`${ROLE}/files/looked.txt`]: vault(SECRET.looked),
  [`${ROLE}/files/run.sh`]: vault(`#!/bin/sh\n# ${SECRET.script}\necho ran >script\n`),
  [`${ROLE}/templates/page.j2`]: vault(`{% include 'part.j2' %}${SECRET.template} {{ deep[0].value }}\n`),
  [`${ROLE}/templates/part.j2`]: 'part: ',
  'site.yml': `
- hosts: all
  gather_facts: false
  vars_files: [vars.yml]
  tasks:
    - include_vars: more.yml
    - name: Values are like any other text
      copy:
        dest: "{{ out }}/values"
        content: |
          {{ [from_inventory, from_group, nested.list[1], from_host, from_vars_file, from_include, from_extra] | to_json }}
          {{ deep[0].value | upper }} {{ deep | map(attribute='value') | first | length }} {{ from_prod[:7] }}
          {{ hostvars['one'].from_host }} {{ from_host == 'other' }}
    - name: A condition on one
      when: flag | bool
      copy: {content: yes, dest: "{{ out }}/flag"}
    - name: A value as a whole
      copy:
        dest: "{{ out }}/whole"
        content: ${inline('a value in a task', 10)}
    - debug: {var: from_host}
    - debug: {msg: "as base64: {{ from_group | b64encode }}, all: {{ hostvars['one'] }}"}
    - import_role: {name: keeper}
`,
}
for (const [name, content] of Object.entries(FILES)) {
  mkdirSync(dirname(join(dir, name)), { recursive: true })
  writeFileSync(join(dir, name), content.replaceAll('DIR', dir))
}
writeFileSync(join(dir, `${ROLE}/files/pack.tgz`), vault(archive()))
for (const [name, text] of [
  ['password', 'main password\n'],
  ['prod-password', 'prod password\n'],
] as const)
  writeFileSync(join(dir, name), text, { mode: 0o600 })

const IDS = ['--vault-password-file', join(dir, 'password'), '--vault-id', `prod@${join(dir, 'prod-password')}`]
interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}
function regplay(...args: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [REGPLAY, ...args], {
    cwd: dir,
    env: { ...ENV, HOME: dir },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}
const outOf = (name: string): string => {
  mkdirSync(join(dir, name))
  return join(dir, name)
}
const site = (out: string): string[] => ['-i', 'hosts', '-e', '@extra.yml', '-e', `out=${out}`]
const tree = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
      .map(path => [path.slice(root.length + 1), readFileSync(path, 'latin1')]),
  )
/** Every form in which a secret would be read by anybody. */
function unseen(where: string, text: string): void {
  for (const [name, secret] of Object.entries(SECRET))
    for (const line of secret.trimEnd().split('\n')) {
      const forms = [line, line.replaceAll('"', '\\"'), Buffer.from(line).toString('base64').replace(/=+$/, '')]
      for (const form of forms) assert.not(text.includes(form), `${name} in ${where}`)
    }
}

test(
  'a whole site with vaults everywhere, told at -vvvv',
  () => {
    const out = outOf('ours')
    const events = join(dir, 'events')
    const ended = regplay('run', 'site.yml', ...site(out), ...IDS, '-vvvv', '--diff', '--events', events)
    assert.is(ended.status, 0, ended.stdout + ended.stderr)
    const made = tree(out)
    assert.is(made['values']?.split('\n')[2], `${SECRET.host} False`)
    assert.is(made['file'], SECRET.file)
    assert.is(Buffer.compare(Buffer.from(made['bin'] ?? '', 'latin1'), BINARY), 0)
    assert.match(made['still-vaulted'] ?? '', /^\$ANSIBLE_VAULT/)
    assert.is(made['tree/a'], SECRET.tree)
    assert.is(made['page'], `part: ${SECRET.template} ${SECRET.deep}\n`)
    assert.is(made['inner.txt'], SECRET.archive)
    assert.is(made['looked'], `${SECRET.file.trimEnd()}\n${SECRET.looked}\n${made['page']}end\n`)
    assert.match(ended.stdout, '<vaulted value>')
    unseen('the screen', ended.stdout + ended.stderr)
    unseen('the events', readFileSync(events, 'utf8'))
    const again = regplay('run', 'site.yml', ...site(out), ...IDS, '--json', '--skip-tags', 'none')
    unseen('JSON', again.stdout + again.stderr)
    assert.match(again.stdout, /"changed":1,/)
  },
  LONG,
)

const missing = noAnsible()
if (missing) test.skip('Ansible makes the same of the same site', missing)
else
  test(
    'Ansible makes the same of the same site',
    () => {
      const out = outOf('theirs')
      const { status, stdout, stderr } = spawnSync('ansible-playbook', ['site.yml', ...site(out), ...IDS], {
        cwd: dir,
        env: { ...ENV, HOME: dir },
        encoding: 'utf8',
      })
      assert.is(status, 0, stdout + stderr)
      assert.equal(tree(join(dir, 'ours')), tree(out))
    },
    LONG,
  )

test(
  'check: everything else is checked, and what was not opened is counted once',
  () => {
    const none = regplay('check', 'site.yml', '-i', 'hosts', '-e', '@extra.yml')
    assert.is(none.status, 0, none.stderr)
    assert.match(
      none.stderr,
      /warning: 2 vaulted values and 6 vaulted files were not opened, and what is in them not checked \[vault-unopened\]/,
    )
    const some = regplay('check', 'site.yml', '-i', 'hosts', ...IDS.slice(0, 2))
    assert.is(some.status, 0, some.stderr)
    assert.match(some.stderr, /warning: 1 vaulted value was not opened, and what is in it not checked/)
    assert.match(regplay('check', 'site.yml', '-i', 'hosts', ...IDS).stdout, '1 playbook read: no errors\n')
    const wrong = regplay('check', 'site.yml', '-i', 'hosts', '--vault-password-file', join(dir, 'prod-password'))
    assert.is(wrong.status, 65)
    assert.match(
      wrong.stderr,
      /hosts:1:1: error: no vault password opens the vaulted text; tried: 'default' \[vault-password\]/,
    )
    assert.match(wrong.stderr, /plain\.yml:4:7: error: no vault password opens/)
  },
  LONG,
)

/** Two hosts, of which one needs a password that nobody gave. */
const LAZY: Record<string, string> = {
  'lazy/hosts': 'dev ansible_connection=local\nprod ansible_connection=local\n',
  'lazy/host_vars/prod.yml': vault('word: quokka-of-prod\n', PROD_KEY),
  'lazy/host_vars/dev.yml': `unused: ${inline('rabbit-of-prod', 2, PROD_KEY)}\n`,
  'lazy/dev.yml': '- {hosts: dev, gather_facts: false, tasks: [{debug: {msg: fine}}]}\n',
  'lazy/used.yml': '- hosts: dev\n  gather_facts: false\n  tasks:\n    - debug:\n        msg: "{{ unused }}"\n',
  'lazy/other.yml': '- {hosts: dev, gather_facts: false, tasks: [{debug: {msg: "{{ hostvars.prod.word }}"}}]}\n',
  'lazy/all.yml': '- {hosts: all, gather_facts: false, tasks: [{debug: {msg: fine}}]}\n',
}
for (const [name, content] of Object.entries(LAZY)) {
  mkdirSync(dirname(join(dir, name)), { recursive: true })
  writeFileSync(join(dir, name), content)
}
/** What is run without the password of `prod`, its status, and what is said. */
const WITHOUT: Record<string, [playbook: string, status: number, said: RegExp]> = {
  'what nobody uses stays closed': ['dev.yml', 0, /ok=1 .* failed=0/],
  'a value that is used fails its task': [
    'used.yml',
    2,
    /undecryptable variable: no vault password opens the vaulted text of the vault id 'prod'; tried: 'default'; give its password: --vault-id prod@SOURCE[\s\S]*origin: .*dev\.yml:2:3\n/,
  ],
  'variables of another host': ['other.yml', 2, /the variables of prod cannot be read: .*host_vars\/prod\.yml:1:1/],
  'a file that a host of the play needs ends it before it begins': [
    'all.yml',
    65,
    /host_vars\/prod\.yml:1:1: error: no vault password opens the vaulted text of the vault id 'prod'; tried: 'default' \[vault-locked\]/,
  ],
}
for (const [name, [playbook, status, said]] of Object.entries(WITHOUT))
  test(
    `without a password: ${name}`,
    () => {
      const ended = regplay('run', `lazy/${playbook}`, '-i', 'lazy/hosts', ...IDS.slice(0, 2))
      assert.match(ended.stdout + ended.stderr, said)
      if (status === 65) assert.not.match(ended.stdout, /TASK|ok:|fatal:/)
      assert.is(ended.status, status)
    },
    LONG,
  )

test('nothing is left of what was opened', () => {
  const left = ['/dev/shm', tmpdir()].filter(existsSync).flatMap(place => readdirSync(place))
  assert.equal(
    left.filter(name => name.startsWith('regplay-vault-') && name.length === 'regplay-vault-'.length + 6),
    [],
  )
})

test.run()
