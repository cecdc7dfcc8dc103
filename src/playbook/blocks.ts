import { field, type Mapping, type Node } from '../source/node.ts'
import type { Block, Scope, Step } from './ast.ts'
import type { Env } from './context.ts'
import { importRole, importTasks } from './imports.ts'
import { inner, varsOf } from './inherit.ts'
import { readTask, taskFrom } from './tasks.ts'
import { checkKeys, isNull, itemsOf, kindOf } from './values.ts'

/** A list of tasks and blocks. */
export function parseSteps(node: Node | undefined, scope: Scope, env: Env): Step[] {
  if (node === undefined || isNull(node)) return []
  if (node.kind !== 'sequence') {
    env.faults.add(
      'playbook-type',
      `${kindOf(node)} where a list of tasks is expected`,
      node.span,
      "begin each task with '- '",
    )
    return []
  }
  return node.items.flatMap(item => stepsOf(item, scope, env))
}

function stepsOf(item: Node, scope: Scope, env: Env): readonly Step[] {
  if (item.kind !== 'mapping') {
    env.faults.add(
      'playbook-type',
      `a task is ${kindOf(item)}, a mapping is expected`,
      item.span,
      'write - name: ... and a module',
    )
    return []
  }
  if (['block', 'rescue', 'always'].some(name => field(item, name))) return [parseBlock(item, scope, env)]
  const call = readTask(item, scope, env)
  if (!call) return []
  if (call.action.name === 'import_tasks') return listOf(importTasks(item, call, scope, env))
  if (call.action.name === 'import_role') return importRole(item, call, scope, env)
  return [taskFrom(item, call, scope, env)]
}

const listOf = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value])

function parseBlock(node: Mapping, outer: Scope, env: Env): Block {
  checkKeys(node.entries, 'block', env.faults)
  if (outer.handlers && (field(node, 'rescue') || field(node, 'always')))
    env.faults.add(
      'handler-block',
      'a block of handlers has a rescue or an always, which no handler has',
      node.span,
      'put them into a file of tasks that a handler includes',
    )
  if (!field(node, 'block'))
    env.faults.add('playbook-block', "'rescue' or 'always' without 'block'", node.span, 'add block: with the tasks')
  const scope = inner(outer, node)
  const name = field(node, 'name')
  return {
    kind: 'block',
    span: node.span,
    ...(name ? { name } : {}),
    block: env.steps(field(node, 'block'), scope, env),
    rescue: env.steps(field(node, 'rescue'), scope, env),
    always: env.steps(field(node, 'always'), scope, env),
    when: itemsOf(field(node, 'when')),
    tags: scope.tags,
    vars: varsOf(node),
    keywords: scope.keywords,
  }
}
