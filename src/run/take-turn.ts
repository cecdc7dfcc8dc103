import { setTimeout as sleep } from 'node:timers/promises'
import { type Dict, dict } from '../base/value.ts'
import { toText } from '../jinja/python/text.ts'
import type { Node } from '../source/node.ts'
import { TransportError } from '../transport/session.ts'
import { attempt } from './attempt.ts'
import { failed, failedAt } from './ensure.ts'
import { isUnknown, quietly } from './faults.ts'
import { HostLeaves } from './host.ts'
import { boolOf, falseCondition, numberOf, type Speech, textOf } from './language.ts'
import { LockedError } from './locks.ts'
import type { Result } from './ports.ts'
import { delegateSpeech, remember, speechOf, type Turn } from './turn.ts'

/** Runs a turn: its condition, its module until `until` is content, and what `changed_when` and `failed_when` make of the result. */
export const takeTurn = async (turn: Turn): Promise<Result> => ignoring(turn, await withoutIgnoring(turn))

/** A failure, marked where the task lets the host go on. */
export function ignoring(turn: Turn, result: Result): Result {
  if (result.failed === undefined && !result.unreachable) return result
  const { ignoreErrors, ignoreUnreachable } = turn.placed.task.keywords
  return boolOf(result.unreachable ? ignoreUnreachable : ignoreErrors, speechOf(turn))
    ? { ...result, ignored: true }
    : result
}

async function withoutIgnoring(turn: Turn): Promise<Result> {
  const { task } = turn.placed
  try {
    const speech = speechOf(turn)
    // A file that is missing is missed by every task, not only by one that needs its variables.
    if (turn.play.play.varsFiles.length > 0) speech.scope.settle('vars_files')
    const not = falseCondition(task.when, speech)
    if (not !== undefined) return skippedBy(not)
    const delegate = textOf(task.delegateTo, speech)
    if (delegate === undefined) return await tried(turn)
    return { ...(await tried({ ...turn, delegate })), delegate, ...addressOf(turn, delegate) }
  } catch (error) {
    return failedBy(error, turn)
  }
}

/** Where it is known who does the work: the module, as often as `until` wants. */
async function tried(turn: Turn): Promise<Result> {
  const { task } = turn.placed
  try {
    if (task.until.length > 0 || task.retries !== undefined) return await persist(turn, speechOf(turn))
    return judged(turn, await attempt(turn))
  } catch (error) {
    return failedBy(error, turn)
  }
}

/** Where a host is reached, when its variables say so; the address is for people, and what cannot be made out is not shown. */
function addressOf(turn: Turn, name: string): Pick<Result, 'delegateAddress'> {
  const { scope } = delegateSpeech(turn, name)
  if (scope.find('ansible_host')?.level === 'defaults') return {}
  const address = quietly(() => scope.get('ansible_host'))
  return typeof address === 'string' && address !== name ? { delegateAddress: address } : {}
}

/** Tries again until `until` holds, or, where nothing is said, until it does not fail. */
async function persist(turn: Turn, speech: Speech): Promise<Result> {
  const { task } = turn.placed
  const retries = Math.max(0, numberOf(task.retries, speech) ?? 3)
  const delay = Math.max(0, numberOf(task.delay, speech) ?? 5)
  if (retries === 0) return judged(turn, await attempt(turn))
  for (let tried = 1; ; tried++) {
    const result = judged(turn, counted(await attempt(turn), tried))
    remember(turn, result)
    const done =
      task.until.length === 0 ? result.failed === undefined : falseCondition(task.until, speechOf(turn)) === undefined
    if (done) return result
    if (tried > retries) return givenUp(result, retries, task.failedWhen.length > 0)
    turn.tell.retry(retries + 1 - tried, result.fields)
    await sleep(delay * 1000, undefined, { signal: turn.play.run.signal })
  }
}

const counted = (result: Result, attempts: number): Result => ({
  ...result,
  fields: new Map(result.fields).set('attempts', attempts),
})

