import { generateKeyPairSync } from 'node:crypto'
import type { Socket } from 'node:net'
import ssh2 from 'ssh2'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { CarriedSession } from '../../src/transport/carried-session.ts'
import type { ConnectionSpec, TransportError } from '../../src/transport/session.ts'
import { SshCarrier } from '../../src/transport/ssh.ts'
import { suite } from '../support/suite.ts'
import { NOBODY } from './sshd.ts'

const test = suite('a login that ends at once')

/** An SSH server whose login shell has ended, with status 3, in the very packet that says that it was started. */
async function serve(): Promise<{ port: number; close: () => void }> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const server = new ssh2.Server({ hostKeys: [privateKey] }, client => {
    client.on('error', () => undefined)
    client.on('authentication', context => context.accept())
    client.on('ready', () =>
      client.on('session', accept => {
        accept().on('exec', started => {
          const { _sock: socket } = client as unknown as { _sock: Socket }
          socket.cork()
          const channel = started()
          channel.exit(3)
          channel.close()
          socket.uncork()
        })
      }),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { port, close: () => server.close() }
}

test('its exit status is heard', async () => {
  const server = await serve()
  const spec: ConnectionSpec = {
    ...{ name: 'quick', connection: 'ssh', address: '127.0.0.1', port: server.port, user: 'root' },
    ...{ password: new Secret('any', 'a password'), hostKeyChecking: 'off', connectTimeout: 5 },
    options: { UserKnownHostsFile: '/dev/null', GlobalKnownHostsFile: '/dev/null' },
  }
  const session = new CarriedSession(spec, new SshCarrier(spec))
  try {
    const error = await session.shell(NOBODY, new AbortController().signal).then(
      () => undefined,
      (thrown: TransportError) => thrown,
    )
    assert.is(error?.kind, 'auth', error?.message)
    assert.match(error?.message ?? '', 'status 3')
  } finally {
    await session.close()
    server.close()
  }
})

test.run()
