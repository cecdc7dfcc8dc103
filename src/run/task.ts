import { type Dict, dict, type Value } from '../base/value.ts'
import { toText } from '../jinja/python/text.ts'
import type { Task } from '../playbook/ast.ts'
import { withModuleIfKnown } from './choose.ts'
import type { Moment } from './clock.ts'
import type { PlayContext, Shared } from './context.ts'
import { failed } from './ensure.ts'
import { isUnknown, quietly } from './faults.ts'
import { HostLeaves, type HostState, TaskFailed } from './host.ts'
import { boolOf, renderedOf } from './language.ts'
import { learn, targetsOf } from './learn.ts'
import { type Done, takeTurns } from './loop.ts'
import type { Result } from './ports.ts'
import { speechAt } from './speech.ts'
import { failedBy } from './take-turn.ts'
import { TaskTeller } from './tell.ts'
import { registered, speechOf, type Turn } from './turn.ts'
import type { Placed } from './walk.ts'

/** What is known about a task on a host before it runs. */
export interface Errand {
  readonly play: PlayContext
  readonly host: HostState
  readonly placed: Placed
  readonly moment: Moment
  readonly handler: boolean
  /** The blocks with a rescue around it, outermost first: with one of them a failure is not the end. */
  readonly rescuers: readonly string[]
}

const NONE: ReadonlyMap<string, Value> = new Map()

/** Says that a task starts (once a batch), and gives the means to say how it goes on. */
export function announce(errand: Errand): Turn {
  const { play, host, placed, moment, handler } = errand
  const tell = new TaskTeller(play, host, placed.task, speechAt(play, host.name, placed))
  const key = keyOf(moment)
  if (!play.told.has(key)) {
    play.told.add(key)
    tell.start(handler)
  }
  tell.hostStart()
  return { play, host, placed, locals: NONE, tell, forAll: isOnce(errand) === 'for all' }
}

export const keyOf = (moment: Moment): string => moment.join('.')

/**
 * Whether the first host does the task and the others go its way: what it registers is then known to all (`run_once`), or to
 * the first alone (`pause` and `add_host`, which would make no sense on every host). Hosts that do not wait for each other
 * each do it.
 */
export function isOnce({ play, host, placed }: Errand): 'for all' | 'alone' | undefined {
  if (play.free || play.batch.length === 1) return undefined
  const { task } = placed
  if (quietly(() => boolOf(task.keywords.runOnce, speechAt(play, host.name, placed)))) return 'for all'
  return ONE_HOST.has(task.action) ? 'alone' : undefined
}

/** Why it cannot be told whether a task is for one host: `run_once` is neither true nor false. */
export function onceFault({ play, host, placed }: Errand): Error | undefined {
  try {
    boolOf(placed.task.keywords.runOnce, speechAt(play, host.name, placed))
    return undefined
  } catch (error) {
    if (isUnknown(error)) return error
    throw error
  }
}

const ONE_HOST: ReadonlySet<string> = new Set(['pause', 'add_host'])

/**
 * Does something once for all hosts: the first that comes does it, the others go its way. Throws `TaskFailed` or
 * `HostLeaves` where the first one did.
 */
export async function shared({ play, host, placed, moment }: Errand, work: () => Promise<void>): Promise<void> {
  const key = keyOf(moment)
  const running = play.once.get(key)
  if (running) {
    if ((await running) !== 'failed') return
    host.struck = play.strikes
    throw new TaskFailed(placed.task, true)
  }
  const mine = work()
  play.once.set(
    key,
    mine.then(
      (): Shared => 'fine',
      (error): Shared => (error instanceof TaskFailed || error instanceof HostLeaves ? 'failed' : 'over'),
    ),
  )
  await mine
}

/** Runs a task on a host, all turns of its loop, and settles what that means for the host. Throws `TaskFailed` or `HostLeaves`. */
export async function runTask(given: Errand): Promise<void> {
  const errand = given.placed.task.loop ? given : withModuleIfKnown({ ...given, locals: NONE })
  const fault = onceFault(errand)
  if (fault) return failTask(errand, announce(errand), fault)
  if (isOnce(errand) === undefined) await runHere(errand)
  else await shared(errand, () => runHere(errand))
}

async function runHere(errand: Errand): Promise<void> {
  const turn = announce(errand)
  /** Handlers to notify, by the names that each turn gives them. */
  const names = new Set<string>()
  const done = await takeTurns(turn, (inner, result) => {
    if (result.failed !== undefined || result.skipped !== undefined) return
    learn(inner, result)
    for (const node of turn.placed.task.notify) {
      const said = quietly(() => renderedOf(node, speechOf(inner)))
      for (const name of Array.isArray(said) ? said : [said ?? null]) if (name !== null) names.add(toText(name))
    }
  })
  settle(errand, turn, withHandlers(turn, done, names), names)
}

/**
 * What kept a task from being begun is its failure. Throws `TaskFailed` or `HostLeaves`, unless failures are ignored.
 * @param mendable false where neither `ignore_errors` nor a rescue, though it runs, makes up for it
 */
