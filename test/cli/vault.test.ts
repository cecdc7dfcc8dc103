// limit: 400
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { formatDiagnostic, InputError } from '../../src/base/diagnostic.ts'
import { Secret } from '../../src/base/secret.ts'
import run, { type VaultFilesOptions } from '../../src/cli/commands/vault.ts'
import { DEFAULTS } from '../../src/cli/config/read.ts'
import { Mask } from '../../src/report/mask.ts'
import { parseYaml } from '../../src/source/yaml.ts'
import { Keyring } from '../../src/vault/keyring.ts'
import { REGPLAY } from '../support/program.ts'
import { noPty, onPty } from '../support/pty.ts'
import { suite } from '../support/suite.ts'
import { ENV, noAnsible } from '../vault/ansible.ts'

const test = suite('cli/vault')
const LONG = 60_000
const dir = mkdtempSync(join(tmpdir(), 'regplay-vault-test-'))
test.after(() => rmSync(dir, { recursive: true }))

const at = (name: string): string => join(dir, name)
const file = (name: string, content: string | Buffer, mode = 0o600): string => {
  writeFileSync(at(name), content)
  chmodSync(at(name), mode)
  return at(name)
}
const PASSWORD = file('password', 'one & only\n')
const OTHER = file('other', 'another\n')
const BY = ['--vault-password-file', PASSWORD]

interface Ended {
  readonly status: number | null
  readonly stdout: Buffer
  readonly stderr: string
}
const environment = { ...ENV, ANSIBLE_HOME: dir, HOME: dir }
function vault(args: readonly string[], more: { input?: string | Buffer; env?: Record<string, string> } = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [REGPLAY, 'vault', ...args], {
    env: { ...environment, ...more.env },
    ...(more.input === undefined ? {} : { input: more.input }),
  })
  return { status, stdout, stderr: stderr.toString() }
}
const fine = (ended: Ended): Ended => {
  assert.is(ended.status, 0, ended.stderr)
  return ended
}
const names = () => readdirSync(dir).sort()

const BINARY = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7) % 256))

test(
  'encrypt and decrypt in place: mode, links and bytes stay, nothing is left beside',
  () => {
    const path = file('bin', BINARY, 0o640)
    symlinkSync(path, at('link'))
    const before = names()
    fine(vault(['encrypt', ...BY, at('link')]))
    assert.match(readFileSync(path, 'utf8'), /^\$ANSIBLE_VAULT;1\.1;AES256\n[0-9a-f]{80}\n/)
    assert.is(statSync(path).mode & 0o7777, 0o640)
    fine(vault(['decrypt', ...BY, path]))
    assert.is(Buffer.compare(readFileSync(path), BINARY), 0)
    assert.is(statSync(path).mode & 0o7777, 0o600, 'what is a secret now is its owner\u2019s alone')
    assert.equal(names(), before)
  },
  LONG,
)

test(
  'what has another name is not overwritten',
  () => {
    const path = file('named', 'text of two names')
    linkSync(path, at('second'))
    fine(vault(['encrypt', ...BY, path]))
    assert.is(readFileSync(at('second'), 'utf8'), 'text of two names')
  },
  LONG,
)

test(
  'standard input and output, byte by byte',
  () => {
    const sealed = fine(vault(['encrypt', ...BY, '--output', '-'], { input: BINARY })).stdout
    assert.is(Buffer.compare(fine(vault(['decrypt', ...BY], { input: sealed })).stdout, BINARY), 0)
    fine(vault(['decrypt', ...BY, '--output', at('out')], { input: sealed }))
    assert.is(Buffer.compare(readFileSync(at('out')), BINARY), 0)
    assert.is(statSync(at('out')).mode & 0o777, 0o600)
  },
  LONG,
)

test(
  'what is shown is not masked: it was asked for',
  () => {
    const sealed = file('self', 'password: one & only\n')
    fine(vault(['encrypt', ...BY, sealed]))
    assert.is(fine(vault(['view', ...BY, sealed])).stdout.toString(), 'password: one & only\n')
  },
  LONG,
)

