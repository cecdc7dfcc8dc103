import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { CustomStats, Emit } from '../base/event.ts'
import { toJson, type Value } from '../base/value.ts'
import { limitHosts } from '../inventory/pattern.ts'
import type { Play } from '../playbook/ast.ts'
import { Ahead, type Prospect } from './ahead.ts'
import type { RunContext, RunRequest } from './context.ts'
import { unique } from './faults.ts'
import { Fleet } from './fleet.ts'
import { Forks } from './forks.ts'
import type { HostState } from './host.ts'
import { Locks } from './locks.ts'
import { hostsOf, runPlay } from './play.ts'
import { frameOf } from './play-frame.ts'
import type { Ports } from './ports.ts'
import { RUN } from './set-stats.ts'
import { Steps } from './step.ts'
import { selected } from './tags.ts'
import { NOWHERE, sections, tasksOf } from './walk.ts'

/** How a run ended, over all hosts. */
export interface RunResult {
  readonly failed: boolean
  readonly unreachable: number
  /** Of the unreachable ones, those that refused the login or showed another key. */
  readonly refused: number
  readonly changed: boolean
  /** Another run was at work on a host. */
  readonly locked: boolean
}

/** Runs playbooks, play by play. Faults of input are thrown as `InputError` before any host is touched. */
export async function runPlaybooks(
  request: RunRequest,
  ports: Ports,
  emit: Emit,
  signal: AbortSignal,
): Promise<RunResult> {
  const ahead = new Ahead()
  const fleet = new Fleet(ports)
  request.store.acting = () => fleet.controllerActed()
  const run: RunContext = {
    ...request,
    ports,
    emit,
    signal,
    fleet,
    forks: new Forks(request.options.forks),
    ahead,
    hosts: new Map(),
    locks: new Locks({
      claimant: ports.claimant,
      forks: request.options.forks,
      signal,
      warn: (host, msg) => emit({ type: 'warning', host, msg }),
    }),
    locked: undefined,
    stats: new Map(),
    warned: new Set(),
    jobs: new Map(),
    steps: request.options.step && ports.ask ? new Steps(ports.ask, signal) : undefined,
  }
  ahead.plan(run, prospects(run))
  try {
    let number = 0
    for (const play of run.playbooks.flatMap(playbook => playbook.plays)) {
      if (signal.aborted) throw signal.reason
      if (!(await runPlay(run, play, ++number))) break
    }
  } finally {
    if (run.locked) emit({ type: 'fault', fault: run.locked.fault })
    tellStats(run)
    await run.locks.release()
    await fleet.close()
  }
  return { ...resultOf([...run.hosts.values()]), locked: run.locked !== undefined }
}

/**
 * Every play as far as it can be seen now. A pattern that names nothing is found here, before any host is touched; after a
 * play that may bring hosts and groups it is only worth a word.
 */
function prospects(run: RunContext): Prospect[] {
  const faults: Diagnostic[] = []
  let growing = false
  /** Whether a play chooses its hosts only when it begins. */
  let later = false
  const out = run.playbooks
    .flatMap(playbook => playbook.plays)
    .map((play, index): Prospect => {
      const found = hostsOf(run, play)
      later ||= found.unclear !== undefined
      // Prompts and plays before may still tell what the pattern needs
      if (found.unclear && index === 0 && play.prompts.length === 0) faults.push(found.unclear)
      faults.push(...found.faults.map(fault => (growing ? { ...fault, severity: 'warning' as const } : fault)))
      growing ||= brings(play)
      const tasks = sections(play).flatMap(steps => [...tasksOf(steps, NOWHERE, true)])
      return {
        hosts: new Set(found.names),
        frame: { ...frameOf(play), allHosts: found.names },
        dir: play.dir,
        tasks: tasks.filter(({ task }) => selected(task.tags, run.options.tags, run.options.skipTags)),
      }
    })
  const told = [...mismatches(unique(faults), run.options.mismatch)]
  if (!later && !told.some(isError) && out.every(({ hosts }) => hosts.size === 0))
    told.push(...mismatches(nobodyLeft(run), run.options.mismatch))
  const errors = told.filter(isError)
  if (errors.length > 0) throw new InputError(errors)
  for (const fault of told) run.emit({ type: 'fault', fault })
  return out
}

