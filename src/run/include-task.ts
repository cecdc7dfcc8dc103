import { dict, type Value } from '../base/value.ts'
import type { Step } from '../playbook/ast.ts'
import type { Given } from '../vars/frame.ts'
import { quietly } from './faults.ts'
import { type Found, find } from './include.ts'
import { falseCondition } from './language.ts'
import { itemOf, itemsOf } from './loop-items.ts'
import type { Result } from './ports.ts'
import { skippedBy } from './take-turn.ts'
import { announce, type Errand, failTask, keyOf, register } from './task.ts'
import { labelOf, speechOf, type Turn } from './turn.ts'

/** Runs steps that an include brought, with what it gives to them; `turn` is the number of its turn. */
export type RunSteps = (steps: readonly Step[], params: readonly Given[], turn: number) => Promise<void>

/**
 * `include_tasks` and `include_role` on one host: for every turn of its loop, what is named is read and run. Throws what
 * its tasks throw.
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
  for (const [i, locals] of turns.entries()) {
    const turn: Turn = { ...base, locals }
    let found: Found | undefined
    try {
      const not = falseCondition(task.when, speechOf(turn))
      if (not === undefined) found = find(turn, speechOf(turn), keyOf([...errand.moment, i]))
      else skipped.push(skippedBy(not))
    } catch (error) {
      failTask(errand, turn, error)
      continue
    }
    if (found?.failed !== undefined) failTask(errand, turn, new Error(found.failed), false)
    else if (found) await bring(errand, turn, found, i, run)
  }
  if (skipped.length < turns.length) return
  const result = task.loop === undefined ? (skipped[0] ?? NOTHING) : NOTHING
  errand.host.recap.skipped += 1
  register(base, result)
  base.tell.result(result, {})
}

const NOTHING: Result = {
  changed: false,
  skipped: 'All items skipped',
  bare: true,
  fields: dict({ skipped: true, results: [] }),
  diff: [],
}

/** The turns of its loop; none when the list cannot be made out and the include would be skipped anyway. */
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

/** Takes in what was found, and runs it. */
async function bring(errand: Errand, turn: Turn, { included, from }: Found, i: number, run: RunSteps): Promise<void> {
  const { play, host, placed } = errand
  const { task } = placed
  // A role that is brought is counted by its tasks, a file by itself too.
  if (task.action === 'include_tasks') host.recap.ok += 1
  const item = task.loop && labelOf(task, itemOf(turn.locals), speechOf(turn))
  turn.tell.included(from, item)
  register(turn, { changed: false, bare: true, fields: dict({ include: from, include_args: new Map() }), diff: [] })
  play.handlers.add(included.handlers, placed.around)
  for (const role of included.shared) play.sharedRoles.add(role)
  await run(included.steps, [...task.vars, turn.locals], i)
}
