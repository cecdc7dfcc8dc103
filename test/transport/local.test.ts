import { execFileSync, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { Readable } from 'node:stream'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { raw, sh } from '../../src/shell/script.ts'
import { connect } from '../../src/transport/connect.ts'
import type { ConnectionSpec, Session, TransportError } from '../../src/transport/session.ts'
import { suite } from '../support/suite.ts'
import { addUser, has, NOBODY, removeUser } from './sshd.ts'

const test = suite('local')
const signal = new AbortController().signal

const spec: ConnectionSpec = {
  name: 'controller',
  connection: 'local',
  address: 'localhost',
  port: 0,
  user: '',
  options: {},
  hostKeyChecking: 'strict',
  connectTimeout: 10,
}

async function within(use: (session: Session) => Promise<void>): Promise<void> {
  const session = connect(spec)
  try {
    await use(session)
  } finally {
    await session.close()
  }
}

test('a shell here answers like one far away', () =>
  within(async session => {
    const shell = await session.shell(NOBODY, signal)
    assert.is(shell.info.user, userInfo().username)
    assert.is(shell.info.name, 'controller')
    assert.ok(Math.abs(shell.info.clockSkew) <= 1)
    assert.is(shell.info.system, execFileSync('uname', ['-s']).toString().trim())
    assert.ok(shell.info.tools.has('tar'))
    const heard: string[] = []
    const answers = await shell.trip(
      [{ script: sh`printf %s ${"it's"}; exit 3` }, { script: raw('cat >&2'), stdin: 'in' }],
      { signal, onOutput: (fragment, stream, bytes) => void heard.push(`${fragment} ${stream} ${bytes}`) },
    )
    assert.equal(
      answers.map(({ code, stdout, stderr }) => [code, stdout, stderr]),
      [
        [3, "it's", ''],
        [0, '', 'in'],
      ],
    )
    assert.equal(heard.sort(), ["0 stdout it's", '1 stderr in'])
    assert.is(session.stats.handshakes, 0)
    assert.is(session.stats.trips, 2)
  }))

test('the path has the places of administrators once each, and nothing relative', () =>
  within(async session => {
    const before = process.env['PATH']
    process.env['PATH'] = `.:${before}::relative/bin:/usr/bin`
    try {
      const shell = await session.shell(NOBODY, signal)
      const [answer] = await shell.trip([{ script: raw('printf %s "$PATH"') }], { signal })
      const parts = (answer?.stdout ?? '').split(':')
      assert.ok(parts.includes('/usr/sbin'))
      assert.is(new Set(parts).size, parts.length)
      assert.ok(
        parts.every(part => part.startsWith('/')),
        answer?.stdout,
      )
    } finally {
      process.env['PATH'] = before
    }
  }))

test('payload goes in and comes out', () =>
  within(async session => {
    const body = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(100_000, 1)))
    const answer = await session.send(NOBODY, raw('wc -c'), body, { signal })
    assert.is(answer.stdout.trim(), '10000000')
    const stream = await session.receive(NOBODY, raw('printf %s abc'), { signal })
    assert.is(Buffer.concat(await stream.toArray()).toString(), 'abc')
  }))

test('timeouts and a NUL are told apart from answers, and the shell is there again', () =>
  within(async session => {
    const shell = await session.shell(NOBODY, signal)
    const late = await shell
      .trip([{ script: raw('sleep 7991 & wait') }], { signal, timeout: 0.2 })
      .catch((fault: TransportError) => fault)
    assert.is((late as TransportError).kind, 'timeout')
    const broken = await shell.trip([{ script: raw('a\0') }], { signal }).catch((fault: Error) => fault)
    assert.instance(broken, RangeError)
    const [answer] = await shell.trip([{ script: raw('echo here') }], { signal })
    assert.is(answer?.stdout, 'here\n')
    assert.is.not(spawnSync('sh', ['-c', 'ps ax | grep -q "[s]leep 7991"']).status, 0)
  }))

test('a connection starts here', () =>
  within(async session => {
    const server = createServer(socket => socket.end('hello')).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    const address = server.address()
    try {
      const socket = await session.connect(
        '127.0.0.1',
        typeof address === 'object' && address ? address.port : 0,
        signal,
      )
      let text = ''
      for await (const chunk of socket) text += String(chunk)
      assert.is(text, 'hello')
    } finally {
      server.close()
    }
    const error = await session.connect('127.0.0.1', 1, signal).catch((fault: TransportError) => fault)
    assert.is((error as TransportError).kind, 'unreachable')
  }))

if (process.getuid?.() !== 0 || !has('sudo') || !has('useradd'))
  test.skip('another user', 'needs root, sudo and useradd')
else
  test('root becomes somebody else here, who cannot read where root stands', async () => {
    addUser('rpt-local', '/bin/sh')
    try {
      await within(async session => {
        const shell = await session.shell({ become: 'sudo', user: 'rpt-local', password: new Secret('x', 'y') }, signal)
        const [answer] = await shell.trip([{ script: raw('id -un; pwd') }], { signal })
        assert.is(answer?.stdout, 'rpt-local\n/home/rpt-local\n')
      })
    } finally {
      removeUser('rpt-local')
    }
  })

for (const become of ['sudo', 'su'] as const)
  if (process.getuid?.() !== 0 || !has(become) || !has('useradd'))
    test.skip(`who is to go has no shell: ${become}`, `needs root, ${become} and useradd`)
  else
    test(`who is to go has no shell: ${become}`, async () => {
      addUser('rpt-gone', '/bin/sh')
      try {
        await within(async session => {
          const login = await session.shell(NOBODY, signal)
          const shell = await session.shell({ become, user: 'rpt-gone' }, signal)
          const id = raw('id -un')
          assert.is((await shell.trip([{ script: id }], { signal }))[0]?.stdout, 'rpt-gone\n')
          await session.leave('rpt-gone')
          assert.is((await shell.trip([{ script: id }], { signal }))[0]?.stdout, 'rpt-gone\n')
          await Promise.all([session.leave('rpt-gone'), session.leave('nobody-here')])
          const [deleted] = await login.trip([{ script: raw('userdel -r rpt-gone 2>/dev/null') }], { signal })
          assert.is(deleted?.code, 0)
        })
      } finally {
        removeUser('rpt-gone')
      }
    })

test.run()
