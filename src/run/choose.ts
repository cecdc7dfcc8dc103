import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { resolveAction, unknownAction } from '../playbook/actions.ts'
import type { Task } from '../playbook/ast.ts'
import { ArgumentError, quietly } from './faults.ts'
import { textOf } from './language.ts'
import { type Standing, speechOf } from './turn.ts'

/** Whether a template names the module of a task, and nobody has made out yet which it is. */
const isOpen = ({ moduleName, action }: Task): boolean => moduleName !== undefined && action === moduleName.text

/**
 * A turn whose task has the module that its template names for this host and this turn; any other stays as it is. Throws
 * `ArgumentError` where the name is none of a module, and `TemplateError`.
 */
export function withModule<T extends Standing>(turn: T): T {
  const { play, placed } = turn
  const { task } = placed
  if (!isOpen(task)) return turn
  const { ports } = play.run
  const written = textOf(task.moduleName, speechOf(turn)) ?? ''
  const { span } = task.moduleName ?? task
  const action = resolveAction(written, ports)
  if (!action) throw new ArgumentError([{ ...unknownAction(written, ports, span), remedy: NAMED }])
  if (Object.hasOwn(INSTEAD, action.name)) throw new ArgumentError([steering(action.name, span)])
  return { ...turn, placed: { ...placed, task: { ...task, written, action: action.name } } }
}

/** The same before the turn is begun: why the module cannot be made out is only said when one is wanted, which a condition may prevent. */
export const withModuleIfKnown = <T extends Standing>(turn: T): T => quietly(() => withModule(turn)) ?? turn

/** What decides which tasks there are, or where the run goes on, is known when a playbook is read: what people write in its place. */
const INSTEAD: Readonly<Record<string, string>> = {
  import_tasks: 'write include_tasks with the file as a template',
  import_role: 'write include_role with the name as a template',
  include_tasks: 'write include_tasks as it is: its file may be a template, and a when may choose',
  include_role: 'write include_role as it is: its name may be a template, and a when may choose',
  meta: 'write meta as it is, with a when',
}

const NAMED = "a template named it; 'regplay doc --list' shows all modules"

const steering = (name: string, span: Span): Diagnostic => ({
  code: 'module-steering',
  severity: 'error',
  message: `a template names '${name}', which steers the run and must stand in the playbook itself`,
  span,
  remedy: INSTEAD[name] ?? '',
})
