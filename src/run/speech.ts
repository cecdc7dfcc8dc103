import type { Value } from '../base/value.ts'
import type { Task } from '../playbook/ast.ts'
import { scalar } from '../source/node.ts'
import type { Frame } from '../vars/frame.ts'
import { dirsOf } from './circumstances.ts'
import type { PlayContext } from './context.ts'
import { loaderOf, placesOf } from './files.ts'
import type { Speech } from './language.ts'
import type { Placed } from './walk.ts'

/** What a host's variables say at a task now; facts and registered values may have come since the last look. */
export function speechAt(
  play: Pick<PlayContext, 'run' | 'play' | 'frame'>,
  host: string,
  { task, around }: Placed,
  locals?: ReadonlyMap<string, Value>,
  delegate?: string,
  options: Speech['options'] = {},
): Speech {
  const { roles, blocks, params } = around
  const dirs = dirsOf(task, roles, play.play.dir)
  const where = delegate === undefined ? {} : { delegateTo: scalar(delegate, task.span) }
  const given = { ...where, ...(locals ? { locals } : {}) }
  const frame = { ...{ play: play.frame, roles, blocks, params, searchPath: dirs }, ...ofTask(task), ...given }
  const loader = loaderOf(dirs, play.run.ports.openContent)
  return {
    scope: play.run.store.scope(host, frame, { ...options, loader, places: placesOf(dirs, folderOf(task)) }),
    options,
  }
}

/** What a task itself gives to its variables. */
export const ofTask = (task: Task): Pick<Frame, 'task' | 'delegateTo' | 'environment'> => ({
  task: task.vars,
  delegateTo: task.delegateTo,
  environment: task.keywords.environment ?? [],
})

/** `with_first_found` looks where what it is for has its files. */
function folderOf(task: Task): string {
  if (task.loop?.by !== 'first_found') return 'files'
  if (task.action.includes('template')) return 'templates'
  return task.action.includes('var') ? 'vars' : 'files'
}
