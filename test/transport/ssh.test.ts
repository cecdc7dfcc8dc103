import { createHash } from 'node:crypto'
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { Readable } from 'node:stream'
import * as assert from 'uvu/assert'
import { raw, sh } from '../../src/shell/script.ts'
import { CarriedSession } from '../../src/transport/carried-session.ts'
import type { ConnectionSpec, Shell, TransportError } from '../../src/transport/session.ts'
import { SshCarrier } from '../../src/transport/ssh.ts'
import { suite } from '../support/suite.ts'
import { NOBODY, Sshd, whyNoSshd } from './sshd.ts'

const test = suite('ssh')
const signal = new AbortController().signal
const missing = whyNoSshd()

let sshd: Sshd

/** A session for one test. */
async function within(use: (session: CarriedSession, shell: Shell) => Promise<void>, server = sshd): Promise<void> {
  const session = server.session()
  try {
    await use(session, await session.shell(NOBODY, signal))
  } finally {
    await session.close()
  }
}

const fault = (work: Promise<unknown>): Promise<TransportError> =>
  work.then(
    () => assert.unreachable('it went well'),
    error => error,
  ) as Promise<TransportError>

/** The sshd process that serves the connection in which `$$` is a descendant: its parent chain ends at our daemon. */
function sessionDaemon(pid: number, server = sshd): number {
  for (let at = pid; at > 1; ) {
    const status = readFileSync(`/proc/${at}/status`, 'utf8')
    const parent = Number(/^PPid:\t(\d+)/m.exec(status)?.[1] ?? 0)
    if (parent === server.pid) return at
    at = parent
  }
  throw new Error(`${pid} is no child of our sshd`)
}

