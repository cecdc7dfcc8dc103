import { setTimeout as sleep } from 'node:timers/promises'
import { type Dict, dict, type Value } from '../base/value.ts'
import { NotNow, TemplateError } from '../jinja/errors.ts'
import { toText, truthy } from '../jinja/python/text.ts'
import type { Task } from '../playbook/ast.ts'
import { TransportError } from '../transport/session.ts'
import { ArgumentError, argumentsOf } from './arguments.ts'
import { dirsOf, environmentOf, identityOf, machineOf, SettingsError } from './circumstances.ts'
import type { PlayContext } from './context.ts'
import { ensure, failed } from './ensure.ts'
import { Forks } from './forks.ts'
import { HostLeaves, type HostState } from './host.ts'
import { boolOf, expressionOf, falseCondition, numberOf, type Speech, textOf } from './language.ts'
import { LockedError, type Seat } from './locks.ts'
import type { Result } from './ports.ts'
import { quietly, type TaskTeller } from './tell.ts'
import type { Placed } from './walk.ts'

/** One task on one host, with the variables of one turn of its loop. */
export interface Turn {
  readonly play: PlayContext
  readonly host: HostState
  readonly placed: Placed
  readonly locals: ReadonlyMap<string, Value>
  readonly tell: TaskTeller
}

/** The variables that a turn sees now; facts and registered values may have come since the last look. */
export function speechOf({ play, host, placed, locals }: Turn): Speech {
  const { task, around } = placed
  const options = { loader: undefined }
  return {
    scope: play.run.store.scope(host.name, {
      play: play.frame,
      roles: around.roles,
      blocks: around.blocks,
      task: task.vars,
      locals,
    }),
    options,
  }
}

/** Runs a turn: its condition, its module until `until` is content, and what `changed_when` and `failed_when` make of the result. */
export async function takeTurn(turn: Turn): Promise<Result> {
  const { task } = turn.placed
  try {
    const speech = speechOf(turn)
    const not = falseCondition(task.when, speech)
    if (not !== undefined) return skippedBy(not)
    if (task.until === undefined) return judged(turn, await attempt(turn))
    const retries = numberOf(task.retries, speech) ?? 3
    const delay = numberOf(task.delay, speech) ?? 5
    for (let left = retries; ; left--) {
      const result = judged(turn, await attempt(turn))
      const counted = { ...result, fields: new Map(result.fields).set('attempts', retries - left + 1) }
      remember(turn, counted)
      if (truthy(expressionOf(task.until, speechOf(turn)))) return counted
      if (left <= 0)
        return { ...counted, failed: counted.failed ?? `the condition of until was not met in ${retries} retries` }
      turn.tell.retry(left, counted.fields)
      await sleep(delay * 1000, undefined, { signal: turn.play.run.signal })
    }
  } catch (error) {
    return failedBy(error, turn)
  }
}

const skippedBy = (condition: string): Result => ({
  changed: false,
  skipped: 'Conditional result was False',
  fields: dict({
    changed: false,
    skipped: true,
    skip_reason: 'Conditional result was False',
    false_condition: condition,
  }),
  diff: [],
})

/** What went wrong while the task was made out or the machine was talked to, as the result that it is. */
export function failedBy(error: unknown, turn: Turn): Result {
  if (turn.play.run.signal.aborted) throw error
  if (error instanceof LockedError) {
    turn.play.run.locked ??= error
    turn.play.stop ??= error.message
    throw new HostLeaves('locked')
  }
  if (error instanceof TransportError) {
    const failure = failed(error.message, error.remedy)
    const reached = error.kind === 'timeout' || error.kind === 'become'
    if (!reached && (error.kind === 'auth' || error.kind === 'hostkey')) turn.host.refused = true
    return reached
      ? failure
      : { ...failure, unreachable: true, fields: dict({ msg: error.message, unreachable: true, changed: false }) }
  }
  const told =
    error instanceof TemplateError ||
    error instanceof NotNow ||
    error instanceof ArgumentError ||
    error instanceof SettingsError
  if (!told) throw error
  return failed(error.message)
}

