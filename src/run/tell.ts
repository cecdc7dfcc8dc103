import type { Change, Emit, Result as Shown, Status, TaskRef } from '../base/event.ts'
import { type Dict, toJson, type Value } from '../base/value.ts'
import type { Task } from '../playbook/ast.ts'
import type { PlayContext } from './context.ts'
import { quietly } from './faults.ts'
import type { HostState } from './host.ts'
import { boolOf, pathOf, type Speech, textOf } from './language.ts'
import type { Result } from './ports.ts'

/** What a title says of `check_mode`, where a keyword says so. */
export const pretending = (check: boolean | undefined): { readonly check?: boolean } =>
  check === undefined ? {} : { check }

/** Says what happens with one task on one host, as events; `no_log` is honoured here, before anybody can see. */
export class TaskTeller {
  readonly ref: TaskRef
  readonly #emit: Emit
  readonly #host: HostState
  readonly #silent: boolean
  readonly #warned: Set<string>
  readonly #diff: boolean
  readonly #check: boolean | undefined
  readonly #clock: () => number
  readonly #since: number

  constructor(play: PlayContext, host: HostState, task: Task, speech: Speech) {
    this.ref = refOf(task, speech)
    this.#emit = play.run.emit
    this.#host = host
    this.#warned = play.run.warned
    this.#silent = hides(task, speech)
    this.#diff = quietly(() => boolOf(task.keywords.diff, speech)) ?? play.run.options.diff
    this.#check = quietly(() => boolOf(task.keywords.checkMode, speech))
    this.#clock = play.run.ports.clock
    this.#since = this.#clock()
  }

  /** Once a batch, before its first host. */
  start(handler: boolean): void {
    this.#emit({ type: 'task-start', handler, ...pretending(this.#check), ...this.ref })
  }

  hostStart(): void {
    this.#emit({ type: 'host-start', host: this.#host.name, ...this.ref })
  }

  progress(what: string, done: number, total: number): void {
    this.#emit({ type: 'progress', host: this.#host.name, what, done, total: total > 0 ? total : null, ...this.ref })
  }

  retry(left: number, fields: Dict): void {
    this.#emit({ type: 'retry', host: this.#host.name, left, result: this.#json(fields), ...this.ref })
  }

  /** @param action what this turn did, where each may do something else */
  item(result: Result, item: Value, label: string, action = this.ref.action): void {
    this.#warn(result, action)
    this.#emit({
      type: 'item-result',
      item: this.#silent ? null : toJson(item),
      label: this.#silent ? '(censored due to no_log)' : label,
      ...this.#shown(result),
      action,
    })
  }

  result(result: Result, more: { ignored?: boolean; rescued?: boolean; items?: number }): void {
    this.#warn(result)
    this.#emit({ type: 'host-result', ...this.#shown(result), ...more, ms: this.#clock() - this.#since })
  }

  /** What a module wants people to know: once a host and run. */
  #warn({ fields }: Result, action = this.ref.action): void {
    const warnings = fields.get('warnings')
    // debug shows what others said; it warns of nothing itself
    if (this.#silent || action === 'debug' || !Array.isArray(warnings)) return
    for (const msg of warnings) {
      const key = `${this.#host.name}\n${String(msg)}`
      if (typeof msg !== 'string' || this.#warned.has(key)) continue
      this.#warned.add(key)
      this.#emit({ type: 'warning', host: this.#host.name, msg })
    }
  }

  included(file: string, label?: string): void {
    this.#emit({
      type: 'included',
      file,
      hosts: [this.#host.name],
      ...(label === undefined ? {} : { label }),
      ...this.ref,
    })
  }

  #shown(result: Result): Shown {
    const said = this.#silent ? undefined : (result.failed ?? result.skipped)
    return {
      ...this.ref,
      host: this.#host.name,
      status: statusOf(result),
      result: { changed: result.changed, ...this.#json(result.fields) },
      ...(this.#diff && !this.#silent && result.changed && result.diff.length > 0
        ? { diff: result.diff as readonly Change[] }
        : {}),
      ...(said === undefined ? {} : { msg: said }),
      ...(result.delegate === undefined ? {} : { delegate: result.delegate }),
      ...(result.delegateAddress === undefined ? {} : { delegateAddress: result.delegateAddress }),
      ...(result.origin === undefined ? {} : { origin: result.origin }),
      ...(result.remedy === undefined || this.#silent ? {} : { remedy: result.remedy }),
    }
  }

  #json(fields: Dict): Readonly<Record<string, unknown>> {
    if (this.#silent)
      return {
        censored: "the output has been hidden due to the fact that 'no_log: true' was specified for this result",
      }
    return Object.fromEntries(
      [...fields]
        .filter(([name]) => !String(name).startsWith('_ansible_'))
        .map(([name, value]) => [String(name), toJson(value)]),
    )
  }
}

/** Whether `no_log` holds. One that cannot be made out hides: what was shown cannot be taken back. */
function hides(task: Task, speech: Speech): boolean {
  try {
    return boolOf(task.keywords.noLog, speech) ?? false
  } catch {
    return true
  }
}

const statusOf = (result: Result): Status =>
  result.unreachable
    ? 'unreachable'
    : result.failed !== undefined
      ? 'failed'
      : result.skipped !== undefined
        ? 'skipped'
        : result.changed
          ? 'changed'
          : 'ok'

/** What a task without a name is called by: its action, as the playbook says it, and of an include of a role that role. */
function actionOf({ action, written, moduleName, args }: Task): string {
  if (moduleName !== undefined) return moduleName.text
  if (action !== 'include_role') return written
  const role = args.entries.find(({ key }) => key.text === 'name' || key.text === 'role')?.value
  return role?.kind === 'scalar' ? `${written} : ${role.text}` : written
}

/** How a task is called: `ROLE : NAME`. A name that cannot be rendered yet is shown as it was written. */
export function refOf(task: Task, speech: Speech): TaskRef {
  const written = task.name?.kind === 'scalar' && task.name.value !== null ? task.name.text : undefined
  const name = quietly(() => textOf(task.name, speech)) ?? written ?? actionOf(task)
  return {
    id: task.id,
    // What an include of a role is called names no role that it stands in, as in Ansible
    task:
      task.role === undefined || task.action === 'include_role'
        ? name
        : `${task.role.full ?? task.role.name} : ${name}`,
    action: task.action,
    path: pathOf(task.span),
  }
}
