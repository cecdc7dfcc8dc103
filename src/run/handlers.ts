import type { Step } from '../playbook/ast.ts'
import { quietly } from './faults.ts'
import { type Speech, textOf } from './language.ts'
import { NOWHERE, type Placed, type Surroundings, tasksOf } from './walk.ts'

/** The handlers of a play: those of its roles first, then its own, then those that includes brought. */
export class Handlers {
  /** A group for each role's handlers, and one for the play's own. */
  readonly #groups: Placed[][] = []
  readonly #seen = new Set<readonly Step[]>()

  constructor(steps: readonly Step[]) {
    const own: Step[] = []
    for (const step of steps)
      if (step.kind === 'block' && step.role !== undefined) this.add([step], NOWHERE)
      else own.push(step)
    this.add(own, NOWHERE)
  }

  /** Handlers that came with an include; the same ones count once however many hosts bring them. */
  add(steps: readonly Step[], around: Surroundings): void {
    if (steps.length === 0 || this.#seen.has(steps)) return
    this.#seen.add(steps)
    this.#groups.push([...tasksOf(steps, around, false)])
  }

  /** All of them in the order in which they run. */
  get all(): readonly Placed[] {
    return this.#groups.flat()
  }

  /**
   * Those that a notification means: one by its name, the last that was defined, and every one that listens; of several
   * listeners of one name, the last.
   */
  answering(notification: string, speech: Speech): readonly Placed[] {
    const byWeight = this.#groups.toReversed().flat()
    const named = byWeight.find(handler => namesOf(handler, speech).includes(notification))
    const names = new Set<string>()
    const listening = byWeight.filter(({ task }) => {
      if (!task.listen.includes(notification)) return false
      const name = task.name?.kind === 'scalar' ? task.name.text : ''
      if (name !== '' && names.has(name)) return false
      names.add(name)
      return true
    })
    return [...new Set([...(named ? [named] : []), ...listening])]
  }
}

/** What a handler is called: its name, and with its role before it. A name that cannot be rendered yet counts as it is written. */
function namesOf({ task }: Placed, speech: Speech): readonly string[] {
  const name = quietly(() => textOf(task.name, speech)) ?? (task.name?.kind === 'scalar' ? task.name.text : undefined)
  if (name === undefined) return []
  const { role } = task
  if (role === undefined) return [name]
  return [name, `${role.name} : ${name}`, ...(role.full === undefined ? [] : [`${role.full} : ${name}`])]
}
