import { dict, type Value } from '../base/value.ts'
import type { Step } from '../playbook/ast.ts'
import type { Given } from '../vars/frame.ts'
import { quietly } from './faults.ts'
import { TaskFailed } from './host.ts'
import { type Found, find } from './include.ts'
import { falseCondition } from './language.ts'
import { together, withItem } from './loop.ts'
import { itemOf, itemsOf } from './loop-items.ts'
import type { Result } from './ports.ts'
import { skippedBy } from './take-turn.ts'
import { announce, type Errand, failTask, keyOf, register } from './task.ts'
import { labelOf, registered, speechOf, type Turn } from './turn.ts'

/** Runs steps that an include brought, with what it gives to them; `turn` is the number of its turn. */
export type RunSteps = (steps: readonly Step[], params: readonly Given[], turn: number) => Promise<void>

/** What a turn of the loop brings. */
interface Brought {
  readonly turn: Turn
  readonly found: Found
  /** The number of the turn. */
  readonly i: number
}

/**
 * `include_tasks` and `include_role` on one host: for every turn of its loop what is named is read, and only then run, so that no
 * turn's condition sees what the tasks of another did. Throws what its tasks throw.
 */
export async function runInclude(errand: Errand, run: RunSteps): Promise<void> {
  const base = announce(errand)
  const { task } = errand.placed
  let turns: readonly ReadonlyMap<string, Value>[]
  try {
    turns = turnsOf(base)
  } catch (error) {
    return failTask(errand, base, error)
  }
  const skipped: Result[] = []
  const brought: Brought[] = []
  for (const [i, locals] of turns.entries()) {
    const turn: Turn = { ...base, locals }
    let found: Found | undefined
    try {
      const not = falseCondition(task.when, speechOf(turn))
      if (not === undefined) found = find(turn, speechOf(turn), keyOf([...errand.moment, i]))
      else skipped.push(locals.size === 0 ? skippedBy(not) : skippedTurn(turn, not))
    } catch (error) {
      failTask(errand, turn, error)
      continue
    }
    if (found?.failed !== undefined) failInclude(errand, turn, found)
    else if (found) brought.push({ turn, found, i })
  }
  for (const each of brought) takeIn(errand, each)
  for (const { turn, found, i } of brought) await run(found.included.steps, [...task.vars, turn.locals], i)
  if (skipped.length < turns.length) return
  const looped = turns.every(locals => locals.size > 0)
  const [alone] = looped ? [] : skipped
  const result = alone ?? together(skipped, skipped.map(registered))
  errand.host.recap.skipped += 1
  register(base, result)
  base.tell.result(result, {})
}

/** A turn of a loop that brings nothing, which is told as that of any other task. */
function skippedTurn(turn: Turn, why: string | false): Result {
  const result = withItem(skippedBy(why), turn.locals)
  const item = itemOf(turn.locals) ?? null
  turn.tell.item(result, item, labelOf(turn.placed.task, item, speechOf(turn)).label)
  return result
}

/** What was named could not be read; where that is beyond rescue, the failure says so. */
function failInclude(errand: Errand, turn: Turn, { failed = '', final }: Found): void {
  try {
    failTask(final ? { ...errand, rescuers: [] } : errand, turn, new Error(failed), false)
  } catch (error) {
    if (final && error instanceof TaskFailed) error.final = true
    throw error
  }
}

/** The turns of its loop; one without an item when the list cannot be made out and the include would be skipped anyway. */
function turnsOf(turn: Turn): readonly ReadonlyMap<string, Value>[] {
  const { task } = turn.placed
  if (task.loop === undefined) return [new Map()]
  try {
    return itemsOf(task.loop, speechOf(turn))
  } catch (error) {
    if (quietly(() => falseCondition(task.when, speechOf(turn))) !== undefined) return [new Map()]
    throw error
  }
}

/** Tells and counts what was found, with its handlers and what it lets others see. */
function takeIn(errand: Errand, { turn, found: { included, from } }: Brought): void {
  const { play, host, placed } = errand
  const { task } = placed
  // A role that is brought is counted by its tasks, a file by itself too.
  if (task.action === 'include_tasks') host.recap.ok += 1
  const item = task.loop && labelOf(task, itemOf(turn.locals), speechOf(turn)).label
  turn.tell.included(from, item)
  register(turn, { changed: false, bare: true, fields: dict({ include: from, include_args: new Map() }), diff: [] })
  play.handlers.add(included.handlers, placed.around)
  for (const role of included.shared) play.sharedRoles.add(role)
}
