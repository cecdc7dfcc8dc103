import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { raw, sh } from '../../src/shell/script.ts'
import type { ConnectionSpec, TransportError } from '../../src/transport/session.ts'
import { suite } from '../support/suite.ts'
import { addUser, has, NOBODY, removeUser, Sshd, whyNoSshd } from './sshd.ts'

const test = suite('login')
const signal = new AbortController().signal
const missing = whyNoSshd() ?? (has('useradd') ? null : 'useradd is not installed')

const USER = 'rpt-login'
const PASSWORD = 'pass word'
let sshd: Sshd

async function refusal(more: Partial<ConnectionSpec>): Promise<TransportError> {
  const session = sshd.session(more)
  try {
    await session.shell(NOBODY, signal)
  } catch (error) {
    return error as TransportError
  } finally {
    await session.close()
  }
  throw new Error('it let us in')
}

async function whoami(more: Partial<ConnectionSpec>): Promise<string> {
  const session = sshd.session(more)
  try {
    const shell = await session.shell(NOBODY, signal)
    const [answer] = await shell.trip([{ script: raw('id -un') }], { signal })
    return answer?.stdout.trim() ?? ''
  } finally {
    await session.close()
  }
}

/** Everything but the key of the test site, which is taken away. */
const without = (spec: ConnectionSpec): Omit<ConnectionSpec, 'keyFile'> => {
  const { keyFile: _key, ...rest } = spec
  return rest
}

