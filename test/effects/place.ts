import { nothing } from '../../src/shell/script.ts'
import { connect } from '../../src/transport/connect.ts'
import type { Place } from '../../src/transport/place.ts'
import type { Identity } from '../../src/transport/session.ts'

const NOBODY: Identity = { become: 'none', user: '' }

/** This machine as a place for effects, and every count of bytes that they tell. */
export async function onThisMachine(
  use: (place: Place, told: readonly (readonly [done: number, total: number])[]) => Promise<void>,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const session = connect({
    name: 'here',
    connection: 'local',
    address: 'localhost',
    port: 0,
    user: '',
    options: {},
    hostKeyChecking: 'strict',
    connectTimeout: 10,
  })
  const told: [number, number][] = []
  try {
    const shell = await session.shell(NOBODY, signal)
    await use(
      { session, shell, signal, environment: nothing, progress: (_what, done, total) => void told.push([done, total]) },
      told,
    )
  } finally {
    await session.close()
  }
}