test(
  'rekey: another password and id; all files are opened before one is written',
  () => {
    const [a, b] = [file('a.yml', 'a: 1\n', 0o644), file('b.yml', 'b: 2\n')]
    fine(vault(['encrypt', ...BY, a]))
    const before = readFileSync(a)
    const failed = vault(['rekey', ...BY, '--new-vault-id', `prod@${OTHER}`, a, b])
    assert.is(failed.status, 65)
    assert.match(failed.stderr, /b\.yml:1:1: error: the file is not vaulted \[vault-plain\]/)
    assert.is(Buffer.compare(readFileSync(a), before), 0)
    assert.match(fine(vault(['rekey', ...BY, '--new-vault-id', `prod@${OTHER}`, a])).stderr, 'Rekey successful')
    assert.match(readFileSync(a, 'utf8'), /^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/)
    assert.is(statSync(a).mode & 0o777, 0o644)
    const ids = ['--vault-id', `dev@${PASSWORD}`, '--vault-id', `prod@${OTHER}`]
    assert.is(fine(vault(['view', ...ids, a])).stdout.toString(), 'a: 1\n')
    const wrong = vault(['view', '--vault-id', `prod@${PASSWORD}`, a])
    assert.is(wrong.status, 65)
    assert.match(wrong.stderr, /a\.yml:1:1: error: no vault password opens .* 'prod'; tried: 'prod' \[vault-password\]/)
  },
  LONG,
)

/** What a command of this process is refused for, and with which status. */
async function refusal(more: Partial<VaultFilesOptions>): Promise<{ exit: number; said: string }> {
  const sink = { write: () => undefined, drained: () => Promise.resolve() }
  const stop = { signal: new AbortController().signal, by: () => undefined, release: () => undefined }
  const desk = { ...{ out: sink, err: sink, stop, mask: new Mask(), env: {} }, config: DEFAULTS }
  const options = { action: 'view' as const, files: [PASSWORD], vaultIds: [], vaultPasswordFiles: [] }
  try {
    await run({ ...options, askVaultPassword: false, ...more }, desk)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { exit: error.exit, said: error.faults.map(formatDiagnostic).join('\n') }
  }
  throw new Error('nothing was refused')
}
const by = (...files: string[]) => ({ vaultPasswordFiles: files })

test(
  'of several passwords that are listed the one that can be had encrypts',
  () => {
    const env = { ANSIBLE_VAULT_IDENTITY_LIST: `a@${at('none')},b@${PASSWORD}` }
    const ended = fine(vault(['encrypt_string', 'x'], { env }))
    assert.match(ended.stdout.toString(), /AES256;b\n/)
    assert.match(ended.stderr, /warning: there is no such vault password file/)
  },
  LONG,
)

/** What is refused, and how. */
const REFUSED: Record<string, [options: Partial<VaultFilesOptions>, exit: number, said: RegExp]> = {
  'several ids and no word which': [
    { action: 'encrypt', vaultIds: [`a@${PASSWORD}`, `b@${OTHER}`] },
    64,
    /several vault passwords could encrypt: 'a', 'b' \[vault-usage\]/,
  ],
  'an id that nobody has': [
    { action: 'encrypt', vaultIds: [`a@${PASSWORD}`], encryptVaultId: 'c' },
    64,
    /Did not find a match for --encrypt-vault-id=c in the known vault-ids \['a'\]/,
  ],
  'an id that spoils the header': [
    { action: 'encrypt', vaultIds: [`a;b@${PASSWORD}`] },
    64,
    /'a;b' cannot be a vault id/,
  ],
  'one output for two files': [{ action: 'decrypt', files: ['a', 'b'], output: 'c' }, 64, /--output is for one file/],
  'a password file that is not there': [{ vaultIds: ['a@/no/such'] }, 66, /\/no\/such:1:1: .*vault-source/],
  'a file that is not there': [{ files: ['/no/such'], ...by(PASSWORD) }, 66, /\/no\/such:1:1: .*ENOENT \[vault-file\]/],
  'a password program that fails': [
    by(file('fails', '#!/bin/sh\nexit 3\n', 0o700)),
    65,
    /the vault password program ended with 3 \[vault-source\]/,
  ],
  'a program whose interpreter is not there': [
    by(file('lost', '#!/no/such\n', 0o700)),
    65,
    /cannot be started: ENOENT/,
  ],
  'a program that is none': [
    by(file('program', 'hunter2\n', 0o700)),
    65,
    /it may be executed and is no program [\s\S]*chmod -x/,
  ],
  'an empty password': [by(file('empty', ' \n')), 65, /an empty vault password/],
  'a source that gives none stands back for one that does': [
    by('/no/such', PASSWORD),
    65,
    /password:1:1: .*vault-plain/,
  ],
}
for (const [name, [options, exit, said]] of Object.entries(REFUSED))
  test(`refused: ${name}`, async () => {
    const refused = await refusal(options)
    assert.match(refused.said, said)
    assert.is(refused.exit, exit)
  })