/** No try was good enough; what `failed_when` says of the last one stands all the same. */
const givenUp = (result: Result, retries: number, told: boolean): Result =>
  told || result.failed !== undefined
    ? counted(result, retries)
    : { ...counted(result, retries), failed: `the condition of until was not met in ${retries} retries` }

/** What is said of a task that its condition leaves out. */
export const LEFT_OUT = 'Conditional result was False'

export const skippedBy = (condition: string | false): Result => ({
  changed: false,
  skipped: LEFT_OUT,
  bare: true,
  fields: dict({
    changed: false,
    skipped: true,
    skip_reason: LEFT_OUT,
    false_condition: condition,
  }),
  diff: [],
})

/** The failure of a task that took longer than its `timeout`, in Ansible's words, with what the test `timedout` asks for. */
function timedOut({ message, remedy }: TransportError, turn: Turn): Result {
  const { task } = turn.placed
  const period = quietly(() => numberOf(task.keywords.timeout, speechOf(turn))) ?? 0
  if (period === 0) return failed(message, remedy)
  const why = `The ${task.action} action failed to execute in the expected time frame (${period}) and was terminated: ${message}`
  const failure = failed(why, remedy)
  return { ...failure, fields: new Map([...failure.fields, ['timedout', dict({ period })]]) }
}

/** What went wrong while the task was made out or the machine was talked to, as the result that it is. */
export function failedBy(error: unknown, turn: Turn): Result {
  if (turn.play.run.signal.aborted) throw error
  if (error instanceof LockedError) {
    turn.play.run.locked ??= error
    turn.play.stop ??= 'locked'
    throw new HostLeaves('locked')
  }
  if (error instanceof TransportError) {
    const failure = failed(error.message, error.remedy)
    const reached = error.kind === 'timeout' || error.kind === 'become'
    if (!reached && (error.kind === 'auth' || error.kind === 'hostkey')) turn.host.refused = true
    const fields = dict({ msg: error.message, unreachable: true, changed: false })
    if (error.kind === 'timeout') return timedOut(error, turn)
    return reached ? failure : { ...failure, unreachable: true, bare: true, fields }
  }
  if (!isUnknown(error)) throw error
  return failedAt(error)
}

/** `changed_when` and `failed_when` see the result by the name that it is registered under, and are the last word. */
function judged(turn: Turn, result: Result): Result {
  const { task } = turn.placed
  if (result.skipped !== undefined || result.unreachable) return result
  if (task.changedWhen.length === 0 && task.failedWhen.length === 0) return result
  remember(turn, result)
  let { changed } = result
  if (task.changedWhen.length > 0) {
    const said = holds(turn, task.changedWhen)
    if (typeof said !== 'boolean') return unsaid(result, 'changed_when_result', said)
    changed = said
  }
  const { failed: why, ...rest } = result
  const left = { ...rest, changed }
  if (task.failedWhen.length === 0) return why === undefined ? left : { ...left, failed: why }
  remember(turn, { ...result, changed })
  const fails = holds(turn, task.failedWhen)
  if (typeof fails !== 'boolean') return unsaid({ ...result, changed }, 'failed_when_result', fails)
  const fields: Dict = new Map(result.fields).set('failed_when_result', fails)
  if (!fails) return { ...left, fields }
  return {
    ...left,
    fields,
    failed: why ?? (fields.has('msg') ? toText(fields.get('msg') ?? null) : 'the condition of failed_when was met'),
  }
}

/** Whether conditions hold, or the failure that this cannot be said. */
function holds(turn: Turn, conditions: readonly Node[]): boolean | Result {
  try {
    return falseCondition(conditions, speechOf(turn)) === undefined
  } catch (error) {
    if (turn.play.run.signal.aborted) throw error
    return failedBy(error, turn)
  }
}

/** The module did its work, and nobody can say what to think of it: a failure that keeps what the module told. */
const unsaid = (result: Result, field: string, { failed: why = '', origin }: Result): Result => ({
  ...result,
  failed: why,
  ...(origin === undefined ? {} : { origin }),
  fields: new Map(result.fields).set(field, why).set('msg', why),
})
