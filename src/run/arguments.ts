import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { Span } from '../base/span.ts'
import { type Dict, toJson, type Value } from '../base/value.ts'
import { isTemplate, renderText } from '../jinja/engine.ts'
import { TemplateError } from '../jinja/errors.ts'
import { MARK_NAMES, withMark } from '../jinja/header.ts'
import { USUAL_MARKS } from '../jinja/marks.ts'
import { OMIT } from '../jinja/python/objects.ts'
import { toText, truthy } from '../jinja/python/text.ts'
import { canonical, resolveArgs } from '../kit/args.ts'
import { firstWord, withFirstWord } from '../kit/first-word.ts'
import type { ArgsSchema, Expression } from '../kit/schema.ts'
import type { Task } from '../playbook/ast.ts'
import type { Node, Scalar } from '../source/node.ts'
import { renderNode } from '../vars/render.ts'
import { ArgumentError } from './faults.ts'
import { conditionOf, madeOf, type Speech, truthOf } from './language.ts'

/** The arguments of a task as its module gets them: rendered, typed, files of the controller found, templates and expressions done. */
export function argumentsOf(
  task: Task,
  schema: ArgsSchema,
  speech: Speech,
  dirs: readonly string[],
): Readonly<Record<string, unknown>> {
  return serve(plainArguments(task, schema, speech), schema, speech, dirs, task)
}

/** The arguments rendered and typed, and nothing more: what the actions of the engine itself get. Throws `ArgumentError`. */
export function plainArguments(task: Task, schema: ArgsSchema, speech: Speech): Readonly<Record<string, unknown>> {
  const given = new Given(schema, speech)
  takeDefaults(given, task, speech)
  const whole = task.args.entries.find(({ key }) => key.text === WHOLE)
  if (whole) given.takeAll(whole.value, "'args'")
  given.nextLayer()
  for (const { key, value } of task.args.entries) {
    if (key.text === WHOLE) continue
    given.take(task.action === 'set_fact' ? String(renderNode(key, speech.scope, speech.options)) : key.text, value)
  }
  if (task.freeForm !== undefined && schema.freeForm !== undefined) given.take(schema.freeForm, task.freeForm)
  const { args, faults } = resolveArgs(schema, given.values, name => given.placeOf(name) ?? task.span)
  if (faults.some(fault => fault.severity === 'error')) throw new ArgumentError(faults)
  return args
}

/** The parser's name for arguments that are a template as a whole. */
const WHOLE = '_variable_params'

/** Arguments as they come together, layer on layer: a later layer wins over what lies below it, by whatever name. */
class Given {
  readonly values: Dict = new Map()
  readonly #places = new Map<string, Span>()
  readonly #layers = new Map<string, number>()
  #layer = 0
  readonly #schema: ArgsSchema
  readonly #speech: Speech

  constructor(schema: ArgsSchema, speech: Speech) {
    this.#schema = schema
    this.#speech = speech
  }

  nextLayer(): void {
    this.#layer += 1
  }

