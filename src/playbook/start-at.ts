import type { Block, Play, Playbook, Step, Task } from './ast.ts'

/** Whether a task is the one that is meant. */
export type IsStart = (task: Task) => boolean

/** Steps from the task on, the blocks around it kept; undefined when it is not among them. */
function from(steps: readonly Step[], isStart: IsStart): readonly Step[] | undefined {
  for (const [i, step] of steps.entries()) {
    const found = step.kind === 'task' ? (isStart(step) ? step : undefined) : within(step, isStart)
    if (found) return [found, ...steps.slice(i + 1)]
  }
  return undefined
}

/** The block from the task on. A rescue is no way to begin: nothing has failed. */
function within(block: Block, isStart: IsStart): Block | undefined {
  const own = from(block.block, isStart)
  if (own) return { ...block, block: own }
  const always = from(block.always, isStart)
  return always && { ...block, block: [], rescue: [], always }
}

const SECTIONS = ['preTasks', 'roles', 'tasks', 'postTasks'] as const

/** The play from the task on; facts are gathered and handlers run as ever. */
function playFrom(play: Play, isStart: IsStart): Play | undefined {
  for (const [i, section] of SECTIONS.entries()) {
    const found = from(play[section], isStart)
    if (!found) continue
    const before = Object.fromEntries(SECTIONS.slice(0, i).map(name => [name, []]))
    return { ...play, ...before, [section]: found }
  }
  return undefined
}

/**
 * What is left of playbooks when they begin with a certain task (`--start-at-task`): plays before it are gone, and so is what stands
 * before it in its play. Only tasks that are known before the run can be found. Undefined when there is no such task.
 */
export function startAt(playbooks: readonly Playbook[], isStart: IsStart): Playbook[] | undefined {
  let started = false
  const left = playbooks.map(playbook => ({
    ...playbook,
    plays: playbook.plays.flatMap(play => {
      if (started) return [play]
      const found = playFrom(play, isStart)
      started = found !== undefined
      return found ? [found] : []
    }),
  }))
  return started ? left : undefined
}