/** Whether a process exists and is no zombie. */
function alive(pid: number): boolean {
  try {
    return /^State:\s+[^ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** A machine that is reached through ours, by the same key. */
const spec = (behind: Sshd): ConnectionSpec => {
  appendFileSync(`${behind.dir}/authorized`, readFileSync(`${sshd.keyFile}.pub`))
  const options = { ProxyJump: `root@127.0.0.1:${sshd.port}`, ServerAliveInterval: '1', ServerAliveCountMax: '2' }
  return sshd.spec({ port: behind.port, options })
}

const pidOf = async (shell: Shell): Promise<number> => {
  const [answer] = await shell.trip([{ script: raw('echo $$') }], { signal })
  return Number(answer?.stdout)
}

const running = (what: string): boolean =>
  readdirSync('/proc').some(name => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(what)
    } catch {
      return false
    }
  })

if (missing) test.skip('sessions', missing)
else {
  test.before(async () => {
    sshd = await Sshd.start()
  })
  test.after(() => sshd?.stop())

  test('many fragments are one trip, and a hundred trips are one handshake without 40 ms stalls', () =>
    within(async (session, shell) => {
      assert.is(shell.info.uid, 0)
      const before = session.stats.trips
      const many = Array.from({ length: 50 }, (_, i) => ({ script: sh`echo ${i}; exit ${i}` }))
      const answers = await shell.trip(many, { signal })
      assert.equal(
        answers.map(answer => answer.code),
        many.map((_, i) => i),
      )
      assert.is(session.stats.trips, before + 1)
      for (let i = 0; i < 100; i++) await shell.trip([{ script: raw(':') }], { signal })
      assert.is(session.stats.trips, before + 101)
      assert.is(session.stats.handshakes, 1)
    }))

  test('trips asked for side by side come back each with its own answer', () =>
    within(async (_session, shell) => {
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, i) => shell.trip([{ script: sh`echo ${i}` }], { signal })),
      )
      assert.equal(
        all.map(([answer]) => answer?.stdout),
        Array.from({ length: 20 }, (_, i) => `${i}\n`),
      )
    }))

  test('exit 255 is an answer, not a lost connection', () =>
    within(async (_session, shell) => {
      const [answer] = await shell.trip([{ script: raw('exit 255') }], { signal })
      assert.is(answer?.code, 255)
    }))

  test('a connection that is cut mid-command is lost, and the next trip makes a new one', () =>
    within(async (session, shell) => {
      const daemon = sessionDaemon(await pidOf(shell))
      const lost = fault(shell.trip([{ script: raw('sleep 5') }], { signal }))
      setTimeout(() => process.kill(daemon, 'SIGKILL'), 100)
      const error = await lost
      assert.is(error.kind, 'lost')
      assert.match(error.message, /unknown/)
      const [answer] = await shell.trip([{ script: raw('echo again') }], { signal })
      assert.is(answer?.stdout, 'again\n')
      assert.is(session.stats.handshakes, 2)
    }))

  test('a killed shell is lost too, and says how', () =>
    within(async (_session, shell) => {
      const error = await fault(shell.trip([{ script: raw('kill -9 $$; sleep 1') }], { signal }))
      assert.is(error.kind, 'lost')
      assert.match(error.message, /SIGKILL/)
    }))

  test('a stalled sshd is found out by its silence', async () => {
    const session = sshd.session({ options: { ServerAliveInterval: '1', ServerAliveCountMax: '2' } })
    try {
      const shell = await session.shell(NOBODY, signal)
      const daemon = sessionDaemon(await pidOf(shell))
      process.kill(daemon, 'SIGSTOP')
      try {
        const error = await fault(shell.trip([{ script: raw('echo never') }], { signal }))
        assert.is(error.kind, 'lost')
        assert.match(error.message, /no sign of life/)
      } finally {
        process.kill(daemon, 'SIGCONT')
      }
    } finally {
      await session.close()
    }
  }, 20_000)

  test('a silent command on a healthy link is not taken for a dead peer', async () => {
    const session = sshd.session({ options: { ServerAliveInterval: '1', ServerAliveCountMax: '1' } })
    try {
      const shell = await session.shell(NOBODY, signal)
      const [answer] = await shell.trip([{ script: raw('sleep 4; echo still here') }], { signal })
      assert.is(answer?.stdout, 'still here\n')
    } finally {
      await session.close()
    }
  }, 20_000)

  test('a timeout ends the command with its children, stopped ones too', () =>
    within(async (_session, shell) => {
      const error = await fault(
        shell.trip([{ script: raw('sleep 7441 & sh -c "sleep 7441; :" & kill -STOP $$; wait') }], {
          signal,
          timeout: 0.3,
        }),
      )
      assert.is(error.kind, 'timeout')
      assert.match(error.message, /timed out after 0.3 s/)
      assert.not.ok(running('sleep 7441'))
    }))

  test('an abort ends the command with its children', () =>
    within(async (_session, shell) => {
      const abort = new AbortController()
      const stopped = fault(shell.trip([{ script: raw('sleep 7551 & wait') }], { signal: abort.signal }))
      setTimeout(() => abort.abort(), 300)
      assert.is((await stopped).kind, 'aborted')
      assert.not.ok(running('sleep 7551'))
    }))

  test('who waits for a shell that another began to open gets one, though the other gives up', async () => {
    const session = sshd.session()
    try {
      const impatient = new AbortController()
      const first = fault(session.shell(NOBODY, impatient.signal))
      const second = session.shell(NOBODY, signal)
      impatient.abort()
      assert.is((await first).kind, 'aborted')
      const [answer] = await (await second).trip([{ script: sh`echo here` }], { signal })
      assert.is(answer?.stdout, 'here\n')
    } finally {
      await session.close()
    }
  })

  test('closing a session ends what still runs', async () => {
    const session = sshd.session()
    const shell = await session.shell(NOBODY, signal)
    const stopped = fault(shell.trip([{ script: raw('sleep 7661') }], { signal }))
    await new Promise(resolve => setTimeout(resolve, 300))
    await session.close()
    assert.is((await stopped).kind, 'aborted')
    assert.not.ok(running('sleep 7661'))
  })

  test('what is left in the background does not hold up the answer, and outlives a later timeout', () =>
    within(async (_session, shell) => {
      const [answer] = await shell.trip([{ script: raw('sleep 7771 & echo started $!') }], { signal })
      const pid = Number(/started (\d+)/.exec(answer?.stdout ?? '')?.[1])
      try {
        const error = await fault(shell.trip([{ script: raw('sleep 5') }], { signal, timeout: 0.2 }))
        assert.is(error.kind, 'timeout')
        assert.ok(running('sleep 7771'))
      } finally {
        process.kill(pid)
      }
    }))

  test(
    '100 MB on stdout and 20 MB on stderr are counted, not kept',
    () =>
      within(async (_session, shell) => {
        const before = process.memoryUsage().rss
        const script = raw('head -c 100000000 /dev/zero & yes error | head -c 20000000 >&2; wait; exit 3')
        const [answer, after] = await shell.trip([{ script, keep: 1000 }, { script: raw('echo fine') }], { signal })
        assert.is(answer?.code, 3)
        assert.is(answer?.stdoutBytes.length, 1000)
        assert.is(answer?.dropped, 120_000_000 - 2000)
        assert.is(after?.stdout, 'fine\n')
        const growth = process.memoryUsage().rss - before
        // What is freed and not yet collected counts too; had it been kept, it would be 120 MB at least.
        assert.ok(growth < 100_000_000, `grew by ${growth} bytes`)
      }),
    60_000,
  )

  test(
    '200 MB go up, hashed on both sides, with flat memory',
    () =>
      within(async (session, _shell) => {
        const hash = createHash('sha256')
        const body = Readable.from(
          (function* () {
            for (let i = 0; i < 800; i++) {
              const chunk = Buffer.alloc(256 * 1024, `${i} some text that changes `)
              hash.update(chunk)
              yield chunk
            }
          })(),
        )
        const before = process.memoryUsage().rss
        const answer = await session.send(NOBODY, raw('sha256sum | cut -c1-64'), body, { signal })
        assert.is(answer.stdout.trim(), hash.digest('hex'))
        const growth = process.memoryUsage().rss - before
        assert.ok(growth < 96 * 1024 * 1024, `grew by ${growth} bytes`)
      }),
    120_000,
  )

  test('a script that stops reading ends the upload with its own status', () =>
    within(async (session, _shell) => {
      const body = Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(65_536)
        })(),
      )
      const answer = await session.send(NOBODY, raw('head -c 10 >/dev/null; echo full >&2; exit 28'), body, { signal })
      assert.equal([answer.code, answer.stderr], [28, 'full\n'])
      assert.ok(body.destroyed)
    }))

  test('a body that breaks is the error, and the script is ended', () =>
    within(async (session, _shell) => {
      const body = new Readable({ read() {} })
      body.push('some')
      setTimeout(() => body.destroy(new Error('disk on fire')), 200)
      const error = await fault(session.send(NOBODY, raw('cat >/dev/null; sleep 7881'), body, { signal }))
      assert.is(error.message, 'disk on fire')
      assert.not.ok(running('sleep 7881'))
    }))

  test('an upload whose connection is cut is lost', () =>
    within(async (session, shell) => {
      const daemon = sessionDaemon(await pidOf(shell))
      const body = Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(65_536)
        })(),
      )
      setTimeout(() => process.kill(daemon, 'SIGKILL'), 300)
      const error = await fault(session.send(NOBODY, raw('cat >/dev/null'), body, { signal }))
      assert.is(error.kind, 'lost')
    }))

  test(
    'a download is as fast as its reader, whole, and a failure at its end is an error',
    () =>
      within(async (session, _shell) => {
        const stream = await session.receive(NOBODY, raw('head -c 30000000 /dev/zero; echo end'), { signal })
        let size = 0
        for await (const chunk of stream) {
          size += (chunk as Buffer).length
          if (size < 300_000) await new Promise(resolve => setTimeout(resolve, 20))
        }
        assert.is(size, 30_000_004)
        const bad = await session.receive(NOBODY, raw('echo some; echo broken >&2; exit 9'), { signal })
        const error = await fault(bad.toArray())
        assert.match(error.message, /status 9.*broken/)
      }),
    30_000,
  )

  test('more scripts than there is room for take turns, even with MaxSessions 2', async () => {
    const tight = await Sshd.start(['MaxSessions 2'])
    try {
      await within(async session => {
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, i) => session.send(NOBODY, sh`cat; echo ${i}`, Readable.from([]), { signal })),
        )
        assert.equal(
          answers.map(answer => answer.stdout.trim()),
          Array.from({ length: 8 }, (_, i) => String(i)),
        )
      }, tight)
    } finally {
      tight.stop()
    }
  }, 30_000)

  test('a tunnel starts at the machine', () =>
    within(async session => {
      const server = createServer(socket => socket.end('hello through the tunnel')).listen(0, '127.0.0.1')
      try {
        await new Promise(resolve => server.once('listening', resolve))
        const address = server.address()
        const port = typeof address === 'object' && address ? address.port : 0
        const socket = await session.connect('127.0.0.1', port, signal)
        let text = ''
        for await (const chunk of socket) text += String(chunk)
        assert.is(text, 'hello through the tunnel')
        const error = await fault(session.connect('127.0.0.1', 1, signal))
        assert.is(error.kind, 'unreachable')
        assert.match(error.message, /127\.0\.0\.1:1 cannot be reached from root@/)
      } finally {
        server.close()
      }
    }))

  test('a server that allows no tunnels says so', async () => {
    const closed = await Sshd.start(['AllowTcpForwarding no'])
    try {
      await within(async session => {
        const error = await fault(session.connect('127.0.0.1', 1, signal))
        assert.match(error.remedy ?? '', /AllowTcpForwarding/)
      }, closed)
    } finally {
      closed.stop()
    }
  })

  test('a machine behind another is reached through it', async () => {
    const session = sshd.session({ options: { ProxyJump: `root@127.0.0.1:${sshd.port}` } })
    try {
      const shell = await session.shell(NOBODY, signal)
      const [answer] = await shell.trip([{ script: raw('echo behind') }], { signal })
      assert.is(answer?.stdout, 'behind\n')
      assert.is(session.stats.handshakes, 2)
    } finally {
      await session.close()
    }
  })

  test('a machine that stalls behind a living jump is found out too', async () => {
    const behind = await Sshd.start()
    appendFileSync(sshd.knownHosts, readFileSync(behind.knownHosts))
    const session = new CarriedSession(spec(behind), new SshCarrier(spec(behind)))
    try {
      const shell = await session.shell(NOBODY, signal)
      const daemon = sessionDaemon(await pidOf(shell), behind)
      process.kill(daemon, 'SIGSTOP')
      try {
        const error = await fault(shell.trip([{ script: raw('echo never') }], { signal }))
        assert.match(error.message, /no sign of life/)
      } finally {
        process.kill(daemon, 'SIGCONT')
      }
    } finally {
      await session.close()
      behind.stop()
    }
  }, 20_000)

  test('a reset connection is made again when it is needed', () =>
    within(async (session, shell) => {
      await session.reset()
      const [answer] = await shell.trip([{ script: raw('echo back') }], { signal })
      assert.is(answer?.stdout, 'back\n')
      assert.is(session.stats.handshakes, 2)
    }))

  test('nothing is left behind: no shell of a closed session lives on', async () => {
    const session = sshd.session()
    const shell = await session.shell(NOBODY, signal)
    const pid = await pidOf(shell)
    await session.close()
    for (let i = 0; i < 100 && alive(pid); i++) await new Promise(resolve => setTimeout(resolve, 20))
    assert.not.ok(alive(pid))
  })
}

test.run()
