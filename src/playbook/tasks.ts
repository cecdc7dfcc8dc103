import { type Entry, field, type Mapping } from '../source/node.ts'
import { WITH_INCLUDE } from './actions.ts'
import type { Scope, Task } from './ast.ts'
import type { Env } from './context.ts'
import { inner, varsOf } from './inherit.ts'
import { loopOf } from './loops.ts'
import { type Call, callOf, isKeyword } from './task-args.ts'
import { checkKeys, identifierOf, itemsOf } from './values.ts'

/** Reads what a task calls and checks its keywords; `taskFrom` makes the task of it. */
export function readTask(node: Mapping, scope: Scope, env: Env): Call | undefined {
  const call = callOf(node, env)
  checkKeys(
    node.entries.filter(({ key }) => isKeyword(key.text, env)),
    scope.handlers ? 'handler' : 'task',
    env.faults,
  )
  if (call && scope.handlers) checkHandler(node, call, env)
  if (call) checkEndRole(node, call, scope, env)
  if (call?.action.name === 'include_tasks' || call?.action.name === 'include_role') checkInclude(node, call, env)
  return call
}

/** What cannot be done by a handler; Ansible refuses it, too. */
function checkHandler(node: Mapping, { action, freeForm }: Call, env: Env): void {
  if (action.name === 'include_role' || action.name === 'import_role')
    env.faults.add(
      'handler-role',
      `Using '${action.name}' as a handler is not supported`,
      node.span,
      'use include_tasks or import_tasks, or give the role handlers of its own and notify those',
    )
  if (action.name === 'meta' && freeForm?.kind === 'scalar' && freeForm.text === 'flush_handlers')
    env.faults.add(
      'handler-flush',
      'flush_handlers cannot be used as a handler',
      node.span,
      'handlers that others notify run in the same flush when they stand after them',
    )
}

/** `end_role` ends the role in whose tasks it stands; anywhere else there is nothing to end. */
function checkEndRole(node: Mapping, { action, freeForm }: Call, scope: Scope, env: Env): void {
  if (action.name !== 'meta' || freeForm?.kind !== 'scalar' || freeForm.text !== 'end_role') return
  if (scope.role && !scope.handlers) return
  env.faults.add(
    'role-end',
    `Cannot execute 'end_role' from ${scope.handlers ? 'a handler' : 'outside of a role'}`,
    node.span,
    'end_play and end_host end more',
  )
}

/** Keywords beside a dynamic include would not reach the tasks that it includes; Ansible refuses them. */
function checkInclude(node: Mapping, call: Call, env: Env): void {
  for (const { key } of node.entries)
    if (isKeyword(key.text, env) && !WITH_INCLUDE.has(key.text))
      env.faults.add(
        'playbook-key',
        `'${key.text}' cannot stand beside ${call.action.name}`,
        key.span,
        `give it to the included tasks: apply: {${key.text}: ...}, or use a block`,
      )
}

/** A task of the tree; its id is the next in document order. */
export function taskFrom(node: Mapping, call: Call, outer: Scope, env: Env): Task {
  const scope = inner(outer, node)
  const name = field(node, 'name')
  const register = field(node, 'register')
  const variable = register && identifierOf(register, 'register', env.faults)
  const loop = loopOf(node, env)
  const delegateTo = call.local ?? scope.delegateTo
  const dynamic = call.action.name.startsWith('include_')
  return {
    kind: 'task',
    id: env.ctx.ids.next++,
    span: node.span,
    ...(name ? { name } : {}),
    written: call.written,
    ...(call.moduleName ? { moduleName: call.moduleName } : {}),
    action: call.action.name,
    args: { kind: 'mapping', entries: mergedArgs(node, call), span: node.span },
    ...(call.freeForm ? { freeForm: call.freeForm } : {}),
    when: scope.when,
    ...(loop ? { loop } : {}),
    ...(variable === undefined ? {} : { register: variable }),
    notify: scope.notify,
    listen: itemsOf(field(node, 'listen')).flatMap(item => (item.kind === 'scalar' ? [item.text] : [])),
    tags: scope.tags,
    vars: varsOf(node),
    changedWhen: itemsOf(field(node, 'changed_when')),
    failedWhen: itemsOf(field(node, 'failed_when')),
    until: itemsOf(field(node, 'until')),
    ...optional(node),
    ...(delegateTo ? { delegateTo } : {}),
    ...(scope.delegateFacts ? { delegateFacts: scope.delegateFacts } : {}),
    keywords: scope.keywords,
    ...(outer.role ? { role: outer.role } : {}),
    ...(dynamic ? { scope: { ...outer, vars: scope.vars } } : {}),
  }
}

/** Keywords that are nodes and nothing else. */
function optional(node: Mapping): Pick<Task, 'retries' | 'delay' | 'async' | 'poll'> {
  const retries = field(node, 'retries')
  const delay = field(node, 'delay')
  const seconds = field(node, 'async')
  const poll = field(node, 'poll')
  return {
    ...(retries ? { retries } : {}),
    ...(delay ? { delay } : {}),
    ...(seconds ? { async: seconds } : {}),
    ...(poll ? { poll } : {}),
  }
}

/** `args:` lies under what stands with the module. A template as a whole is kept as Ansible's `_variable_params`. */
function mergedArgs(node: Mapping, call: Call): readonly Entry[] {
  const extra = node.entries.find(({ key }) => key.text === 'args')
  if (!extra || (extra.value.kind === 'scalar' && extra.value.value === null)) return call.args
  const below = extra.value.kind === 'mapping' ? extra.value.entries : [variableParams(extra)]
  const given = new Set(call.args.map(({ key }) => key.text))
  return [...below.filter(({ key }) => !given.has(key.text)), ...call.args]
}

const variableParams = ({ key, value }: Entry): Entry => ({
  key: { ...key, value: '_variable_params', text: '_variable_params' },
  value,
})
