import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { Span } from '../base/span.ts'
import { type Dict, Unsafe, type Value } from '../base/value.ts'
import { renderText } from '../jinja/engine.ts'
import { TemplateError } from '../jinja/errors.ts'
import { MARK_NAMES, withMark } from '../jinja/header.ts'
import { USUAL_MARKS } from '../jinja/marks.ts'
import type { RenderOptions } from '../jinja/options.ts'
import { OMIT } from '../jinja/python/objects.ts'
import { toText } from '../jinja/python/text.ts'
import { templateVariables } from '../jinja/template-file.ts'
import { canonical, resolveArgs } from '../kit/args.ts'
import { firstWord, withFirstWord } from '../kit/first-word.ts'
import type { ArgsSchema } from '../kit/schema.ts'
import type { Task } from '../playbook/ast.ts'
import type { Node } from '../source/node.ts'
import { renderNode } from '../vars/render.ts'
import { expressions, madeExpressions } from './expressions.ts'
import { ArgumentError } from './faults.ts'
import type { Speech } from './language.ts'
import { sealedFact } from './sealed-fact.ts'

/** Where a task is done, seen from the host that it is for. */
export type Delegation = 'no' | 'itself' | 'elsewhere'

/** The arguments of a task as its module gets them: rendered, typed, files of the controller found, templates and expressions done. */
export function argumentsOf(
  task: Task,
  schema: ArgsSchema,
  speech: Speech,
  dirs: readonly string[],
  delegation: Delegation = 'no',
): Readonly<Record<string, unknown>> {
  const given = { ...plainArguments(task, schema, speech) }
  for (const [name, property] of Object.entries(schema.properties)) if (property.delegation) given[name] = delegation
  return serve(given, schema, speech, dirs, task)
}

/** The arguments rendered and typed, and nothing more: what the actions of the engine itself get. Throws `ArgumentError`. */
export function plainArguments(task: Task, schema: ArgsSchema, speech: Speech): Readonly<Record<string, unknown>> {
  const given = new Given(schema, speech)
  takeDefaults(given, task, speech)
  const whole = task.args.entries.find(({ key }) => key.text === WHOLE)
  // What the task says itself wins: the same of the template is not even looked at
  const said = new Set(task.args.entries.map(({ key }) => canonical(schema, key.text)))
  if (whole) given.takeAll(whole.value, "'args'", said)
  given.nextLayer()
  for (const { key, value } of task.args.entries) {
    if (key.text === WHOLE) continue
    const vault = sealedFact(task, key.text)
    if (vault) given.put(key.text, new Unsafe(vault.armour), value.span)
    else
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
    const { raw, whenUndefined } = this.#kindOf(name)
    this.put(name, raw ? expressions(node, this.#speech, whenUndefined) : rendered(node, this.#speech), node.span)
  }

  /** Whether an argument is an expression, and what it counts as where it is undefined. */
  #kindOf(name: string): { readonly raw: boolean; readonly whenUndefined: string | undefined } {
    const property = this.#schema.properties[canonical(this.#schema, name) ?? name]
    const raw = property?.expression === true || property?.items?.expression === true
    return { raw, whenUndefined: property?.whenUndefined }
  }

  /** Every pair of a mapping, which may be a template as a whole. */
  takeAll(node: Node, what: string, but: ReadonlySet<string | undefined> = new Set()): void {
    if (node.kind === 'mapping') for (const { key, value } of node.entries) this.take(key.text, value)
    else this.putAll(rendered(node, this.#speech), node.span, what, but)
  }

  /** Every pair of a dict that is final, `but` for arguments that something stronger says. */
  putAll(value: Value, span: Span, what: string, but: ReadonlySet<string | undefined> = new Set()): void {
    if (value === null || value === OMIT) return
    if (!(value instanceof Map)) {
      const message = `${what} is ${JSON.stringify(toText(value))}, a dict is expected`
      throw new ArgumentError([{ code: 'task-args', severity: 'error', message, span }])
    }
    for (const [key, item] of value) {
      const name = String(key)
      const real = canonical(this.#schema, name)
      if (real !== undefined && but.has(real)) continue
      const { raw, whenUndefined } = this.#kindOf(name)
      this.put(name, raw ? madeExpressions(item, span, this.#speech, whenUndefined) : item, span)
    }
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
    const elsewhere =
      (property.controllerUnless !== undefined && out[property.controllerUnless] === true) ||
      Object.entries(property.controllerIf ?? {}).some(([other, wanted]) => out[other] !== wanted)
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
    if (typeof source === 'string') out[name] = renderFile(source, speech, out, task)
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
  if (folder === 'playbook') return join(resolve(dirs.at(-1) ?? '.'), path)
  const tried = dirs.flatMap(dir => [join(dir, folder, path), join(dir, path)])
  const found = tried.find(file => existsSync(file))
  if (found !== undefined) return resolve(found) + (path.endsWith('/') ? '/' : '')
  throw new ArgumentError([
    {
      code: 'source-missing',
      severity: 'error',
      message: `Could not find or access '${name}' on the controller`,
      span: task.span,
      remedy: `looked for: ${tried.join(', ')}`,
    },
  ])
}

/** A template file rendered; its text keeps its last newline, as Ansible's template module does. */
function renderFile(file: string, speech: Speech, args: Readonly<Record<string, unknown>>, task: Task): string {
  const text = speech.scope.options.loader?.(file)?.text ?? readTemplate(file, task)
  const newline = args['newline_sequence']
  const marks = MARK_NAMES.reduce((found, name) => {
    const mark = args[name]
    return typeof mark === 'string' ? withMark(found, name, mark) : found
  }, USUAL_MARKS)
  const dest = typeof args['dest'] === 'string' ? args['dest'] : undefined
  const scope = speech.scope.with(templateVariables(file, dest))
  const options: RenderOptions = {
    ...speech.options,
    span: { file, line: 1, col: 1, offset: 0 },
    marks,
    ...(typeof args['trim_blocks'] === 'boolean' ? { trimBlocks: args['trim_blocks'] } : {}),
    ...(typeof args['lstrip_blocks'] === 'boolean' ? { lstripBlocks: args['lstrip_blocks'] } : {}),
    ...(newline === '\n' || newline === '\r\n' || newline === '\r' ? { newline } : {}),
  }
  try {
    return renderText(text, scope, options)
  } catch (error) {
    throw error instanceof TemplateError ? new ArgumentError(error) : error
  }
}

function readTemplate(file: string, task: Task): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const message =
      code === 'ENOENT' ? `Could not find or access '${file}' on the controller` : `cannot read ${file}: ${code}`
    throw new ArgumentError([
      { code: 'source-missing', severity: 'error', message, span: task.span, remedy: 'name a file that can be read' },
    ])
  }
}
