import { createServer, type Socket } from 'node:net'
import * as assert from 'uvu/assert'
import { CarriedSession } from '../../src/transport/carried-session.ts'
import type { ConnectionSpec, TransportError } from '../../src/transport/session.ts'
import { SshCarrier } from '../../src/transport/ssh.ts'
import { suite } from '../support/suite.ts'
import { freePort, NOBODY } from './sshd.ts'

const test = suite('evil peers')

const spec = (port: number, address = '127.0.0.1'): ConnectionSpec => ({
  name: 'evil',
  connection: 'ssh',
  address,
  port,
  user: 'root',
  options: { UserKnownHostsFile: '/dev/null', GlobalKnownHostsFile: '/dev/null' },
  hostKeyChecking: 'strict',
  connectTimeout: 0.5,
})

/** What a session with such a peer ends in. */
async function meet(peer: (socket: Socket) => void, signal = new AbortController().signal): Promise<TransportError> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    peer(socket)
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const address = server.address()
  const given = spec(typeof address === 'object' && address ? address.port : 0)
  const session = new CarriedSession(given, new SshCarrier(given))
  try {
    await session.shell(NOBODY, signal)
  } catch (error) {
    return error as TransportError
  } finally {
    await session.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  throw new Error('it let us in')
}

const ROWS: readonly (readonly [string, (socket: Socket) => void, RegExp])[] = [
  ['silence', () => undefined, /did not finish the SSH handshake within 1 s; it said nothing/],
  [
    'a web server',
    socket => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    /does not speak SSH; it said: HTTP\/1\.1 400/,
  ],
  [
    'an endless banner',
    socket => {
      const timer = setInterval(() => socket.write('come closer, the banner goes on\r\n'), 5)
      socket.on('close', () => clearInterval(timer))
    },
    /does not speak SSH|did not finish/,
  ],
  ['a version and nothing more', socket => void socket.write('SSH-2.0-Evil\r\n'), /did not finish.*SSH-2\.0-Evil/],
  ['garbage', socket => void socket.write(Buffer.alloc(5000, 0xe5)), /does not speak SSH|hung up|127/],
  [
    'a packet of absurd length',
    socket => void socket.write(Buffer.concat([Buffer.from('SSH-2.0-Evil\r\n'), Buffer.alloc(64, 0x7f)])),
    /SSH-2\.0-Evil/,
  ],
  ['SSH 1', socket => void socket.write('SSH-1.5-Old\r\n'), /SSH-1\.5-Old/],
  [
    'escape codes',
    socket => void socket.end('\x1b[2J\x1b]0;owned\x07250 smtp\r\n'),
    /does not speak SSH; it said: 250 smtp/,
  ],
]

for (const [what, peer, message] of ROWS)
  test(`${what} is told as what it is`, async () => {
    const error = await meet(peer)
    assert.ok(['unreachable', 'protocol'].includes(error.kind), error.kind)
    assert.match(error.message, message)
  })

test('a server that hangs up at once is tried again, then named', async () => {
  let times = 0
  const error = await meet(socket => {
    times += 1
    socket.destroy()
  })
  assert.is(error.kind, 'unreachable')
  assert.match(error.message, /hung up/)
  assert.is(times, 5)
}, 30_000)

test('a server that is busy is tried again until it is not', async () => {
  let times = 0
  const error = await meet(socket => {
    times += 1
    if (times < 3) socket.end('Exceeded MaxStartups\r\n')
    else socket.end('SMTP\r\n')
  })
  assert.is(times, 3)
  assert.match(error.message, /does not speak SSH; it said: SMTP/)
})

test('an abort ends the dialling', async () => {
  const abort = new AbortController()
  setTimeout(() => abort.abort(), 100)
  const error = await meet(() => undefined, abort.signal)
  assert.is(error.kind, 'aborted')
})

test('a closed port and a name that does not exist are told apart', async () => {
  for (const [given, message] of [
    [spec(await freePort()), /nothing listens there/],
    [spec(22, 'no-such-host.invalid'), /no such name|name servers do not answer/],
  ] as const) {
    const session = new CarriedSession(given, new SshCarrier(given))
    const error = await session.shell(NOBODY, new AbortController().signal).catch((fault: TransportError) => fault)
    assert.match(String(error), message)
    assert.is((error as TransportError).kind, 'unreachable')
    await session.close()
  }
}, 40_000)

test('a host name that is none is never looked up nor given to a program', async () => {
  for (const address of ['-oProxyCommand=touch /tmp/owned', '$(id)', 'a b', 'a\nb', '../etc', "x'y", '', 'a;b', '-']) {
    const given = spec(22, address)
    const session = new CarriedSession(given, new SshCarrier(given))
    const error = await session.shell(NOBODY, new AbortController().signal).catch((fault: TransportError) => fault)
    assert.match(String(error), /is no host name or address/, JSON.stringify(address))
    await session.close()
  }
})

test.run()
