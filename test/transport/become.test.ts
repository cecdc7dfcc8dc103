import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { raw } from '../../src/shell/script.ts'
import type { Identity, TransportError } from '../../src/transport/session.ts'
import { play } from '../support/play.ts'
import { suite } from '../support/suite.ts'
import { addUser, has, NOBODY, removeUser, Sshd, whyNoSshd } from './sshd.ts'

const test = suite('become')
const signal = new AbortController().signal
const missing = whyNoSshd() ?? (has('sudo') && has('useradd') ? null : 'sudo or useradd is not installed')

const PASSWORD = 'correct horse "battery" $taple'
const RULES = '/etc/sudoers.d/regplay-test'
const DOAS_PLAY = `- hosts: all
  gather_facts: false
  become: true
  become_method: community.general.doas
  tasks:
    - { command: id -un, register: r }
    - { shell: id -un, async: 30, poll: 0, register: j }
    - { async_status: { jid: "{{ j.ansible_job_id }}" }, register: k, until: k.finished, retries: 100, delay: 0.1 }
    - { command: stat -c %U DIR/jobs, register: s }
    - { debug: { msg: "{{ r.stdout }} {{ k.stdout }} {{ s.stdout }}" } }
`
const USERS = ['rpt-free', 'rpt-pass', 'rpt-none', 'rpt-tty'] as const

const as = (user: string, password?: string, become: Identity['become'] = 'sudo'): Identity => ({
  become,
  user,
  ...(password === undefined ? {} : { password: new Secret(password, 'become password') }),
})

let sshd: Sshd

/** Why somebody cannot become somebody. */
async function refusal(login: string, identity: Identity): Promise<TransportError> {
  const session = sshd.session({ user: login })
  try {
    await session.shell(identity, signal)
  } catch (error) {
    return error as TransportError
  } finally {
    await session.close()
  }
  throw new Error('became it')
}

