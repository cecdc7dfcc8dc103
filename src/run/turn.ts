import type { Dict, Value } from '../base/value.ts'
import { toText } from '../jinja/python/text.ts'
import type { Task } from '../playbook/ast.ts'
import type { PlayContext } from './context.ts'
import { quietly } from './faults.ts'
import type { HostState } from './host.ts'
import { type Speech, textOf } from './language.ts'
import type { Result } from './ports.ts'
import { speechAt } from './speech.ts'
import type { TaskTeller } from './tell.ts'
import type { Placed } from './walk.ts'

/** One task on one host, with the variables of one turn of its loop. */
export interface Turn {
  readonly play: PlayContext
  readonly host: HostState
  readonly placed: Placed
  readonly locals: ReadonlyMap<string, Value>
  readonly tell: TaskTeller
  /** What it registers and teaches holds for every host of the batch (`run_once`). */
  readonly forAll: boolean
}

/** The variables that a turn sees now. */
export const speechOf = ({ play, host, placed, locals }: Turn): Speech => speechAt(play, host.name, placed, locals)

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

/** How an item is shown: `loop_control.label`, else the item. */
export const labelOf = (task: Task, item: Value | undefined, speech: Speech): string => {
  const label = task.loop?.label
  return (label === undefined ? undefined : quietly(() => textOf(label, speech))) ?? toText(item ?? null)
}
