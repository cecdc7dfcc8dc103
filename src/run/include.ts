import { formatDiagnostic } from '../base/diagnostic.ts'
import { ACTIONS } from '../playbook/actions.ts'
import { type Included, loadRole, loadTasks, type RoleChoice } from '../playbook/parse.ts'
import type { Mapping } from '../source/node.ts'
import { plainArguments } from './arguments.ts'
import type { Speech } from './language.ts'
import type { Turn } from './turn.ts'

/** What an include names. */
export interface Found {
  readonly included: Included
  /** The path of the file, or the role, for people. */
  readonly from: string
  /** Why it cannot be run. */
  readonly failed?: string
  /** That is beyond rescue. */
  readonly final?: boolean
}

export const INCLUDES: ReadonlySet<string> = new Set(['include_tasks', 'include_role'])

/**
 * The tasks or the role that an include names. They are read once in a play, so that all hosts that include the same meet at
 * the same tasks; what a turn gives to them travels beside them.
 * @param moment where the include stands in the run: another turn of its loop is another place
 */
export function find(turn: Turn, speech: Speech, moment: string): Found {
  const { task } = turn.placed
  const schema = ACTIONS[task.action]
  if (!schema || !task.scope)
    throw new Error(`${task.action} has no schema or no scope: the parser should have given it`)
  const args = plainArguments(task, schema, speech)
  const name = String(task.action === 'include_role' ? args['name'] : args['file'])
  const choice = task.action === 'include_role' ? choiceOf(args) : name
  const key = `${moment}\n${JSON.stringify(choice)}`
  const included = turn.play.brought.get(key) ?? read(turn, choice)
  turn.play.brought.set(key, included)
  const from = included.file ?? name
  const errors = included.faults.filter(fault => fault.severity === 'error')
  if (errors.length === 0) return { included, from }
  return { included, from, failed: errors.map(formatDiagnostic).join('\n'), final: args['rescuable'] === false }
}

function read({ play, placed: { task } }: Turn, choice: string | RoleChoice): Included {
  if (!task.scope) throw new Error(`${task.action} has no scope`)
  const apply = task.args.entries.find(entry => entry.key.text === 'apply')?.value
  const giving: { node: Mapping; apply?: Mapping } = {
    node: task.args,
    ...(apply?.kind === 'mapping' ? { apply } : {}),
  }
  const { parse } = play.run
  return typeof choice === 'string'
    ? loadTasks(choice, parse, task.scope, giving)
    : loadRole(choice, parse, task.scope, giving, task.vars)
}

function choiceOf(args: Readonly<Record<string, unknown>>): RoleChoice {
  const from = (part: string): Record<string, string> =>
    typeof args[`${part}_from`] === 'string' ? { [part]: String(args[`${part}_from`]) } : {}
  return {
    name: String(args['name']),
    ...from('tasks'),
    ...from('vars'),
    ...from('defaults'),
    ...from('handlers'),
    once: args['allow_duplicates'] === false,
    ...(typeof args['public'] === 'boolean' ? { public: args['public'] } : {}),
    validate: args['rolespec_validate'] !== false,
  }
}