if (missing) test.skip('sudo, su and doas', missing)
else {
  test.before(async () => {
    for (const user of USERS) addUser(user, '/bin/sh', PASSWORD)
    writeFileSync(
      RULES,
      'rpt-free ALL=(ALL) NOPASSWD: ALL\nrpt-pass ALL=(ALL) ALL\nrpt-tty ALL=(ALL) NOPASSWD: ALL\nDefaults:rpt-tty requiretty\n',
      { mode: 0o440 },
    )
    sshd = await Sshd.start()
  })
  test.after(() => {
    sshd?.stop()
    rmSync(RULES, { force: true })
    for (const user of USERS) removeUser(user)
  })

  test('the line end of a password from a file is no part of it', async () => {
    const session = sshd.session({ user: 'rpt-pass' })
    try {
      const shell = await session.shell(as('root', `${PASSWORD}\r\n`), signal)
      assert.is((await shell.trip([{ script: raw('id -u') }], { signal }))[0]?.stdout, '0\n')
    } finally {
      await session.close()
    }
  }, 20_000)

  const REFUSALS: readonly (readonly [string, string, Identity, RegExp])[] = [
    ['a password is wanted and none was given', 'rpt-pass', as('root'), /wants a password .* none was given/],
    ['the password is wrong', 'rpt-pass', as('root', 'guess'), /the password for sudo .* is wrong/],
    ['the password has lines', 'rpt-pass', as('root', `${PASSWORD}\necho no`), /has several lines/],
    ['nobody allowed it', 'rpt-none', as('root', PASSWORD), /is not allowed to run/],
    ['a terminal is wanted', 'rpt-tty', as('root'), /requiretty/],
    ['there is no such user', 'rpt-free', as('no-such-user'), /there is no user no-such-user/],
    ['su by somebody who is not root', 'rpt-free', as('root', undefined, 'su'), /su .* works for root only/],
    ['su to nobody', 'root', as('no-such-user', undefined, 'su'), /there is no user no-such-user/],
  ]
  for (const [what, login, identity, message] of REFUSALS)
    test(`refused: ${what}`, async () => {
      const error = await refusal(login, identity)
      assert.is(error.kind, 'become')
      assert.match(error.message, message)
      assert.ok(error.remedy)
      assert.not.match(`${error.message}${error.remedy}`, PASSWORD)
    }, 30_000)

  test('a wrong password is offered once in a session, not once a task', async () => {
    const session = sshd.session({ user: 'rpt-pass' })
    try {
      const identity = as('root', 'guess')
      await session.shell(identity, signal).catch(() => undefined)
      const before = session.stats.bytesSent
      const error = await session.shell(identity, signal).catch((fault: TransportError) => fault)
      assert.match(String(error), /is wrong/)
      assert.is(session.stats.bytesSent, before)
    } finally {
      await session.close()
    }
  }, 30_000)

  test('sudo without a password gives a clean root shell', async () => {
    const session = sshd.session({ user: 'rpt-free' })
    try {
      const shell = await session.shell(as('root'), signal)
      assert.is(shell.info.uid, 0)
      assert.is(shell.info.home, '/root')
      const own = await session.shell(NOBODY, signal)
      assert.is(own.info.user, 'rpt-free')
      assert.is(await session.shell(as('root'), signal), shell)
      const [answer] = await shell.trip([{ script: raw('pwd; umask; cat'), stdin: 'x' }], { signal })
      assert.is(answer?.stdout, '/root\n0022\nx')
      assert.is(session.stats.handshakes, 1)
    } finally {
      await session.close()
    }
  })

  test('a password is written after the prompt only, and is in no argument list while sudo runs', async () => {
    const session = sshd.session({ user: 'rpt-pass' })
    const seen: string[] = []
    let watching = true
    const watch = (async () => {
      while (watching) {
        seen.push(...argumentLists())
        await new Promise(resolve => setTimeout(resolve, 2))
      }
    })()
    try {
      const shell = await session.shell(as('root', PASSWORD), signal)
      const answers = await shell.trip(
        [{ script: raw('id -u; sleep 0.3') }, { script: raw('cat'), stdin: new Secret('s3cr3t-in', 'x') }],
        {
          signal,
        },
      )
      assert.is(answers[0]?.stdout, '0\n')
      assert.is(answers[1]?.stdout, 's3cr3t-in')
    } finally {
      watching = false
      await watch
      await session.close()
    }
    const text = seen.join('\n')
    assert.match(text, 'sudo')
    assert.not.match(text, /battery|s3cr3t-in/)
  }, 20_000)

  test('a password that nobody asks for is not written at all', async () => {
    const session = sshd.session({ user: 'rpt-free' })
    try {
      const shell = await session.shell(as('root', PASSWORD), signal)
      const answers = await shell.trip([{ script: raw('id -u') }], { signal })
      assert.is(answers[0]?.stdout, '0\n')
      assert.is(answers[0]?.stderr, '')
    } finally {
      await session.close()
    }
  })

  test('payload goes through sudo with a password byte by byte', async () => {
    const session = sshd.session({ user: 'rpt-pass' })
    try {
      const body = Readable.from([Buffer.from('echo not a command\n'), Buffer.alloc(100_000, 7)])
      const answer = await session.send(as('root', PASSWORD), raw('id -u; wc -c'), body, { signal })
      assert.equal(answer.stdout.split(/\s+/).filter(Boolean), ['0', '100019'])
    } finally {
      await session.close()
    }
  }, 20_000)

  test('a timeout ends what root runs, behind sudo too', async () => {
    const session = sshd.session({ user: 'rpt-free' })
    try {
      const shell = await session.shell(as('root'), signal)
      const error = await shell
        .trip([{ script: raw('trap "" TERM; sleep 7331 & sleep 7331') }], { signal, timeout: 0.3 })
        .catch((fault: TransportError) => fault)
      assert.is((error as TransportError).kind, 'timeout')
      assert.not.match(argumentLists().join('\n'), 'sleep 7331')
      const [answer] = await shell.trip([{ script: raw('id -u') }], { signal })
      assert.is(answer?.stdout, '0\n')
    } finally {
      await session.close()
    }
  }, 20_000)

  test('root needs no sudo to be root', async () => {
    const session = sshd.session()
    try {
      assert.is(await session.shell(as('root'), signal), await session.shell(NOBODY, signal))
      const other = await session.shell(as('rpt-none', undefined, 'su'), signal)
      assert.is(other.info.user, 'rpt-none')
      assert.is(other.info.home, '/home/rpt-none')
    } finally {
      await session.close()
    }
  })

  if (!has('doas')) test.skip('doas', 'doas is not installed')
  else if (existsSync('/etc/doas.conf')) test.skip('doas', 'this machine has a doas.conf of its own')
  else
    test('doas works where a rule allows it, and is refused with the rule that is missing', async () => {
      writeFileSync('/etc/doas.conf', 'permit nopass rpt-free as root cmd /bin/sh\n', { mode: 0o400 })
      const session = sshd.session({ user: 'rpt-free' })
      try {
        assert.is((await session.shell(as('root', undefined, 'doas'), signal)).info.uid, 0)
        const error = await refusal('rpt-none', as('root', undefined, 'doas'))
        assert.is(error.kind, 'become')
        assert.match(error.remedy ?? '', /permit nopass/)
        // And a whole play, a job in the background among its tasks
        const hosts = [
          `box ansible_host=127.0.0.1 ansible_port=${sshd.port} ansible_user=rpt-free`,
          `ansible_ssh_private_key_file=${sshd.keyFile} ansible_async_dir=DIR/jobs`,
          `ansible_ssh_common_args="-o UserKnownHostsFile=${sshd.knownHosts} -o GlobalKnownHostsFile=/dev/null"\n`,
        ].join(' ')
        const { said } = await play(DOAS_PLAY, { hosts })
        assert.equal(said, ['box root root root'])
      } finally {
        rmSync('/etc/doas.conf')
        await session.close()
      }
    }, 60_000)
}

/** The argument lists of all processes of this machine, the sshd's side included. */
function argumentLists(): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
      } catch {
        return []
      }
    })
}

test.run()
