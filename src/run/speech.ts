import type { Value } from '../base/value.ts'
import { dirsOf } from './circumstances.ts'
import type { PlayContext } from './context.ts'
import { loaderOf } from './files.ts'
import type { Speech } from './language.ts'
import type { Placed } from './walk.ts'

/** What a host's variables say at a task now; facts and registered values may have come since the last look. */
export function speechAt(
  play: Pick<PlayContext, 'run' | 'play' | 'frame'>,
  host: string,
  { task, around }: Placed,
  locals?: ReadonlyMap<string, Value>,
): Speech {
  const { roles, blocks, params } = around
  const frame = { play: play.frame, roles, blocks, params, task: task.vars, ...(locals ? { locals } : {}) }
  const loader = loaderOf(dirsOf(task, roles, play.play.dir), play.run.ports.openContent)
  return { scope: play.run.store.scope(host, frame, { loader }), options: {} }
}
