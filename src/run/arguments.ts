import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import { formatDiagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { type Dict, toJson, type Value } from '../base/value.ts'
import { evaluate, renderText } from '../jinja/engine.ts'
import { OMIT } from '../jinja/python/objects.ts'
import { truthy } from '../jinja/python/text.ts'
import { canonical, resolveArgs } from '../kit/args.ts'
import type { ArgsSchema, Expression } from '../kit/schema.ts'
import type { Task } from '../playbook/ast.ts'
import type { Node } from '../source/node.ts'
import { renderNode } from '../vars/render.ts'
import type { Speech } from './language.ts'

/** A task's arguments cannot be used: every reason, with its place. */
export class ArgumentError extends Error {
  constructor(faults: readonly Diagnostic[]) {
    super(faults.map(formatDiagnostic).join('\n'))
    this.name = 'ArgumentError'
  }
}

/** The arguments of a task as its module gets them: rendered, typed, files of the controller found, templates and expressions done. */
export function argumentsOf(
  task: Task,
  schema: ArgsSchema,
  speech: Speech,
  dirs: readonly string[],
): Readonly<Record<string, unknown>> {
  const given: Dict = new Map()
  const places = new Map<string, Span>()
  const take = (name: string, node: Node): void => {
    const property = schema.properties[canonical(schema, name) ?? name]
    const raw = property?.expression === true || property?.items?.expression === true
    const value = raw ? expressions(node, speech) : renderNode(node, speech.scope, { ...speech.options, args: true })
    if (value === OMIT) return
    given.set(name, value)
    places.set(name, node.span)
  }
  for (const defaults of task.keywords.moduleDefaults ?? []) applyDefaults(task, defaults, schema, take)
  for (const { key, value } of task.args.entries) {
    const name = task.action === 'set_fact' ? String(renderNode(key, speech.scope, speech.options)) : key.text
    take(name, value)
  }
  if (task.freeForm !== undefined && schema.freeForm !== undefined) take(schema.freeForm, task.freeForm)
  const { args, faults } = resolveArgs(schema, given, name => (name === undefined ? task.span : places.get(name)))
  if (faults.some(fault => fault.severity === 'error')) throw new ArgumentError(faults)
  return serve(args, schema, speech, dirs, task)
}

/** `module_defaults` of play, blocks and task for this module; arguments of the task itself come later and win. */
function applyDefaults(task: Task, defaults: Node, schema: ArgsSchema, take: (name: string, node: Node) => void): void {
  if (defaults.kind !== 'mapping') return
  for (const { key, value } of defaults.entries) {
    const name = key.text.split('.').at(-1)
    if (name !== task.action || value.kind !== 'mapping') continue
    const own = new Set(task.args.entries.map(entry => canonical(schema, entry.key.text)))
    for (const entry of value.entries)
      if (!own.has(canonical(schema, entry.key.text))) take(entry.key.text, entry.value)
  }
}

/** Values that are expressions: evaluated, with their text, so that a message can show both. */
function expressions(node: Node, speech: Speech): Value {
  if (node.kind === 'sequence') return node.items.map(item => expressions(item, speech))
  if (node.kind !== 'scalar') return renderNode(node, speech.scope, speech.options)
  const source = typeof node.value === 'string' ? node.value : node.text
  const value =
    typeof node.value === 'string' ? evaluate(source, speech.scope, { ...speech.options, span: node.span }) : node.value
  const expression: Expression = { source, value: toJson(value), truthy: truthy(value) }
  return expression as unknown as Value
}

/** What the engine serves before a module sees its arguments: files of the controller and rendered templates. */
function serve(
  args: Readonly<Record<string, unknown>>,
  schema: ArgsSchema,
  speech: Speech,
  dirs: readonly string[],
  task: Task,
): Readonly<Record<string, unknown>> {
  const out: Record<string, unknown> = { ...args }
  for (const [name, property] of Object.entries(schema.properties)) {
    const value = out[name]
    const elsewhere = property.controllerUnless !== undefined && out[property.controllerUnless] === true
    if (property.controller !== undefined && typeof value === 'string' && !elsewhere)
      out[name] = findFile(value, property.controller, dirs, task)
  }
  for (const [name, property] of Object.entries(schema.properties)) {
    const source = property.renders === undefined ? undefined : out[property.renders]
    if (typeof source === 'string') out[name] = renderFile(source, speech, out)
  }
  return out
}

/** Ansible's search: `files/` or `templates/` of role, then the role, then of the playbook, then beside it. A final slash stays. */
function findFile(name: string, folder: string, dirs: readonly string[], task: Task): string {
  const path = name.startsWith('~/') ? join(process.env['HOME'] ?? '/', name.slice(2)) : name
  const tail = path.endsWith('/') ? '/' : ''
  if (isAbsolute(path)) return path
  const tried = dirs.flatMap(dir => [join(dir, folder, path), join(dir, path)])
  const found = tried.find(file => existsSync(file))
  if (found !== undefined) return resolve(found) + (tail !== '' && !found.endsWith('/') ? tail : '')
  throw new ArgumentError([
    {
      code: 'source-missing',
      severity: 'error',
      message: `there is no file '${name}' on the controller`,
      span: task.span,
      remedy: `looked for: ${tried.join(', ')}`,
    },
  ])
}

/** A template file rendered; its text keeps its last newline, as Ansible's template module does. */
function renderFile(file: string, speech: Speech, args: Readonly<Record<string, unknown>>): string {
  const text = readFileSync(file, 'utf8')
  const newline = args['newline_sequence']
  return renderText(text, speech.scope, {
    ...speech.options,
    span: { file, line: 1, col: 1, offset: 0 },
    ...(typeof args['trim_blocks'] === 'boolean' ? { trimBlocks: args['trim_blocks'] } : {}),
    ...(typeof args['lstrip_blocks'] === 'boolean' ? { lstripBlocks: args['lstrip_blocks'] } : {}),
    ...(newline === '\n' || newline === '\r\n' || newline === '\r' ? { newline } : {}),
  })
}
