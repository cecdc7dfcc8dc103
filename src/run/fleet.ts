import type { Resource } from '../kit/question.ts'
import type { ConnectionSpec } from '../transport/session.ts'
import { Machine } from './machine.ts'
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

/** Every machine of a run, one session each however many tasks and names lead to it. */
export class Fleet {
  readonly #ports: Ports
  readonly #machines = new Map<string, Machine>()

  constructor(ports: Ports) {
    this.#ports = ports
  }

  /** The machine that a specification leads to. */
  machine(spec: ConnectionSpec): Machine {
    const key = [spec.name, spec.connection, spec.address, spec.port, spec.user].join('\n')
    let machine = this.#machines.get(key)
    if (!machine) {
      machine = new Machine(spec.name, this.#ports.connect(spec), others => this.#spread(others))
      this.#machines.set(key, machine)
    }
    return machine
  }

  controller(): Machine {
    return this.machine(CONTROLLER)
  }

  get machines(): readonly Machine[] {
    return [...this.#machines.values()]
  }

  /** What was done to files of the controller counts for every machine whose questions read them. */
  #spread({ from, touched, pretended }: { from: Machine; touched: readonly Resource[]; pretended: boolean }): void {
    for (const machine of this.#machines.values()) {
      if (machine === from) continue
      if (pretended) machine.pretended.push(...touched)
      else machine.forget(touched)
    }
  }

  /** Ends every session; what goes wrong while parting is of no use to anybody. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#machines.values()].map(machine => machine.session.close()))
  }
}
