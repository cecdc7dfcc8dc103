import type { Block, Play, RoleRef, Step, Task } from '../playbook/ast.ts'
import type { Mapping } from '../source/node.ts'
import type { Given } from '../vars/frame.ts'

/** What surrounds a task: roles, variables of blocks, and what includes gave, each outermost first. */
export interface Surroundings {
  readonly roles: readonly RoleRef[]
  readonly blocks: readonly Mapping[]
  readonly params: readonly Given[]
}

export const NOWHERE: Surroundings = { roles: [], blocks: [], params: [] }

/** The surroundings of what stands in a block. */
export const within = (block: Block, around: Surroundings): Surroundings => ({
  roles: block.role === undefined ? around.roles : [...around.roles, block.role],
  blocks: block.vars.length === 0 ? around.blocks : [...around.blocks, ...block.vars],
  params: around.params,
})

/** A task with what surrounds it. */
export interface Placed {
  readonly task: Task
  readonly around: Surroundings
}

/** Every task of some steps in document order, rescue and always parts left out when only the straight path is wanted. */
export function* tasksOf(steps: readonly Step[], around: Surroundings, straight: boolean): Iterable<Placed> {
  for (const step of steps) {
    if (step.kind === 'task') {
      yield { task: step, around }
      continue
    }
    const inside = within(step, around)
    yield* tasksOf(step.block, inside, straight)
    if (!straight) yield* tasksOf(step.rescue, inside, straight)
    yield* tasksOf(step.always, inside, straight)
  }
}

/** The parts of a play in the order in which they run; handlers are flushed after each. */
export const sections = (play: Play): (readonly Step[])[] => [
  play.preTasks,
  [...play.roles, ...play.tasks],
  play.postTasks,
]
