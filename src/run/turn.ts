import type { Dict, Value } from '../base/value.ts'
import { toText } from '../jinja/python/text.ts'
import type { Task } from '../playbook/ast.ts'
import type { PlayContext } from './context.ts'
import { isUnknown } from './faults.ts'
import type { HostState } from './host.ts'
import { type Speech, textOf } from './language.ts'
import type { Result } from './ports.ts'
import { speechAt } from './speech.ts'
import type { TaskTeller } from './tell.ts'
import type { Placed } from './walk.ts'
import type { Wish } from './wish.ts'

/** One task on one host, with the variables of one turn of its loop. */
export interface Turn {
  readonly play: PlayContext
  readonly host: HostState
  readonly placed: Placed
  readonly locals: ReadonlyMap<string, Value>
  readonly tell: TaskTeller
  /** The host that does the work, once that was made out: said anew, a template might say another. */
  readonly delegate?: string
  /** The loop that it is of, when some of its turns may go together. */
  readonly convoy?: { take(turn: Turn, wish: Wish): Promise<Result> }
  /** What it registers and teaches holds for every host of the batch (`run_once`). */
  readonly forAll: boolean
}

/** Where a task stands, and for whom it is done: what its variables hang on. */
export type Standing = Pick<Turn, 'play' | 'host' | 'placed' | 'locals' | 'delegate'>

/** The variables that a turn sees now. */
export const speechOf = ({ play, host, placed, locals, delegate }: Standing): Speech =>
  speechAt(play, host.name, placed, locals, delegate)

/**
 * What steers the way to the host that a task is delegated to: that host's variables under those of the task. `inventory_hostname`
 * is the host that the task is for.
 */
export function delegateSpeech({ play, host, placed: { task, around }, locals }: Turn, delegate: string): Speech {
  const magic = new Map<string, Value>([['inventory_hostname', host.name]])
  const frame = { play: play.frame, ...around, task: task.vars, locals, magic }
  return { scope: play.run.store.scope(delegate, frame), options: {} }
}

/** A result as the language sees it: its fields, and how it ended. */
export function registered(result: Result): Dict {
  const out: Dict = new Map([...result.fields].filter(([name]) => !String(name).startsWith('_ansible_')))
  out.set('changed', result.changed)
  if (result.failed !== undefined && !result.unreachable) out.set('failed', true)
  else if (!result.bare) out.set('failed', false)
  if (result.skipped !== undefined) out.set('skipped', true)
  if (result.unreachable) out.set('unreachable', true)
  if (result.failed !== undefined && !out.has('msg')) out.set('msg', result.failed)
  return out
}

/** Registers a result before the task is over: for its own conditions, and for the next turns of its loop. */
export function remember({ play, host, placed: { task } }: Turn, result: Result): void {
  if (task.register !== undefined) play.run.store.register(host.name, task.register, registered(result))
}

/** How an item is shown: `loop_control.label`, else the item; `why` the label could not be made out. */
export function labelOf(
  task: Task,
  item: Value | undefined,
  speech: Speech,
): { readonly label: string; readonly why?: string } {
  const plain = toText(item ?? null)
  const node = task.loop?.label
  if (node === undefined) return { label: plain }
  try {
    return { label: textOf(node, speech) ?? plain }
  } catch (error) {
    if (!isUnknown(error)) throw error
    return { label: plain, why: `the label of the loop cannot be made out: ${error.message}` }
  }
}
