import { resolve } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Span } from '../base/span.ts'
import { checkArgsStatic, isTemplated } from '../kit/args.ts'
import type { Mapping, Node } from '../source/node.ts'
import { resolveAction } from './actions.ts'
import type { Play, Playbook, RoleRef, Step, Task } from './ast.ts'
import {
  checkExpressions,
  checkKeywordTemplates,
  checkPlayTemplates,
  checkTaskTemplates,
  checkTemplates,
} from './check-templates.ts'
import { checkVarsFiles } from './check-vars-files.ts'
import type { ParseContext } from './context.ts'
import { type Included, loadRole, loadTasks, parsePlaybook } from './parse.ts'
import { shownPath } from './paths.ts'
import { reservedKey, reservedNames } from './reserved.ts'

/** Reads a playbook and finds every fault that can be seen without a host; runs nothing and renders nothing. */
export function checkPlaybook(
  file: string,
  ctx: ParseContext,
  first = true,
): { playbook: Playbook | null; faults: Diagnostic[] } {
  const { playbook, faults } = parsePlaybook(file, ctx)
  return { playbook, faults: inOrder(unique([...faults, ...(playbook ? checkTree(playbook, ctx, first) : [])]), file) }
}

/**
 * The faults of a tree beyond those of its form: arguments, templates, handlers that nobody defines, included files.
 * @param first whether no other playbook runs before it
 */
export const checkTree = (playbook: Playbook, ctx: ParseContext, first = true): Diagnostic[] =>
  unique(
    playbook.plays.flatMap((play, index) => [
      ...checkVarsFiles(play, ctx, first && index === 0),
      ...new PlayCheck(play, ctx).faults(),
    ]),
  )

/** A file may be imported often; its faults are told once. */
function unique(faults: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>()
  return faults.filter(({ code, message, span }) => {
    const id = `${code} ${span?.file} ${span?.line} ${span?.col} ${message}`
    return !seen.has(id) && seen.add(id)
  })
}

/** By place: the playbook first, then the other files as they came up. */
function inOrder(faults: readonly Diagnostic[], file: string): Diagnostic[] {
  const files = [...new Set([shownPath(resolve(file)), ...faults.map(({ span }) => span?.file)])]
  const rank = new Map(files.map((name, index) => [name, index]))
  return faults.toSorted(
    ({ span: a }, { span: b }) =>
      (rank.get(a?.file) ?? 0) - (rank.get(b?.file) ?? 0) ||
      (a?.line ?? 0) - (b?.line ?? 0) ||
      (a?.col ?? 0) - (b?.col ?? 0),
  )
}

class PlayCheck {
  readonly #play: Play
  readonly #ctx: ParseContext
  readonly #faults: Diagnostic[] = []
  readonly #notified: Node[] = []
  /** Names and topics that handlers answer to. */
  readonly #handlers = new Set<string>()
  /** Whether there may be handlers that only the run can tell. */
  #openHandlers = false
  /** Nodes that were checked: keywords and variables are shared by all tasks within. */
  readonly #seen = new Set<unknown>()
  /** Mappings of variables whose names were looked at. */
  readonly #namesSeen = new Set<Mapping>()
  readonly #included = new Set<string>()
  /** How many blocks and includes around have conditions. */
  #conditions = 0

  constructor(play: Play, ctx: ParseContext) {
    this.#play = play
    this.#ctx = ctx
  }

