import { dict } from '../base/value.ts'
import type { Module } from '../kit/module.ts'
import { TransportError } from '../transport/session.ts'
import { argumentsOf } from './arguments.ts'
import { jobsOf } from './async-status.ts'
import { leaveBehind } from './background.ts'
import { dirsOf, environmentOf, identityOf, machineOf } from './circumstances.ts'
import { ENGINE_ACTIONS } from './engine-actions.ts'
import { ensure, failed } from './ensure.ts'
import { quietly } from './faults.ts'
import { Forks } from './forks.ts'
import { withHomes } from './homes.ts'
import { boolOf, numberOf, type Speech, textOf } from './language.ts'
import type { Seat } from './locks.ts'
import type { Result } from './ports.ts'
import { speechAt } from './speech.ts'
import { speechOf, type Turn } from './turn.ts'
import type { Wish } from './wish.ts'

/** One try of a task: what the engine does itself, or the module on its machine. Rejects with what `failedBy` understands. */
export async function attempt(turn: Turn): Promise<Result> {
  const speech = speechOf(turn)
  const own = ENGINE_ACTIONS[turn.placed.task.action]
  return own ? own(turn, speech) : onMachine(turn, speech)
}

async function onMachine(turn: Turn, speech: Speech): Promise<Result> {
  const { play, placed, host } = turn
  const { task, around } = placed
  const { run } = play
  const module = run.ports.modules.get(task.action)
  if (!module) throw new Error(`no module ${task.action}: the parser should have refused it`)
  const args = argumentsOf(task, module.args, speech, dirsOf(task, around.roles, play.play.dir))
  if (task.action === 'debug' && Number(args['verbosity'] ?? 0) > run.options.verbose) return NOT_SAID
  const target = targetOf(turn, speech)
  const wish = await withHomes(wishOf(turn, speech, target, module, args))
  if ('instead' in wish) return wish.instead
  const limit = numberOf(task.async, speech) ?? 0
  if (limit > 0 && !wish.dry && numberOf(task.poll, speech) === 0) {
    const place = { id: jobId(run.ports.chance), dir: jobsOf(target), limit }
    const work = () => leaveBehind(wish, place, job => run.jobs.set(place.id, job))
    return throttled(turn, speech, () => run.forks.run(work))
  }
  const work = () => (limit > 0 ? withinLimit(wish, limit) : ensure(wish))
  const result = await throttled(turn, speech, () => run.forks.run(work))
  const { machine, identity } = wish
  if (result.failed === undefined && result.skipped === undefined && !module.local)
    play.kept.push({ host: host.name, placed, machine, identity, module, args: wish.args })
  return result
}

/** `async` with a `poll`: the task is waited for, and ended when it takes longer. */
async function withinLimit(wish: Wish, limit: number): Promise<Result> {
  try {
    const result = await ensure(wish)
    return { ...result, fields: new Map([...result.fields, ['started', true], ['finished', true]]) }
  } catch (error) {
    if (!(error instanceof TransportError) || error.kind !== 'timeout' || wish.signal.aborted) throw error
    return failed(`async task did not complete within the requested time - ${limit}s`)
  }
}

/** The variables of the host that does the work. */
function targetOf({ play, placed: { task } }: Turn, speech: Speech): Speech {
  const delegate = textOf(task.delegateTo, speech)
  return delegate === undefined ? speech : { ...speech, scope: play.run.store.scope(delegate, { play: play.frame }) }
}

function wishOf(turn: Turn, speech: Speech, target: Speech, module: Module, args: Wish['args']): Wish {
  const { play, placed, host } = turn
  const { task } = placed
  const { run } = play
  const machine = module.local ? run.fleet.controller() : machineOf(run, task, target)
  const identity = module.local ? { become: 'none' as const, user: '' } : identityOf(run, task, target)
  const timeout = numberOf(task.keywords.timeout, speech) ?? numberOf(task.async, speech) ?? 0
  return {
    module,
    args,
    machine,
    identity,
    environment: environmentOf(task, speech),
    dry: boolOf(task.keywords.checkMode, speech) ?? run.options.check,
    effects: run.ports.effects,
    signal: run.signal,
    openContent: run.ports.openContent,
    ahead: () => (target === speech ? run.ahead.questions(host.name, task.id, machine, identity) : []),
    hold: () => run.locks.hold({ machine, identity }, () => seatsOf(turn)),
    progress: (what, done, total) => turn.tell.progress(what, done, total),
    ...(timeout === 0 ? {} : { timeout }),
  }
}

/** Names a job in the background. */
const jobId = (chance: () => number): string => `j${Math.floor(chance() * 1e12)}.${Math.floor(chance() * 1e6)}`

/** `debug` with a higher verbosity than the run's. */
const NOT_SAID: Result = {
  changed: false,
  skipped: 'Verbosity threshold not met.',
  fields: dict({ skipped_reason: 'Verbosity threshold not met.', skipped: true }),
  diff: [],
}

/** Where this task would be done on every host of the batch; a host for which that cannot be made out says so in its own turn. */
const seatsOf = ({ play, placed }: Turn): Seat[] =>
  play.batch.flatMap(({ name, out }) => {
    if (out) return []
    const speech = speechAt(play, name, placed)
    const seat = quietly(() => ({
      machine: machineOf(play.run, placed.task, speech),
      identity: identityOf(play.run, placed.task, speech),
    }))
    return seat === undefined ? [] : [seat]
  })

/** `throttle`: no more than so many hosts at this task at once. */
function throttled<T>({ play, placed: { task } }: Turn, speech: Speech, work: () => Promise<T>): Promise<T> {
  const size = numberOf(task.keywords.throttle, speech) ?? 0
  if (size <= 0) return work()
  const known = play.throttles.get(task.id) ?? new Forks(size)
  play.throttles.set(task.id, known)
  return known.run(work)
}
