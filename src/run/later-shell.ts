import type { HostInfo } from '../kit/host.ts'
import type { Shell } from '../transport/session.ts'
import type { Wish } from './wish.ts'

/** A shell that is opened when it is first used: for those who wait for a host. Before that, only its name is known. */
export const laterShell = ({ machine, identity, signal }: Wish): Shell => ({
  identity,
  get info(): HostInfo {
    return machine.opened(identity)?.info ?? { ...NOBODY, name: machine.name }
  },
  get life(): number {
    return machine.opened(identity)?.life ?? 0
  },
  trip: async (fragments, options) => (await machine.shell(identity, signal)).trip(fragments, options),
})

const NOBODY: Omit<HostInfo, 'name'> = {
  system: '',
  machine: '',
  id: 'unknown',
  family: 'unknown',
  version: '',
  uid: -1,
  user: '',
  home: '/',
  init: 'none',
  tools: new Set(),
  clockSkew: 0,
  proxies: new Map(),
}
