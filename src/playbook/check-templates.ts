import type { Diagnostic } from '../base/diagnostic.ts'
import { checkSyntax } from '../jinja/engine.ts'
import { isTemplated } from '../kit/args.ts'
import type { ArgsSchema, PropertySchema } from '../kit/schema.ts'
import type { Mapping, Node } from '../source/node.ts'
import type { Keywords, Play, Task } from './ast.ts'
import { itemsOf } from './values.ts'

/** Wrong syntax and unknown names in every template under a node; text marked `!unsafe` is none. */
export function checkTemplates(node: Node | undefined): Diagnostic[] {
  if (node === undefined) return []
  if (node.kind === 'sequence') return node.items.flatMap(checkTemplates)
  if (node.kind === 'mapping')
    return node.entries.flatMap(({ key, value }) => [...checkTemplates(key), ...checkTemplates(value)])
  if (typeof node.value !== 'string' || !isTemplated(node.value)) return []
  return checkSyntax(node.value, 'template', node.span)
}

/** The same for expressions (`when`): text without braces. One with braces is a template, as Ansible takes it. */
export function checkExpressions(node: Node | undefined): Diagnostic[] {
  if (node === undefined) return []
  return itemsOf(node).flatMap(item => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string' || item.value.trim() === '') return []
    return checkSyntax(item.value, isTemplated(item.value) ? 'template' : 'expression', item.span)
  })
}

/** Every template and expression of a task that is its own: conditions of blocks are checked with the blocks. */
export function checkTaskTemplates(task: Task, schema: ArgsSchema | undefined): Diagnostic[] {
  const { loop } = task
  return [
    ...checkTemplates(task.name),
    ...checkTemplates(task.moduleName),
    ...checkArgs(task.args, schema),
    ...checkTemplates(task.freeForm),
    ...[...task.changedWhen, ...task.failedWhen, ...task.until, ...(loop?.breakWhen ?? [])].flatMap(checkExpressions),
    ...[task.retries, task.delay, task.async, task.poll, task.delegateTo, task.delegateFacts].flatMap(checkTemplates),
    ...[...task.vars, ...task.notify].flatMap(checkTemplates),
    ...[loop?.over, loop?.label, loop?.pause, loop?.extended].flatMap(checkTemplates),
  ]
}

function checkArgs(args: Mapping, schema: ArgsSchema | undefined): Diagnostic[] {
  return args.entries.flatMap(({ key, value }) => {
    const property = schema && Object.hasOwn(schema.properties, key.text) ? schema.properties[key.text] : undefined
    return takesExpression(property) ? checkExpressions(value) : checkTemplates(value)
  })
}

const takesExpression = (property: PropertySchema | undefined): boolean =>
  property?.expression === true || property?.items?.expression === true

/** Templates in the keywords that tasks inherit, checked once where they were written. */
export const checkKeywordTemplates = (keywords: Keywords): Diagnostic[] =>
  Object.values(keywords).flatMap((value: Node | readonly Node[] | undefined) =>
    value === undefined ? [] : 'kind' in value ? checkTemplates(value) : value.flatMap(checkTemplates),
  )

/** Templates of a play's own settings. */
export const checkPlayTemplates = (play: Play): Diagnostic[] =>
  [
    play.name,
    play.hosts,
    play.gatherFacts,
    play.serial,
    play.strategy,
    play.maxFailPercentage,
    ...play.vars,
    ...play.varsFiles,
  ].flatMap(checkTemplates)
