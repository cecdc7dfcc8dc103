import { setTimeout as sleep } from 'node:timers/promises'
import type { Diagnostic } from '../base/diagnostic.ts'
import { type Claimant, giveLock, type Holder, readLock, takeLock } from '../shell/lock.ts'
import { type Identity, type Shell, TransportError } from '../transport/session.ts'
import { Forks } from './forks.ts'
import { identityKey, type Machine } from './machine.ts'

/** How long what a lost run left behind may go on, in seconds: a package manager may be at work. */
const PATIENCE = 300

/** Seconds for giving a lock back; one that stays behind is known to be stale by whoever comes next. */
const PARTING = 3

/** A machine and who will change it. */
export interface Seat {
  readonly machine: Machine
  readonly identity: Identity
}

/** Another run is at work on a machine. */
export class LockedError extends Error {
  readonly fault: Diagnostic

  constructor(host: string, { who, since, pid }: Holder) {
    const fault: Diagnostic = {
      code: 'run-locked',
      severity: 'error',
      message: `${host} is being changed by another run: ${who}, since ${since} (process ${pid} there)`,
      remedy: 'run again when it has ended; one that hangs is ended by ending that process',
    }
    super(fault.message)
    this.name = 'LockedError'
    this.fault = fault
  }
}

interface Held extends Seat {
  /** Which life of the shell holds it: a shell that was lost and opened again holds nothing. */
  readonly life: number
  readonly taken: Promise<void>
}

/**
 * One run at a time on a target. A run takes the locks before it changes anything, and only then: a look takes none. With
 * its first change it takes those of all hosts of the batch, the first host's before the others', so that of two equal
 * runs one gets all of them and the other none. Locks are for machines that others reach too: this one, without SSH, has none.
 */
export class Locks {
  readonly #claimant: Claimant
  readonly #signal: AbortSignal
  readonly #warn: (host: string, msg: string) => void
  readonly #held = new Map<Machine, Map<string, Held>>()
  readonly #forks: Forks
  #lead: Promise<void> | undefined

  constructor(how: {
    readonly claimant: Claimant
    readonly forks: number
    readonly signal: AbortSignal
    readonly warn: (host: string, msg: string) => void
  }) {
    this.#claimant = how.claimant
    this.#forks = new Forks(how.forks)
    this.#signal = how.signal
    this.#warn = how.warn
  }

  /** Resolves when a seat may be used. Rejects with `LockedError` or `TransportError`. */
  async hold(seat: Seat, batch: () => readonly Seat[]): Promise<void> {
    if (seat.machine.session.spec.connection === 'local') return
    this.#lead ??= this.#takeAll(batch())
    await this.#lead
    await this.#take(seat)
  }

  /** Gives all of them back. */
  async release(): Promise<void> {
    const script = giveLock(this.#claimant)
    const signal = AbortSignal.timeout(PARTING * 1000)
    const all = [...this.#held.values()].flatMap(held => [...held.values()])
    const parting = all.map(async ({ machine, identity, taken }) => {
      await taken
      await (await machine.shell(identity, signal)).trip([{ script }], { signal })
    })
    await Promise.allSettled(parting)
  }

  /** Whoever cannot be reached here will be missed by its own tasks. */
  async #takeAll(seats: readonly Seat[]): Promise<void> {
    const remote = seats.filter(({ machine }) => machine.session.spec.connection !== 'local')
    const tryOne = (seat: Seat): Promise<boolean> =>
      this.#forks.run(() =>
        this.#take(seat).then(
          () => true,
          error => {
            if (error instanceof TransportError && !this.#signal.aborted) return false
            throw error
          },
        ),
      )
    let first = 0
    for (const seat of remote) {
      first += 1
      if (await tryOne(seat)) break
    }
    const rest = await Promise.allSettled(remote.slice(first).map(tryOne))
    for (const one of rest) if (one.status === 'rejected') throw one.reason
  }

  async #take({ machine, identity: wanted }: Seat): Promise<void> {
    const identity = holder(wanted)
    const shell = await machine.shell(identity, this.#signal)
    const here = this.#held.get(machine) ?? new Map<string, Held>()
    this.#held.set(machine, here)
    const key = identityKey(identity)
    const known = here.get(key)
    if (known && known.life === shell.life) return known.taken
    const taken = this.#claim(machine, shell)
    const held: Held = { machine, identity, life: shell.life, taken }
    here.set(key, held)
    taken.catch(() => {
      if (here.get(key) === held) here.delete(key)
    })
    return taken
  }

  async #claim({ name }: Machine, shell: Shell): Promise<void> {
    const signal = this.#signal
    for (let waited = 0; ; waited++) {
      const [answer] = await shell.trip([{ script: takeLock(this.#claimant) }], { signal })
      if (!answer) throw new Error('a trip of one fragment came back empty')
      const taken = readLock(answer)
      if (taken === 'held') return
      if ('broken' in taken) {
        this.#warn(name, `no lock could be made, so another run could change this host meanwhile: ${taken.broken}`)
        return
      }
      const { by } = taken
      if (!by.orphan || waited === PATIENCE) throw new LockedError(name, by)
      if (waited === 0)
        this.#warn(name, `waiting for what a lost run left at work: ${by.who}, since ${by.since} (process ${by.pid})`)
      await sleep(1000, undefined, { signal })
    }
  }
}

/** Root's lock for who acts as root, the login user's for all others: many a service's user has no place to write to. */
const holder = (identity: Identity): Identity =>
  identity.become === 'none' || identity.user === 'root' ? identity : { become: 'none', user: '' }
