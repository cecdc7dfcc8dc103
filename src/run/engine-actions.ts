import { asyncStatus } from './async-status.ts'
import { addHost, groupBy } from './dynamic-inventory.ts'
import { includeVars } from './include-vars.ts'
import type { Speech } from './language.ts'
import { pause } from './pause.ts'
import type { Result } from './ports.ts'
import { setStats } from './set-stats.ts'
import type { Turn } from './turn.ts'
import { validateSpec } from './validate-spec.ts'

/** One try of an action that the engine does itself, since it changes the run and not a machine. */
export type EngineAction = (turn: Turn, speech: Speech) => Result | Promise<Result>

export const ENGINE_ACTIONS: Readonly<Record<string, EngineAction>> = {
  add_host: addHost,
  async_status: asyncStatus,
  group_by: groupBy,
  include_vars: includeVars,
  pause,
  set_stats: setStats,
  validate_argument_spec: validateSpec,
}