test(
  'vaulted twice is refused',
  () => {
    const path = file('twice', 'x')
    fine(vault(['encrypt', ...BY, path]))
    assert.match(
      vault(['encrypt', ...BY, path]).stderr,
      /twice:1:1: error: the file is vaulted already \[vault-already\]/,
    )
  },
  LONG,
)

test(
  'password programs, the ones that know ids too; settings; a vaulted password file',
  () => {
    const script = file('script.sh', '#!/bin/sh\necho "one & only"\n', 0o700)
    const client = file('keys-client.py', '#!/bin/sh\n[ "$1 $2" = "--vault-id prod" ] && echo another\n', 0o700)
    const path = file('scripted', 'x: 1\n')
    fine(vault(['encrypt', '--vault-password-file', script, path]))
    assert.is(
      fine(vault(['view', path], { env: { ANSIBLE_VAULT_PASSWORD_FILE: PASSWORD } })).stdout.toString(),
      'x: 1\n',
    )
    fine(vault(['rekey', path, '--new-vault-id', `prod@${client}`], { env: { ANSIBLE_VAULT_IDENTITY_LIST: PASSWORD } }))
    assert.match(readFileSync(path, 'utf8'), /;prod\n/)
    const inner = file('inner', 'another\n')
    fine(vault(['encrypt', ...BY, inner]))
    const ids = ['--vault-id', `x@${PASSWORD}`, '--vault-id', `prod@${inner}`]
    assert.is(fine(vault(['view', ...ids, path])).stdout.toString(), 'x: 1\n')
    const strict = vault(['view', '--vault-id', `x@${OTHER}`, path], { env: { ANSIBLE_VAULT_ID_MATCH: 'yes' } })
    assert.match(strict.stderr, /'prod' was not opened: no password has this id \[vault-locked\]/)
  },
  LONG,
)

const OPENING = new Keyring([{ id: 'default', password: new Secret('one & only', 'vault password') }])

/** Opens what encrypt_string printed, by a file of variables. */
function values(yaml: Buffer): Record<string, string> {
  const { node, faults } = parseYaml(yaml.toString(), 'out')
  assert.equal(faults, [])
  if (node?.kind !== 'mapping') throw new Error(`no variables: ${yaml}`)
  return Object.fromEntries(
    node.entries.map(({ key, value }) => {
      const text = value.kind === 'scalar' ? value.text : ''
      return [key.text, OPENING.open(text, value.span).plain.toString()]
    }),
  )
}
test(
  'encrypt_string: names, standard input, files',
  () => {
    const two = fine(vault(['encrypt_string', ...BY, 'one', 'zwö', '--name', 'a', '--name', 'b']))
    assert.match(two.stdout.toString(), /^a: !vault \|\n {10}\$ANSIBLE_VAULT;1\.1;AES256\n/)
    assert.match(two.stderr, "# The variable 'a', #1, from the command line.")
    assert.equal(values(two.stdout), { a: 'one', b: 'zwö' })
    const piped = fine(vault(['encrypt_string', ...BY, '--stdin-name', 'c'], { input: 'with\nlines\n' }))
    assert.equal(values(piped.stdout), { c: 'with\nlines\n' })
    fine(vault(['encrypt-string', ...BY, 'x', '--output', at('string')]))
    assert.match(readFileSync(at('string'), 'utf8'), /^!vault \|\n/)
    assert.match(vault(['encrypt_string', ...BY], { input: '' }).stderr, /the text from standard input is empty/)
  },
  LONG,
)

