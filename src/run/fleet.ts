import type { ConnectionSpec } from '../transport/session.ts'
import { isController, Machine, type Neighbours } from './machine.ts'
import type { Ports } from './ports.ts'

/** The controller itself, as a machine: where `local` modules look and act. */
const CONTROLLER: ConnectionSpec = {
  name: 'localhost',
  connection: 'local',
  address: 'localhost',
  port: 0,
  user: '',
  options: {},
  hostKeyChecking: 'strict',
  connectTimeout: 10,
}

const addressOf = ({ connection, address, port }: ConnectionSpec): string => [connection, address, port].join('\n')

type News = Parameters<Neighbours['spread']>[0]

/** Every machine of a run, one session each however many tasks and names lead to it. */
export class Fleet {
  readonly #ports: Ports
  readonly #machines = new Map<string, Machine>()
  /** By where they are reached: those of one address are one host. */
  readonly #byAddress = new Map<string, Machine[]>()
  readonly #neighbours = { spread: (news: News) => this.#spread(news), unseen: 0 }

  constructor(ports: Ports) {
    this.#ports = ports
  }

  /** The machine that a specification leads to. */
  machine(spec: ConnectionSpec): Machine {
    const key = [spec.name, spec.connection, spec.address, spec.port, spec.user].join('\n')
    let machine = this.#machines.get(key)
    if (!machine) {
      machine = new Machine(spec.name, this.#ports.connect(spec), this.#neighbours)
      this.#machines.set(key, machine)
      const address = addressOf(spec)
      this.#byAddress.set(address, [...(this.#byAddress.get(address) ?? []), machine])
    }
    return machine
  }

  controller(): Machine {
    return this.machine(CONTROLLER)
  }

  get machines(): readonly Machine[] {
    return [...this.#machines.values()]
  }

  /** Something that no plan knows of may have changed the controller. */
  controllerActed(): void {
    this.#neighbours.unseen += 1
  }

  /**
   * What was done to files of the controller counts for every machine whose questions read them; what was done to a host, for
   * whoever is the same host by another name or as another user.
   */
  #spread({ from, touched, pretended }: News): void {
    const same = from.local ? [] : (this.#byAddress.get(addressOf(from.session.spec)) ?? [])
    const shared = touched.filter(isController)
    for (const machine of from.local || shared.length > 0 ? this.#machines.values() : same) {
      if (machine === from) continue
      if (pretended) machine.pretended.push(...(same.includes(machine) ? touched : shared))
      else if (same.includes(machine)) machine.forget(touched)
      else machine.hear(from, touched)
    }
  }

  /** Ends every session; what goes wrong while parting is of no use to anybody. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#machines.values()].map(machine => machine.session.close()))
  }
}
