import { ACTIONS } from '../playbook/actions.ts'
import { plainArguments } from './arguments.ts'
import type { Speech } from './language.ts'
import type { Turn } from './turn.ts'

/** The arguments of an action of the engine. Throws `ArgumentError`. */
export function ownArguments(
  { placed: { task } }: Pick<Turn, 'placed'>,
  speech: Speech,
): Readonly<Record<string, unknown>> {
  const schema = ACTIONS[task.action]
  if (!schema) throw new Error(`${task.action} is no action of the engine`)
  return plainArguments(task, schema, speech)
}