export function failTask(errand: Errand, turn: Turn, error: unknown, mendable = true): void {
  const result = error instanceof Error && error.constructor === Error ? failed(error.message) : failedBy(error, turn)
  const said = quietly(() => boolOf(turn.placed.task.keywords.ignoreErrors, speechOf(turn)))
  const ignored = mendable && said === true
  settle(errand, turn, { result: ignored ? { ...result, ignored } : result }, new Set(), mendable)
}

/** A notification that no handler answers is a failure of the task that sent it. */
function withHandlers(turn: Turn, done: Done, names: ReadonlySet<string>): Done {
  const { result } = done
  if (!result.changed || result.failed !== undefined) return done
  const speech = speechOf(turn)
  const lost = [...names].find(name => turn.play.handlers.answering(name, speech).length === 0)
  if (lost === undefined) return done
  const failed = `The requested handler '${lost}' was not found in either the main handlers list nor in the listening handlers list`
  const { run } = turn.play
  if (run.options.lostNotifications !== 'warned')
    return { ...done, result: { ...result, failed, fields: new Map(result.fields).set('msg', failed) } }
  run.emit({ type: 'warning', host: turn.host.name, msg: failed })
  return done
}

/** Registers, counts, tells, notifies; and unwinds when the host cannot go on. */
function settle(errand: Errand, turn: Turn, done: Done, names: ReadonlySet<string>, mendable = true): void {
  const { play, host, placed } = errand
  const { result } = done
  register(turn, result)
  const items = done.items === undefined ? {} : { items: done.items }
  const ignored = result.ignored ? { ignored: true } : {}
  const mended = mendable && result.failed !== undefined && !result.ignored && errand.rescuers.length > 0
  const rescued = mended ? { rescued: true } : {}
  turn.tell.result(result, { ...items, ...ignored, ...(result.unreachable ? {} : rescued) })
  count(host, result)
  const { role } = placed.task
  if (role !== undefined && !result.unreachable && result.skipped === undefined) play.roles.begun(host.name, role)
  if ((result.unreachable || result.failed !== undefined) && !result.ignored) lose(errand, turn, result, mendable)
  if (result.failed === undefined && result.changed) notify(turn, names)
}

/** What `register` gets, on every host that the task was done for. */
export function register(turn: Turn, result: Result): void {
  const { register: name } = turn.placed.task
  if (name === undefined) return
  const value = registered(result)
  for (const host of targetsOf(turn)) turn.play.run.store.register(host, name, value)
}

/** Counts as Ansible does; a failure that nobody ignores is counted where it is rescued or not. */
function count({ recap }: HostState, result: Result): void {
  const bad = result.unreachable || result.failed !== undefined
  if (bad && !result.ignored) {
    if (result.unreachable) recap.unreachable += 1
    return
  }
  if (result.skipped !== undefined && !bad) {
    recap.skipped += 1
    return
  }
  recap.ok += 1
  if (bad) recap.ignored += 1
  if (result.changed) recap.changed += 1
}

/** The host cannot go on; where the task says so, no host of the batch can. */
function lose(errand: Errand, turn: Turn, result: Result, mendable: boolean): never {
  const { host, placed } = errand
  const { task } = placed
  if (isOnce(errand) !== undefined || boolOf(task.keywords.anyErrorsFatal, speechOf(turn))) strike(errand)
  if (!result.unreachable) {
    if (errand.rescuers.length === 0) throw new TaskFailed(task)
    rescued(errand, result, mendable)
    throw new TaskFailed(task, !mendable)
  }
  host.unreachable = true
  throw new HostLeaves('unreachable')
}

/** A failure for all hosts of the batch: one, however many of them fail at this task. */
function strike({ play, host, moment, rescuers }: Errand): void {
  const key = keyOf(moment)
  if (play.struckAt !== key) {
    play.rescuers[play.strikes] = rescuers.at(-1)
    play.strikes += 1
  }
  play.struckAt = key
  host.struck = play.strikes
}

/** Counts it, and tells rescue and always what failed. What no rescue makes up for leaves the host out of the plays to come. */
function rescued({ play, host, placed: { task } }: Errand, result: Result, mendable: boolean): void {
  if (mendable) host.recap.rescued += 1
  else {
    host.recap.failed += 1
    host.barred = true
  }
  play.run.store.register(host.name, 'ansible_failed_task', failedTask(task))
  play.run.store.register(host.name, 'ansible_failed_result', registered(result))
}

/** `ansible_failed_task`, as far as it is the same for every host. */
const failedTask = (task: Task): Dict =>
  dict({
    name: task.name?.kind === 'scalar' ? task.name.text : '',
    action: task.written,
    tags: [...task.tags],
    ...(task.register === undefined ? {} : { register: task.register }),
  })

/** Keeps what was notified until handlers are flushed: the last that is defined by then answers. */
function notify(turn: Turn, names: ReadonlySet<string>): void {
  const { play, host, tell } = turn
  const speech = speechOf(turn)
  for (const name of names) {
    host.notified.set(name, speech)
    play.run.emit({ type: 'notified', host: host.name, handler: name, ...tell.ref })
  }
}