  faults(): Diagnostic[] {
    const play = this.#play
    this.#faults.push(...checkPlayTemplates(play), ...this.#once(play.keywords, checkKeywordTemplates))
    this.#named(play.vars)
    for (const steps of [play.preTasks, play.roles, play.tasks, play.postTasks]) this.#steps(steps)
    this.#handlerSteps(play.handlers)
    for (const node of this.#notified) this.#checkNotified(node)
    return this.#faults
  }

  #once<T extends object>(thing: T, check: (thing: T) => Diagnostic[]): Diagnostic[] {
    if (this.#seen.has(thing)) return []
    this.#seen.add(thing)
    return check(thing)
  }

  #steps(steps: readonly Step[]): void {
    for (const step of steps) {
      this.#faults.push(...this.#once(step.keywords, checkKeywordTemplates))
      this.#faults.push(...step.when.flatMap(node => this.#once(node, checkExpressions)))
      if (step.kind === 'task') {
        this.#task(step)
        continue
      }
      const { role, vars, name } = step
      const mappings = [...vars, ...(role ? [...role.defaults, ...role.vars, ...role.params] : [])]
      this.#faults.push(...mappings.flatMap(node => this.#once(node, checkTemplates)), ...checkTemplates(name))
      this.#named(mappings)
      this.#under(step.when, () => {
        this.#steps(step.block)
        this.#steps(step.rescue)
        this.#steps(step.always)
      })
    }
  }

  /** Variables by names that are kept for something else. */
  #named(mappings: readonly Mapping[]): void {
    for (const mapping of mappings) {
      if (this.#namesSeen.has(mapping)) continue
      this.#namesSeen.add(mapping)
      this.#faults.push(...reservedNames(mapping))
    }
  }

  /** Looks at what runs under conditions only. */
  #under(when: readonly Node[], look: () => void): void {
    const depth = when.length > 0 ? 1 : 0
    this.#conditions += depth
    look()
    this.#conditions -= depth
  }

  #task(task: Task): void {
    const action = task.moduleName ? undefined : resolveAction(task.written, this.#ctx)
    if (action) {
      const faults = checkArgsStatic(action.schema, task.args, task.freeForm)
      const lent = hasDefaults(task)
      this.#faults.push(...faults.filter(({ code }) => !(lent && code === 'argument-missing')))
    }
    if (action?.refused !== undefined)
      this.#faults.push(notOurs(task, action.refused, this.#conditions > 0 || mayRest(task)))
    if (action?.attended && isLeft(task)) this.#faults.push(attended(task, this.#conditions > 0 || mayRest(task)))
    this.#faults.push(...checkTaskTemplates(task, action?.schema))
    this.#named(task.vars)
    if (task.action === 'set_fact') this.#named([task.args])
    if (task.register !== undefined) this.#faults.push(...reservedKey({ text: task.register, span: task.span }))
    this.#notified.push(...task.notify)
    if (task.scope && (task.action === 'include_tasks' || task.action === 'include_role')) this.#include(task)
  }

  /** An include whose name is plain is followed; what it cannot find is only a warning, since it may never run. */
  #include(task: Task): void {
    const role = task.action === 'include_role'
    const node = includedName(task)
    if (!role && task.scope?.handlers) this.#openHandlers = true
    if (node?.kind !== 'scalar' || isTemplated(node.text) || !task.scope || task.loop) {
      this.#openHandlers = true
      return
    }
    const id = JSON.stringify([
      role,
      node.text,
      task.scope.file,
      task.scope.role?.dir,
      task.args.entries.map(({ value }) => value.kind === 'scalar' && value.text),
    ])
    if (this.#included.has(id)) return
    this.#included.add(id)
    const giving = { node: task.args }
    const ctx = { ...this.#ctx, ids: { next: 0 } }
    const found = role ? this.#role(node.text, task, ctx) : loadTasks(node.text, ctx, task.scope, giving)
    if (!found) return
    for (const fault of found.faults)
      this.#faults.push(
        fault.code === 'source-missing' ? { ...fault, severity: 'warning', ...placed(fault.span ?? node.span) } : fault,
      )
    this.#under(task.when, () => this.#steps(found.steps))
    this.#handlerSteps(found.handlers)
  }

  #role(name: string, task: Task, ctx: ParseContext): Included | undefined {
    const from = (part: string): { [key: string]: string } => {
      const value = task.args.entries.find(({ key }) => key.text === `${part}_from`)?.value
      return value?.kind === 'scalar' && value.value !== null ? { [part]: value.text } : {}
    }
    const choice = { name, ...from('tasks'), ...from('vars'), ...from('defaults'), ...from('handlers') }
    if (!task.scope || Object.values(choice).some(isTemplated)) return undefined
    return loadRole(choice, ctx, task.scope, { node: task.args }, task.vars)
  }

  #handlerSteps(steps: readonly Step[]): void {
    this.#steps(steps)
    for (const { task, role } of tasksIn(steps)) {
      const name = task.name?.kind === 'scalar' ? task.name.text : ''
      if (isTemplated(name) || task.action.startsWith('include_')) this.#openHandlers = true
      for (const answer of [name, ...task.listen]) this.#handlers.add(answer)
      if (role !== undefined) this.#handlers.add(`${role.name} : ${name}`)
      if (role?.full !== undefined) this.#handlers.add(`${role.full} : ${name}`)
    }
  }

  #checkNotified(node: Node): void {
    if (node.kind !== 'scalar' || isTemplated(node.text) || this.#handlers.has(node.text) || this.#openHandlers) return
    const message = `The requested handler '${node.text}' was not found in either the main handlers list nor in the listening handlers list${didYouMean(node.text, this.#handlers)}`
    this.#faults.push(
      ...this.#once(node, () => [
        { code: 'handler-unknown', severity: 'error', message, span: node.span, remedy: "add it under 'handlers'" },
      ]),
    )
  }
}

