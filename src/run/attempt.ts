import { dict } from '../base/value.ts'
import { LOCALHOSTS } from '../inventory/model.ts'
import { TemplateError } from '../jinja/errors.ts'
import type { Module } from '../kit/module.ts'
import type { Node } from '../source/node.ts'
import { TransportError } from '../transport/session.ts'
import { argumentsOf } from './arguments.ts'
import { jobsOf } from './async-status.ts'
import { leaveBehind } from './background.ts'
import { withModule } from './choose.ts'
import { dirsOf, environmentOf, exportsOf, identityOf, machineOf } from './circumstances.ts'
import { ENGINE_ACTIONS } from './engine-actions.ts'
import { ensure, failed, failedAt } from './ensure.ts'
import { ArgumentError, quietly } from './faults.ts'
import { Forks } from './forks.ts'
import { withHomes } from './homes.ts'
import { boolOf, numberOf, type Speech } from './language.ts'
import type { Seat } from './locks.ts'
import type { Result } from './ports.ts'
import { speechAt } from './speech.ts'
import { delegateSpeech, speechOf, type Turn } from './turn.ts'
import type { Wish } from './wish.ts'

/**
 * One try of a task: what the engine does itself, or the module on its machine. Arguments that cannot be used are a result like any other,
 * of which `until` and `failed_when` may think better. Rejects with what `failedBy` understands.
 */
export async function attempt(open: Turn): Promise<Result> {
  try {
    const turn = withModule(open)
    const speech = speechOf(turn)
    const own = ENGINE_ACTIONS[turn.placed.task.action]
    return await (own ? own(turn, speech) : onMachine(turn, speech))
  } catch (error) {
    if (error instanceof ArgumentError) return failedAt(error)
    throw error
  }
}

async function onMachine(turn: Turn, speech: Speech): Promise<Result> {
  const { play, placed, host } = turn
  const { task, around } = placed
  const { run } = play
  const module = run.ports.modules.get(task.action)
  if (!module) throw new Error(`no module ${task.action}: the parser should have refused it`)
  const home = atHome(turn, module)
  if (home !== turn) return onMachine(home, speechOf(home))
  const delegation = turn.delegate === undefined ? 'no' : isItself(turn, turn.delegate) ? 'itself' : 'elsewhere'
  const args = argumentsOf(task, module.args, speech, dirsOf(task, around.roles, play.play.dir), delegation)
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
  const work = () => (limit > 0 ? withinLimit(wish, limit) : (turn.convoy?.take(turn, wish) ?? ensure(wish)))
  const result = await throttled(turn, speech, () => run.forks.run(work))
  const { machine, identity } = wish
  if (result.failed === undefined && result.skipped === undefined && !module.local && !wish.dry)
    play.kept.push({ host: host.name, placed, machine, identity, module, args: wish.args })
  return task.action === 'setup' ? withEnvironment(result, environmentOf(task, speech)) : result
}

/** Whether a task is delegated to the host that it is for: by its name or, as `ansible_host` says it, by its address. */
function isItself(turn: Turn, delegate: string): boolean {
  const { name } = turn.host
  return delegate === name || delegate === quietly(() => delegateSpeech(turn, name).scope.get('ansible_host'))
}

/** A module that knows both ends sends from the controller anyway: to delegate it there says nothing. */
function atHome(turn: Turn, module: Module): Turn {
  const { delegate, ...rest } = turn
  const both = Object.values(module.args.properties).some(({ delegation }) => delegation)
  if (!both || delegate === undefined || delegate === turn.host.name || !LOCALHOSTS.has(delegate)) return turn
  const { delegateTo: _, ...task } = turn.placed.task
  return { ...rest, placed: { ...turn.placed, task } }
}

/** `ansible_env` is what a task's commands would see: what the login gives, and over it what the keyword says. */
function withEnvironment(result: Result, environment: ReadonlyMap<string, string>): Result {
  const facts = result.fields.get('ansible_facts')
  const login = facts instanceof Map ? facts.get('ansible_env') : undefined
  if (environment.size === 0 || !(facts instanceof Map) || !(login instanceof Map)) return result
  const seen = new Map(facts).set('ansible_env', new Map([...login, ...environment]))
  return { ...result, fields: new Map(result.fields).set('ansible_facts', seen) }
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
const targetOf = (turn: Turn, speech: Speech): Speech =>
  turn.delegate === undefined ? speech : delegateSpeech(turn, turn.delegate)

/** What a turn wants; of one that is not at its turn yet the speech is `pure`. */
export function wishOf(turn: Turn, speech: Speech, target: Speech, module: Module, args: Wish['args']): Wish {
  const { play, placed, host } = turn
  const { task } = placed
  const { run } = play
  const machine = module.local ? run.fleet.controller() : machineOf(run, task, target)
  const identity = module.local ? { become: 'none' as const, user: '' } : identityOf(run, task, target)
  const timeout = numberOf(task.keywords.timeout, speech) ?? numberOf(task.async, speech) ?? 0
  const variables = environmentOf(task, speech)
  return {
    module,
    args,
    machine,
    identity,
    variables,
    environment: exportsOf(variables),
    dry: boolOf(task.keywords.checkMode, speech) ?? run.options.check,
    check: run.options.check,
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

/** How many hosts may be at a task at once; 0 means all. */
function throttleOf(node: Node | undefined, speech: Speech): number {
  try {
    return numberOf(node, speech) ?? 0
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const fault = `Failed to convert the throttle value to an integer: ${error.fault}`
    throw new TemplateError(error.code, fault, { ...error, cause: error })
  }
}

/** `throttle`: no more than so many hosts at this task at once. */
function throttled<T>({ play, placed: { task } }: Turn, speech: Speech, work: () => Promise<T>): Promise<T> {
  const size = throttleOf(task.keywords.throttle, speech)
  if (size <= 0) return work()
  const known = play.throttles.get(task.id) ?? new Forks(size)
  play.throttles.set(task.id, known)
  return known.run(work)
}
