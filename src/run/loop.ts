import { setTimeout as sleep } from 'node:timers/promises'
import { dict, type Value } from '../base/value.ts'
import { TemplateError } from '../jinja/errors.ts'
import type { Loop } from '../playbook/ast.ts'
import { withModuleIfKnown } from './choose.ts'
import { convoyOf } from './convoy.ts'
import { quietly } from './faults.ts'
import { falseCondition, numberOf } from './language.ts'
import { itemOf, itemsOf } from './loop-items.ts'
import type { Result } from './ports.ts'
import { failedBy, ignoring, LEFT_OUT, takeTurn } from './take-turn.ts'
import { labelOf, registered, remember, speechOf, type Turn } from './turn.ts'

/** One turn of a task that has ended, with its variables: what it taught is taken in before the next one. */
export type AfterTurn = (turn: Turn, result: Result) => void

/** How all turns of a task went together. */
export interface Done {
  readonly result: Result
  /** How many turns there were; absent without a loop. */
  readonly items?: number
}

/** All turns of a task. One that fails, or does not reach its host, does not keep the next from running. */
export async function takeTurns(turn: Turn, after: AfterTurn): Promise<Done> {
  const { loop } = turn.placed.task
  if (loop === undefined) return single(turn, after)
  const items = itemsOrResult(turn, loop)
  if (!Array.isArray(items)) return items === undefined ? single(turn, after) : { result: ignoring(turn, items) }
  const results: Value[] = []
  const outcomes: Result[] = []
  const pause = quietly(() => numberOf(loop.pause, speechOf(turn))) ?? 0
  const convoy = convoyOf(turn, items)
  for (const [i, own] of items.entries()) {
    if (i > 0 && pause > 0) await sleep(pause * 1000, undefined, { signal: turn.play.run.signal })
    const inner: Turn = withModuleIfKnown({ ...turn, locals: own, ...(convoy ? { convoy } : {}) })
    const bare = withItem(await takeTurn(inner), own)
    // A turn that its condition leaves out registers nothing: the next one sees what the last one that ran left, or what was there before.
    if (bare.skipped !== LEFT_OUT) remember(inner, bare)
    const item = itemOf(own) ?? null
    const { label, why } = labelOf(turn.placed.task, item, speechOf(inner))
    const result = why === undefined ? bare : warned(bare, why)
    if (why !== undefined && bare.skipped !== LEFT_OUT) remember(inner, result)
    after(inner, result)
    outcomes.push(result)
    results.push(registered(result))
    turn.tell.item(result, item, label, inner.placed.task.action)
    if (loop.breakWhen.length > 0 && falseCondition(loop.breakWhen, speechOf(inner)) === undefined) break
  }
  return { result: together(outcomes, results), items: outcomes.length }
}

async function single(turn: Turn, after: AfterTurn): Promise<Done> {
  const result = await takeTurn(turn)
  after(turn, result)
  return { result }
}

/**
 * The variables of each turn, or the failure that there is no list; undefined when there is none and the task would be
 * skipped anyway.
 */
function itemsOrResult(turn: Turn, loop: Loop): Map<string, Value>[] | Result | undefined {
  try {
    return itemsOf(loop, speechOf(turn))
  } catch (error) {
    const skips = quietly(() => falseCondition(turn.placed.task.when, speechOf(turn))) !== undefined
    return error instanceof TemplateError && skips ? undefined : failedBy(error, turn)
  }
}

/** A result with the variables of its turn in it. */
export function withItem(result: Result, locals: ReadonlyMap<string, Value>): Result {
  const fields = new Map(result.fields)
  for (const [name, value] of locals) fields.set(name, value)
  return { ...result, fields }
}

/** A result that warns of something more. */
function warned(result: Result, what: string): Result {
  const known = result.fields.get('warnings')
  return { ...result, fields: new Map(result.fields).set('warnings', [...(Array.isArray(known) ? known : []), what]) }
}

/** One result for a whole loop. */
export function together(outcomes: readonly Result[], results: Value[]): Result {
  if (outcomes.length === 0) return NO_ITEMS
  const failures = outcomes.filter(outcome => outcome.failed !== undefined && !outcome.unreachable)
  const lost = outcomes.filter(outcome => outcome.unreachable)
  const wrong = [...failures, ...lost]
  const skipped = outcomes.every(outcome => outcome.skipped !== undefined)
  const msg = failures.length > 0 ? 'One or more items failed' : skipped ? 'All items skipped' : 'All items completed'
  const single = failures.length === 1 ? failures[0] : undefined
  const { delegate, delegateAddress } = outcomes.at(-1) ?? {}
  return {
    changed: outcomes.some(outcome => outcome.changed),
    bare: true,
    ...(failures.length > 0 ? { failed: single?.failed ?? msg } : {}),
    ...(single?.origin === undefined ? {} : { origin: single.origin }),
    ...(single?.remedy === undefined ? {} : { remedy: single.remedy }),
    ...(skipped ? { skipped: msg } : {}),
    ...(lost.length > 0 ? { unreachable: true } : {}),
    ...(wrong.length > 0 && wrong.every(outcome => outcome.ignored) ? { ignored: true } : {}),
    ...(delegate === undefined ? {} : { delegate }),
    ...(delegateAddress === undefined ? {} : { delegateAddress }),
    fields: dict({ results, skipped, msg }),
    diff: [],
  }
}

const NO_ITEMS: Result = {
  changed: false,
  skipped: 'No items in the list',
  bare: true,
  fields: dict({ results: [], skipped: true, skipped_reason: 'No items in the list' }),
  diff: [],
}