/** Whether a task may have nothing to do: behind a condition, or with a loop over a list that only the run knows. */
const mayRest = ({ when, loop }: Task): boolean =>
  when.length > 0 || (loop?.over.kind === 'scalar' && isTemplated(loop.over.text))

/** A module that Ansible has and regplay does not. Where a condition or a loop stands before it, it may never be run. */
const notOurs = ({ written, span }: Task, remedy: string, conditional: boolean): Diagnostic => ({
  code: 'module-refused',
  severity: conditional ? 'warning' : 'error',
  message: `the module '${written}' of Ansible is not supported${conditional ? '; a host that gets to this task fails' : ''}`,
  span,
  remedy,
})

/** Whether a task is to be left in the background, as far as that is written out. */
const isLeft = ({ async, poll }: Task): boolean =>
  async?.kind === 'scalar' &&
  Number(async.value) > 0 &&
  poll?.kind === 'scalar' &&
  poll.value !== null &&
  Number(poll.value) === 0

/** What needs the controller while it is done. */
const attended = ({ written, async, span }: Task, conditional: boolean): Diagnostic => ({
  code: 'task-async',
  severity: conditional ? 'warning' : 'error',
  message: `'${written}' cannot be left in the background${conditional ? '; a host that gets to this task fails' : ''}`,
  span: async?.span ?? span,
  remedy: 'give poll a number of seconds: it is then waited for',
})

const placed = (span: Span): { span: Span } => ({ span })

/** Whether `module_defaults` may give arguments to the task: which, is known when it runs. */
const hasDefaults = ({ keywords, written, action }: Task): boolean =>
  (keywords.moduleDefaults ?? []).some(
    node =>
      node.kind !== 'mapping' ||
      node.entries.some(
        ({ key: { text } }) =>
          isTemplated(text) ||
          text.startsWith('group/') ||
          [written, action].some(name => lastPart(name) === lastPart(text)),
      ),
  )

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1)

/** What names the file or role of an include. */
const includedName = (task: Task): Node | undefined => {
  const names = task.action === 'include_role' ? ['name', 'role'] : ['file']
  return task.freeForm ?? task.args.entries.find(({ key }) => names.includes(key.text))?.value
}

function* tasksIn(steps: readonly Step[], role?: RoleRef): Iterable<{ task: Task; role: RoleRef | undefined }> {
  for (const step of steps)
    if (step.kind === 'task') yield { task: step, role: step.role ?? role }
    else yield* tasksIn([...step.block, ...step.rescue, ...step.always], step.role ?? role)
}