/** One try of the module. */
async function attempt(turn: Turn): Promise<Result> {
  const { play, placed, host } = turn
  const { task, around } = placed
  const { run } = play
  const speech = speechOf(turn)
  const module = run.ports.modules.get(task.action)
  if (!module) throw new Error(`no module ${task.action}: the parser should have refused it`)
  const args = argumentsOf(task, module.args, speech, dirsOf(task, around.roles, play.play.dir))
  if (task.action === 'debug' && Number(args['verbosity'] ?? 0) > run.options.verbose) {
    return {
      changed: false,
      skipped: 'Verbosity threshold not met.',
      fields: dict({ skipped_reason: 'Verbosity threshold not met.', skipped: true }),
      diff: [],
    }
  }
  const delegate = textOf(task.delegateTo, speech)
  const target = delegate === undefined ? speech : { ...speech, scope: run.store.scope(delegate, { play: play.frame }) }
  const machine = module.local ? run.fleet.controller() : machineOf(run, task, target)
  const identity = module.local ? { become: 'none' as const, user: '' } : identityOf(run, task, target)
  const timeout = numberOf(task.keywords.timeout, speech) ?? numberOf(task.async, speech)
  const work = () =>
    ensure({
      module,
      args,
      machine,
      identity,
      environment: environmentOf(task, speech),
      dry: boolOf(task.keywords.checkMode, speech) ?? run.options.check,
      effects: run.ports.effects,
      hold: () => run.locks.hold({ machine, identity }, () => seatsOf(turn)),
      signal: run.signal,
      ahead: () => (delegate === undefined ? run.ahead.questions(host.name, task.id, machine, identity) : []),
      progress: (what, done, total) => turn.tell.progress(what, done, total),
      ...(timeout === undefined || timeout === 0 ? {} : { timeout }),
    })
  const result = await throttled(turn, speech, () => run.forks.run(work))
  if (result.failed === undefined && result.skipped === undefined && !module.local)
    play.kept.push({ host: host.name, placed, machine, identity, module, args })
  return result
}

/** Where this task would be done on every host of the batch; a host for which that cannot be made out says so in its own turn. */
const seatsOf = ({ play, placed: { task, around } }: Turn): Seat[] =>
  play.batch.flatMap(({ name, out }) => {
    if (out) return []
    const vars = { play: play.frame, roles: around.roles, blocks: around.blocks, task: task.vars, locals: new Map() }
    const speech = { scope: play.run.store.scope(name, vars), options: {} }
    const seat = quietly(() => ({
      machine: machineOf(play.run, task, speech),
      identity: identityOf(play.run, task, speech),
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

/** `changed_when` and `failed_when` see the result by the name that it is registered under, and are the last word. */
function judged(turn: Turn, result: Result): Result {
  const { task } = turn.placed
  if (result.skipped !== undefined || result.unreachable) return result
  if (task.changedWhen.length === 0 && task.failedWhen.length === 0) return result
  remember(turn, result)
  let { changed } = result
  if (task.changedWhen.length > 0) changed = falseCondition(task.changedWhen, speechOf(turn)) === undefined
  const { failed: why, ...rest } = result
  const left = { ...rest, changed }
  if (task.failedWhen.length === 0) return why === undefined ? left : { ...left, failed: why }
  remember(turn, { ...result, changed })
  const fails = falseCondition(task.failedWhen, speechOf(turn)) === undefined
  const fields: Dict = new Map(result.fields).set('failed_when_result', fails)
  if (!fails) return { ...left, fields }
  return {
    ...left,
    fields,
    failed: why ?? (fields.has('msg') ? toText(fields.get('msg') ?? null) : 'the condition of failed_when was met'),
  }
}

/** A result as the language sees it: its fields, and how it ended. */
export function registered(result: Result): Dict {
  const out: Dict = new Map(result.fields)
  out.set('changed', result.changed)
  out.set('failed', result.failed !== undefined)
  if (result.skipped !== undefined) out.set('skipped', true)
  if (result.unreachable) out.set('unreachable', true)
  if (result.failed !== undefined && !out.has('msg')) out.set('msg', result.failed)
  return out
}

function remember({ play, host, placed: { task } }: Turn, result: Result): void {
  if (task.register !== undefined) play.run.store.register(host.name, task.register, registered(result))
}

export const labelOf = (task: Task, item: Value | undefined, speech: Speech): string =>
  task.loop?.label === undefined ? toText(item ?? null) : (textOf(task.loop.label, speech) ?? '')
