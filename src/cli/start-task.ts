import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Playbook, Step, Task } from '../playbook/ast.ts'
import { startAt } from '../playbook/start-at.ts'
import { selected } from '../run/tags.ts'

/** The names by which a task may be meant: with its role before it and without, its module where it has none. */
function namesOf(task: Task): string[] {
  const name = task.name?.kind === 'scalar' ? task.name.text : undefined
  const shown = name ?? task.written
  return [...(name === undefined ? [] : [name]), task.role ? `${task.role.name} : ${shown}` : shown]
}

/** `*` and `?` stand for any characters and for one, as in file names; `[abc]` for one of these. */
function glob(pattern: string): RegExp {
  const source = pattern.replace(/\[!?[^\]]+\]|[\s\S]/g, part => {
    if (part === '*') return '[\\s\\S]*'
    if (part === '?') return '[\\s\\S]'
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
    return part.replace(/[\\^$.|+(){}[\]]/g, '\\$&')
  })
  return new RegExp(`^${source}$`, 'u')
}

const allOf = (steps: readonly Step[]): Task[] =>
  steps.flatMap(step => (step.kind === 'task' ? [step] : [...allOf(step.block), ...allOf(step.always)]))

/**
 * Playbooks from the task of this name on. Tasks that the tags leave out cannot be meant.
 * Throws `InputError` when there is no such task.
 */
export function fromTask(
  playbooks: readonly Playbook[],
  wanted: string,
  { tags, skipTags }: { readonly tags: readonly string[]; readonly skipTags: readonly string[] },
): Playbook[] {
  const pattern = glob(wanted)
  const isStart = (task: Task): boolean =>
    selected(task.tags, tags, skipTags) && namesOf(task).some(name => name === wanted || pattern.test(name))
  const left = startAt(playbooks, isStart)
  if (left) return left
  const names = playbooks
    .flatMap(playbook => playbook.plays)
    .flatMap(play => allOf([...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks]))
    .flatMap(namesOf)
  const fault: Diagnostic = {
    code: 'start-at-task',
    severity: 'error',
    message: `there is no task '${wanted}' to start at${didYouMean(wanted, new Set(names))}`,
    remedy: 'regplay run --list-tasks shows them; what is included at run time cannot be found beforehand',
  }
  throw new InputError([fault])
}