/** That there are no hosts, or `--limit` leaves none: a run of nothing must not look like one that went well. */
function nobodyLeft({ inventory, hostless, options: { limit } }: RunContext): Diagnostic[] {
  if (hostless !== undefined) return [{ ...hostless, severity: 'error' }]
  if (limit === undefined || limitHosts(inventory, [...inventory.hosts.values()], limit).hosts.length > 0) return []
  return [
    {
      code: 'limit-empty',
      severity: 'error',
      message: `Specified hosts and/or --limit does not match any hosts: '${limit}' leaves none of the inventory`,
      remedy: 'limit to hosts or groups that the inventory has; regplay list hosts shows whom a pattern means',
    },
  ]
}

/** Whether a play may bring hosts or groups: by itself, or by what it includes. */
const brings = (play: Play): boolean =>
  [...sections(play), play.handlers].some(steps =>
    [...tasksOf(steps, NOWHERE, false)].some(({ task }) => task.moduleName !== undefined || GROWING.has(task.action)),
  )

const GROWING: ReadonlySet<string> = new Set(['add_host', 'group_by', 'include_tasks', 'include_role', 'meta'])

const isError = ({ severity }: Diagnostic): boolean => severity === 'error'

const OF_PATTERNS: ReadonlySet<string> = new Set(['no-such-host', 'limit-empty'])

/** What patterns that select nothing are, as `host_pattern_mismatch` says. */
function mismatches(faults: readonly Diagnostic[], say: RunRequest['options']['mismatch']): readonly Diagnostic[] {
  if (say === undefined) return faults
  return faults.flatMap(fault => {
    if (!OF_PATTERNS.has(fault.code)) return [fault]
    return say === 'ignore' ? [] : [{ ...fault, severity: say }]
  })
}

/** The recap and what the run cost, even when it was ended early. */
function tellStats(run: RunContext): void {
  // A host for which no task was counted was not in it, as when its batch was not begun.
  const met = [...run.hosts.values()].filter(({ recap }) => Object.values(recap).some(count => count > 0))
  run.emit({
    type: 'recap',
    hosts: Object.fromEntries(met.map(host => [host.name, { ...host.recap }])),
  })
  if (run.stats.size > 0) run.emit(customStats(run))
  const stats: Record<string, { handshakes: number; trips: number; bytesSent: number; bytesReceived: number }> = {}
  for (const { name, session } of run.fleet.machines) {
    const sum = stats[name] ?? { handshakes: 0, trips: 0, bytesSent: 0, bytesReceived: 0 }
    const { handshakes, trips, bytesSent, bytesReceived } = session.stats
    stats[name] = {
      handshakes: sum.handshakes + handshakes,
      trips: sum.trips + trips,
      bytesSent: sum.bytesSent + bytesSent,
      bytesReceived: sum.bytesReceived + bytesReceived,
    }
  }
  run.emit({ type: 'stats', hosts: stats })
}

/** What `set_stats` gathered. */
function customStats({ stats }: RunContext): CustomStats {
  const values = (gathered: ReadonlyMap<string, Value> = new Map()) =>
    Object.fromEntries([...gathered].map(([name, value]) => [name, toJson(value)]))
  const hosts = [...stats].filter(([key]) => key !== RUN).map(([host, gathered]) => [host, values(gathered)])
  return { type: 'custom-stats', run: values(stats.get(RUN)), hosts: Object.fromEntries(hosts) }
}

const resultOf = (hosts: readonly HostState[]): Omit<RunResult, 'locked'> => ({
  failed: hosts.some(host => host.failed),
  unreachable: hosts.filter(host => host.unreachable).length,
  refused: hosts.filter(host => host.unreachable && host.refused).length,
  changed: hosts.some(host => host.recap.changed > 0),
})