if (missing) test.skip('logins', missing)
else {
  let home: string | undefined
  let agent: string | undefined
  test.before(async () => {
    sshd = await Sshd.start()
    addUser(USER, '/bin/sh', PASSWORD)
    home = process.env['HOME']
    agent = process.env['SSH_AUTH_SOCK']
    process.env['HOME'] = sshd.dir
    delete process.env['SSH_AUTH_SOCK']
  })
  test.after(() => {
    process.env['HOME'] = home
    if (agent !== undefined) process.env['SSH_AUTH_SOCK'] = agent
    sshd?.stop()
    removeUser(USER)
  })

  test('an unknown host key is refused with its fingerprint and the way to accept it', async () => {
    const real =
      execFileSync('ssh-keygen', ['-lf', join(sshd.dir, 'host.pub')])
        .toString()
        .split(' ')[1] ?? ''
    const error = await refusal({ options: { UserKnownHostsFile: '/dev/null' } })
    assert.is(error.kind, 'hostkey')
    assert.ok(error.message.includes(real), error.message)
    assert.match(error.remedy ?? '', `ssh-keyscan -p ${sshd.port} 127.0.0.1`)
    assert.match(error.remedy ?? '', 'accept-new')
  })

  test('a changed host key is refused with file, line and both fingerprints, with accept-new too', async () => {
    const file = join(sshd.dir, 'changed')
    writeFileSync(file, `# first line\n[127.0.0.1]:${sshd.port} ${readFileSync(join(sshd.dir, 'id.pub'), 'utf8')}`)
    for (const hostKeyChecking of ['strict', 'accept-new'] as const) {
      const error = await refusal({ hostKeyChecking, options: { UserKnownHostsFile: file } })
      assert.is(error.kind, 'hostkey')
      assert.match(error.message, `${file}:2`)
      assert.is(error.message.match(/SHA256:/g)?.length, 2)
    }
  })

  test('a revoked host key is refused even when nothing is checked', async () => {
    const file = join(sshd.dir, 'revoked')
    writeFileSync(file, `@revoked * ${readFileSync(join(sshd.dir, 'host.pub'), 'utf8')}`)
    for (const hostKeyChecking of ['strict', 'off'] as const) {
      const error = await refusal({ hostKeyChecking, options: { UserKnownHostsFile: file } })
      assert.is(error.kind, 'hostkey')
      assert.match(error.message, /revoked/)
    }
  })

  test('a changed host key, where nothing is checked: keys may be shown, a password is not told', async () => {
    const file = join(sshd.dir, 'changed-off')
    execFileSync('ssh-keygen', ['-q', '-N', '', '-t', 'ed25519', '-f', join(sshd.dir, 'former')])
    writeFileSync(file, `[127.0.0.1]:${sshd.port} ${readFileSync(join(sshd.dir, 'former.pub'), 'utf8')}`)
    const more = { hostKeyChecking: 'off', options: { UserKnownHostsFile: file } } as const
    assert.is(await whoami(more), 'root')
    const stranger = join(sshd.dir, 'stranger')
    execFileSync('ssh-keygen', ['-q', '-N', '', '-t', 'ed25519', '-f', stranger])
    const error = await refusal({ ...more, keyFile: stranger, password: new Secret('mine', 'password') })
    assert.match(error.message, /tried: password withheld, since the host key has changed; key .*stranger/)
  })

  test('a certificate authority is refused clearly', async () => {
    const file = join(sshd.dir, 'authority')
    writeFileSync(file, `@cert-authority * ${readFileSync(join(sshd.dir, 'id.pub'), 'utf8')}`)
    const error = await refusal({ options: { UserKnownHostsFile: file } })
    assert.match(error.message, /certificate authority/)
  })

  test('accept-new writes the key down once, and is strict from then on', async () => {
    const file = join(sshd.dir, 'new/known_hosts')
    const more = { options: { UserKnownHostsFile: file } }
    assert.is(await whoami({ ...more, hostKeyChecking: 'accept-new' }), 'root')
    assert.is(readFileSync(file, 'utf8').trim().split('\n').length, 1)
    assert.is(await whoami({ ...more, hostKeyChecking: 'strict' }), 'root')
  })

  test('a refused login says what was tried and what is accepted', async () => {
    execFileSync('ssh-keygen', ['-q', '-N', '', '-t', 'ed25519', '-f', join(sshd.dir, 'other')])
    const error = await refusal({ keyFile: join(sshd.dir, 'other'), password: new Secret('wrong', 'password') })
    assert.is(error.kind, 'auth')
    assert.match(error.message, /refused the login \(tried: key .*other; password.*accepts: publickey, password/)
    assert.not.match(error.message, 'wrong')
  })

  test('a key file that cannot be used says why', async () => {
    const locked = join(sshd.dir, 'locked')
    if (!existsSync(locked)) execFileSync('ssh-keygen', ['-q', '-N', 'open sesame', '-t', 'ed25519', '-f', locked])
    const rows: readonly (readonly [Partial<ConnectionSpec>, RegExp])[] = [
      [{ keyFile: '/nonexistent/key' }, /cannot be read/],
      [{ keyFile: locked }, /encrypted and no passphrase was given/],
      [{ keyFile: locked, keyPassphrase: new Secret('wrong', 'passphrase') }, /passphrase does not open/],
      [{ keyFile: join(sshd.dir, 'config') }, /cannot be used/],
    ]
    for (const [more, message] of rows) {
      const error = await refusal(more)
      assert.is(error.kind, 'auth')
      assert.match(error.message, message)
    }
    appendFileSync(join(sshd.dir, 'authorized'), readFileSync(`${locked}.pub`))
    assert.is(await whoami({ keyFile: locked, keyPassphrase: new Secret('open sesame', 'passphrase') }), 'root')
  })

  test('a password logs in', async () => {
    const spec = { ...without(sshd.spec()), user: USER, password: new Secret(PASSWORD, 'password') } as ConnectionSpec
    const { CarriedSession } = await import('../../src/transport/carried-session.ts')
    const { SshCarrier } = await import('../../src/transport/ssh.ts')
    const session = new CarriedSession(spec, new SshCarrier(spec))
    try {
      assert.is((await session.shell(NOBODY, signal)).info.user, USER)
    } finally {
      await session.close()
    }
  })

  test('an agent logs in, and default keys do', async () => {
    const { connect } = await import('../../src/transport/connect.ts')
    const spec = without(sshd.spec()) as ConnectionSpec
    const nobody = connect(spec)
    const error = await nobody.shell(NOBODY, signal).catch((fault: TransportError) => fault)
    assert.match(String(error), /nothing to try/)
    await nobody.close()

    const socket = join(sshd.dir, 'agent')
    const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
    try {
      for (let i = 0; i < 100 && !existsSync(socket); i++) await new Promise(resolve => setTimeout(resolve, 20))
      execFileSync('ssh-add', ['-q', sshd.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
      process.env['SSH_AUTH_SOCK'] = socket
      const byAgent = connect(spec)
      assert.is((await byAgent.shell(NOBODY, signal)).info.user, 'root')
      await byAgent.close()
    } finally {
      delete process.env['SSH_AUTH_SOCK']
      child.kill()
    }

    execFileSync('sh', ['-c', 'mkdir -p "$1/.ssh"; cp "$1/id" "$1/.ssh/id_ed25519"', 'sh', sshd.dir])
    const byDefault = connect(spec)
    assert.is((await byDefault.shell(NOBODY, signal)).info.user, 'root')
    await byDefault.close()
  })

  for (const shell of ['bash', 'dash', 'fish', 'tcsh', 'zsh', 'mksh', 'yash']) {
    if (!has(shell)) test.skip(`login shell ${shell}`, `${shell} is not installed`)
    else
      test(`a login shell ${shell} does not matter`, async () => {
        execFileSync('/usr/sbin/usermod', [
          '-s',
          execFileSync('sh', ['-c', `command -v ${shell}`])
            .toString()
            .trim(),
          USER,
        ])
        const session = sshd.session({ user: USER })
        try {
          const hostile = 'it\'s "$HOME" `id` \\ !! \n\\'
          const remote = await session.shell(NOBODY, signal)
          const [answer] = await remote.trip([{ script: sh`printf %s ${hostile}` }], { signal })
          assert.is(answer?.stdout, hostile)
        } finally {
          await session.close()
        }
      }, 20_000)
  }

  test('a login shell that refuses is shown with what it said', async () => {
    for (const [shell, message] of [
      ['/usr/sbin/nologin', /This account is currently not available/],
      ['/bin/false', /status 1.*said nothing/],
    ] as const) {
      execFileSync('/usr/sbin/usermod', ['-s', shell, USER])
      const error = await refusal({ user: USER })
      assert.is(error.kind, 'auth')
      assert.match(error.message, message)
      assert.match(error.remedy ?? '', 'chsh')
    }
    execFileSync('/usr/sbin/usermod', ['-s', '/bin/sh', USER])
  })

  test('a forced command and sftp only are one clear line', async () => {
    const other = await Sshd.start(['ForceCommand echo only this'])
    const sftp = await Sshd.start(['ForceCommand internal-sftp'])
    try {
      for (const [server, message] of [
        [other, /it said: only this/],
        [sftp, /refused to run|sftp/],
      ] as const) {
        const session = server.session()
        const error = await session.shell(NOBODY, signal).catch((fault: TransportError) => fault)
        assert.match(String(error), message)
        await session.close()
      }
    } finally {
      other.stop()
      sftp.stop()
    }
  }, 20_000)

  test('a noisy start-up file and a banner are not heard', async () => {
    execFileSync('/usr/sbin/usermod', ['-s', '/bin/bash', USER])
    const noise =
      'printf "\\033[2J\\033]0;title\\007Welcome\\n"; echo oops >&2; alias cd=echo; set -u; umask 077; export IFS=x\n'
    const file = `/home/${USER}/.bashrc`
    writeFileSync(file, noise)
    assert.is(await whoami({ user: USER }), USER)
    const session = sshd.session({ user: USER })
    try {
      const shell = await session.shell(NOBODY, signal)
      const [answer] = await shell.trip([{ script: raw('cd /; pwd; umask; a="1 2"; printf "%s|" $a; echo $unset') }], {
        signal,
      })
      assert.is(answer?.stdout, '/\n0022\n1|2|\n')
      assert.is(answer?.stderr, '')
    } finally {
      await session.close()
    }
  })
}

test.run()