/** An editor that looks around, and then does as it is told. */
const editor = (name: string, act: string): string =>
  file(
    name,
    `#!/bin/sh
umask 077
cp "$1" ${at('seen')}
stat -c '%a %U' "$1" "$(dirname "$1")" >${at('modes')}
echo "$1" >${at('where')}
cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' >${at('processes')}
${act}
`,
    0o700,
  )
const where = (): string => readFileSync(at('where'), 'utf8').trim()
const WORD = 'zebra-41-stripes'

test(
  'edit: a private file in memory, gone afterwards; the id stays',
  () => {
    const path = file('edited.yml', `word: ${WORD}\n`, 0o644)
    fine(vault(['encrypt', '--vault-id', `dev@${PASSWORD}`, path]))
    const EDITOR = `${editor('editor', 'echo "more: 1" >>"$1"')} `
    fine(vault(['edit', '--vault-id', `dev@${PASSWORD}`, path], { env: { EDITOR } }))
    assert.is(fine(vault(['view', ...BY, path])).stdout.toString(), `word: ${WORD}\nmore: 1\n`)
    assert.match(readFileSync(path, 'utf8'), /;dev\n/)
    assert.is(statSync(path).mode & 0o777, 0o644)
    assert.match(readFileSync(at('modes'), 'utf8'), /^600 \w+\n700 \w+\n$/)
    assert.match(where(), /\.yml$/)
    if (existsSync('/dev/shm')) assert.match(where(), /^\/dev\/shm\//)
    assert.not(existsSync(join(where(), '..')))
    const processes = readFileSync(at('processes'), 'utf8')
    assert.match(processes, 'vault', 'there were processes to look at')
    for (const secret of [WORD, 'one & only']) assert.not(processes.includes(secret), 'no argument, no environment')
  },
  LONG,
)

test(
  'edit: an editor that fails saves nothing',
  () => {
    const path = file('failing', 'x: 1\n')
    fine(vault(['encrypt', ...BY, path]))
    const before = readFileSync(path)
    const ended = vault(['edit', ...BY, path], {
      env: { EDITOR: editor('failing-editor', 'echo more >>"$1"; exit 4') },
    })
    assert.match(ended.stderr, /ended with 4: nothing was saved \[vault-editor\]/)
    assert.is(Buffer.compare(readFileSync(path), before), 0)
    assert.not(existsSync(join(where(), '..')))
  },
  LONG,
)

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  test(
    `edit: ${signal} leaves nothing behind`,
    async () => {
      const path = file('ended', 'x: 1\n')
      fine(vault(['encrypt', ...BY, path]))
      rmSync(at('ready'), { force: true })
      const EDITOR = editor('waiting', `touch ${at('ready')}; exec sleep 60`)
      const child = spawn(process.execPath, [REGPLAY, 'vault', 'edit', ...BY, path], {
        env: { ...environment, EDITOR },
        stdio: 'ignore',
      })
      const ended = new Promise<number | null>(resolve => child.on('exit', code => resolve(code)))
      while (!existsSync(at('ready'))) await new Promise(resolve => setTimeout(resolve, 20))
      child.kill(signal)
      assert.is(await ended, status)
      assert.not(existsSync(join(where(), '..')))
      assert.match(readFileSync(path, 'utf8'), /^\$ANSIBLE_VAULT/)
    },
    LONG,
  )

test(
  'create: a new file, never an old one',
  () => {
    const EDITOR = editor('creating', 'echo "new: 1" >"$1"')
    fine(vault(['create', ...BY, at('sub/new.yml')], { env: { EDITOR } }))
    assert.is(fine(vault(['view', ...BY, at('sub/new.yml')])).stdout.toString(), 'new: 1\n')
    assert.is(vault(['create', ...BY, at('sub/new.yml')], { env: { EDITOR } }).status, 64)
  },
  LONG,
)

const lacking = noPty()
if (lacking) test.skip('passwords are asked for', lacking)
else
  test(
    'passwords are asked for',
    async () => {
      const path = file('asked', 'x: 1\n')
      const run = (args: string[], moves: { expect: string; send: string }[]) =>
        onPty([process.execPath, REGPLAY, 'vault', ...args], { moves, limit: 30, env: { HOME: dir, PAGER: 'cat' } })
      const twice = (second: string) => [
        { expect: 'New vault password (dev): ', send: 'typed\r' },
        { expect: 'Confirm new vault password (dev): ', send: `${second}\r` },
      ]
      const differing = await run(['encrypt', '--vault-id', 'dev@prompt', path], twice('typo'))
      assert.match(differing.screen, 'the two vault passwords differ')
      assert.is(readFileSync(path, 'utf8'), 'x: 1\n')
      assert.is((await run(['encrypt', '--vault-id', 'dev@prompt', path], twice('typed'))).status, 0)
      const { screen, status } = await run(['view', '-J', path], [{ expect: 'Vault password: ', send: 'typed\r' }])
      assert.match(screen, 'x: 1')
      assert.not(screen.includes('typed'))
      assert.is(status, 0)
    },
    LONG,
  )

const PAGERS: Record<string, [pager: string, status: number, said: string]> = {
  'a pager that is not here is done without': ['no-such-pager', 0, 'x: 1'],
  'a pager that fails is told of': ['cat >/dev/null; exit 3', 64, 'ended with status 3'],
}
for (const [title, [pager, wanted, said]] of Object.entries(PAGERS))
  if (lacking) test.skip(title, lacking)
  else
    test(
      title,
      async () => {
        const path = file('paged', 'x: 1\n')
        fine(vault(['encrypt', ...BY, path]))
        const env = { HOME: dir, PAGER: pager }
        const command = [process.execPath, REGPLAY, 'vault', 'view', ...BY, path]
        const { screen, status } = await onPty(command, { moves: [], limit: 30, env })
        assert.match(screen, said)
        assert.is(status, wanted)
      },
      LONG,
    )

const missing = noAnsible()
if (missing) test.skip('files go to ansible-vault and come from it', missing)
else
  test(
    'files go to ansible-vault and come from it',
    () => {
      const ansible = (args: string[], input = '') => {
        const { status, stdout, stderr } = spawnSync('ansible-vault', args, {
          input,
          env: environment,
          encoding: 'utf8',
        })
        assert.is(status, 0, stderr)
        return stdout
      }
      const id = ['--vault-id', `prod@${PASSWORD}`]
      const path = file('theirs.yml', 'ä: ☃\r\n')
      fine(vault(['encrypt', ...id, path]))
      assert.is(ansible(['view', ...id, path]), 'ä: ☃\r\n')
      ansible(['rekey', ...id, '--new-vault-password-file', OTHER, path])
      assert.is(fine(vault(['view', '--vault-password-file', OTHER, path])).stdout.toString(), 'ä: ☃\r\n')
      const string = ansible(['encrypt_string', ...BY, '--stdin-name', 'v'], 'their text')
      assert.equal(values(Buffer.from(`${string}\n`)), { v: 'their text' })
      const ours = parseYaml(fine(vault(['encrypt_string', ...BY, 'our text', '-n', 'v'])).stdout.toString(), 'x').node
      const armour =
        ours?.kind === 'mapping' && ours.entries[0]?.value.kind === 'scalar' ? ours.entries[0].value.text : ''
      assert.is(ansible(['decrypt', ...BY], armour), 'our text')
    },
    LONG,
  )

test.run()