  take(name: string, node: Node): void {
    const property = this.#schema.properties[canonical(this.#schema, name) ?? name]
    const raw = property?.expression === true || property?.items?.expression === true
    this.put(
      name,
      raw ? expressions(node, this.#speech, property?.whenUndefined) : rendered(node, this.#speech),
      node.span,
    )
  }

  /** Every pair of a mapping, which may be a template as a whole. */
  takeAll(node: Node, what: string): void {
    if (node.kind === 'mapping') for (const { key, value } of node.entries) this.take(key.text, value)
    else this.putAll(rendered(node, this.#speech), node.span, what)
  }

  /** Every pair of a dict that is final. */
  putAll(value: Value, span: Span, what: string): void {
    if (value === null || value === OMIT) return
    if (!(value instanceof Map)) {
      const message = `${what} is ${JSON.stringify(toText(value))}, a dict is expected`
      throw new ArgumentError([{ code: 'task-args', severity: 'error', message, span }])
    }
    for (const [name, item] of value) this.put(String(name), item, span)
  }

  put(name: string, value: Value, span: Span): void {
    const real = canonical(this.#schema, name)
    for (const [known, layer] of this.#layers)
      if (layer < this.#layer && real !== undefined && canonical(this.#schema, known) === real)
        this.values.delete(known)
    // What is omitted is so in the layers below, too
    if (value === OMIT) return
    this.values.set(name, value)
    this.#layers.set(name, this.#layer)
    this.#places.set(name, span)
  }

  placeOf(name: string | undefined): Span | undefined {
    return name === undefined ? undefined : this.#places.get(name)
  }
}

const rendered = (node: Node, { scope, options }: Speech): Value => renderNode(node, scope, { ...options, args: true })

/**
 * `module_defaults` of play, blocks and task, for this module and for groups that it is in. What is said of a module further
 * in replaces all that is said of it outside.
 */
function takeDefaults(given: Given, task: Task, speech: Speech): void {
  const found = new Map<string, () => void>()
  for (const layer of task.keywords.moduleDefaults ?? []) {
    const whole = layer.kind === 'mapping' ? undefined : rendered(layer, speech)
    if (layer.kind === 'mapping')
      for (const { key, value } of layer.entries)
        found.set(moduleOf(key.text), () => given.takeAll(value, `module_defaults of ${key.text}`))
    else if (whole instanceof Map)
      for (const [key, value] of whole)
        found.set(moduleOf(String(key)), () => given.putAll(value, layer.span, `module_defaults of ${String(key)}`))
  }
  for (const [name, take] of found) if (hasMember(name, task.action)) take()
  given.nextLayer()
  found.get(task.action)?.()
  given.nextLayer()
}

/** A module by its short name; a group as it is written. */
const moduleOf = (name: string): string => (name.startsWith('group/') ? name : (name.split('.').at(-1) ?? name))

/** Groups of modules whose members are here; of all others no module is, so they say nothing about any task. */
const hasMember = (group: string, action: string): boolean =>
  /^group\/(?:community\.docker\.)?docker$/.test(group) && action.startsWith('docker_')

/** Values that are expressions: evaluated, with their text, so that a message can show both. */
function expressions(node: Node, speech: Speech, whenUndefined?: string): Value {
  if (node.kind === 'sequence') return node.items.map(item => expressions(item, speech, whenUndefined))
  if (node.kind !== 'scalar') return renderNode(node, speech.scope, speech.options)
  return whenUndefined === undefined ? conditions(node, speech) : shown(node, speech, whenUndefined)
}

/** A condition as it is written; those of a list that a template names are made of data. */
function conditions(node: Scalar, speech: Speech): Value {
  const written = typeof node.value === 'string' ? node.value : node.text
  const value = typeof node.value === 'string' ? conditionOf(node.value, node.span, speech) : node.value
  if (!Array.isArray(value) || !isTemplate(written)) return expression(written, value, truthOf(value, node, speech))
  return value.map(item => {
    const part = { ...node, value: item, text: toText(item) } as Scalar
    const said = typeof item === 'string' ? madeOf(item, node.span, speech) : item
    return expression(part.text, said, truthOf(said, part, speech))
  })
}

/** What `debug` shows: it may be named by a template, and may be undefined. */
function shown(node: Scalar, speech: Speech, whenUndefined: string): Value {
  const written = typeof node.value === 'string' ? node.value : node.text
  const named = isTemplate(written)
  const made = named ? renderNode(node, speech.scope, speech.options) : node.value
  if (typeof made !== 'string') return expression(written, made, truthy(made))
  const value = evaluatedOr(() => (named ? madeOf : conditionOf)(made, node.span, speech), whenUndefined)
  return expression(named ? made : written, value, truthy(value))
}

const expression = (source: string, value: Value, truth: boolean): Value =>
  ({ source, value: toJson(value), truthy: truth }) satisfies Expression as unknown as Value

/** What an expression evaluates to, or what it counts as where it is undefined. */
function evaluatedOr(evaluated: () => Value, whenUndefined: string): Value {
  try {
    return evaluated()
  } catch (error) {
    if (error instanceof TemplateError && error.code === 'undefined-variable') return whenUndefined
    throw error
  }
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
      out[name] = property.controllerFirst
        ? findFirst(value, property.controller, dirs, task)
        : findFile(value, property.controller, dirs, task)
    const folder = property.items?.controller
    if (folder !== undefined && Array.isArray(value) && !elsewhere)
      out[name] = value.map(item => (typeof item === 'string' ? findFile(item, folder, dirs, task) : item))
  }
  for (const [name, property] of Object.entries(schema.properties)) {
    const source = property.renders === undefined ? undefined : out[property.renders]
    if (typeof source === 'string') out[name] = renderFile(source, speech, out)
  }
  return out
}

/** A command line, the file that it begins with found. */
function findFirst(line: string, folder: string, dirs: readonly string[], task: Task): string {
  const { word, rest } = firstWord(line)
  return withFirstWord(findFile(word, folder, dirs, task), rest)
}

/** Ansible's search: `files/` or `templates/` of role, then the role, then of the playbook, then beside it. A final slash stays. */
function findFile(name: string, folder: string, dirs: readonly string[], task: Task): string {
  const path = name.startsWith('~/') ? join(process.env['HOME'] ?? '/', name.slice(2)) : name
  if (isAbsolute(path)) return path
  const tried = dirs.flatMap(dir => [join(dir, folder, path), join(dir, path)])
  const found = tried.find(file => existsSync(file))
  if (found !== undefined) return resolve(found) + (path.endsWith('/') ? '/' : '')
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
  const text = speech.scope.options.loader?.(file)?.text ?? readFileSync(file, 'utf8')
  const newline = args['newline_sequence']
  const marks = MARK_NAMES.reduce((found, name) => {
    const mark = args[name]
    return typeof mark === 'string' ? withMark(found, name, mark) : found
  }, USUAL_MARKS)
  return renderText(text, speech.scope, {
    ...speech.options,
    span: { file, line: 1, col: 1, offset: 0 },
    marks,
    ...(typeof args['trim_blocks'] === 'boolean' ? { trimBlocks: args['trim_blocks'] } : {}),
    ...(typeof args['lstrip_blocks'] === 'boolean' ? { lstripBlocks: args['lstrip_blocks'] } : {}),
    ...(newline === '\n' || newline === '\r\n' || newline === '\r' ? { newline } : {}),
  })
}
