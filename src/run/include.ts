import { readdirSync, statSync } from 'node:fs'
import { extname, isAbsolute, join } from 'node:path'
import { formatDiagnostic, InputError } from '../base/diagnostic.ts'
import { dict, type Value } from '../base/value.ts'
import { readVarsFile } from '../inventory/adjacent.ts'
import { toNode } from '../inventory/nodes.ts'
import { toText } from '../jinja/python/text.ts'
import { resolveArgs } from '../kit/args.ts'
import { ACTIONS } from '../playbook/actions.ts'
import type { Step } from '../playbook/ast.ts'
import { type Included, loadRole, loadTasks } from '../playbook/parse.ts'
import type { Mapping, Scalar } from '../source/node.ts'
import { renderNode } from '../vars/render.ts'
import { ArgumentError } from './arguments.ts'
import { dirsOf } from './circumstances.ts'
import { failed } from './ensure.ts'
import type { Speech } from './language.ts'
import type { Result } from './ports.ts'
import type { Turn } from './turn.ts'

/** What an include brought for one host: steps to run now, or why there are none. */
export interface Brought {
  readonly steps: readonly Step[]
  readonly handlers: readonly Step[]
  readonly from: string
  readonly failed?: string
}

/** Actions that the engine does itself, since they change what will run and not a machine. */
export const STEERING: ReadonlySet<string> = new Set(['include_tasks', 'include_role', 'include_vars', 'meta'])

const argsOf = (turn: Turn, speech: Speech): Readonly<Record<string, unknown>> => {
  const { task } = turn.placed
  const schema = ACTIONS[task.action]
  if (!schema) throw new Error(`${task.action} is no steering action`)
  const given = new Map<Value, Value>(
    task.args.entries.map(entry => [entry.key.text, renderNode(entry.value, speech.scope, speech.options)]),
  )
  if (task.freeForm !== undefined && schema.freeForm !== undefined)
    given.set(schema.freeForm, renderNode(task.freeForm, speech.scope, speech.options))
  const { args, faults } = resolveArgs(schema, given, () => task.span)
  if (faults.some(fault => fault.severity === 'error')) throw new ArgumentError(faults)
  return args
}

/** Reads the tasks or the role that an include names, for one host and one turn of its loop. */
export function bring(turn: Turn, speech: Speech): Brought {
  const { task } = turn.placed
  const { run } = turn.play
  if (task.scope === undefined) throw new Error(`${task.action} has no scope: the parser should have given it`)
  const args = argsOf(turn, speech)
  const locals = [...turn.locals].filter(([name]) => !name.startsWith('ansible_failed'))
  const given: Mapping[] = [...task.vars]
  if (locals.length > 0) given.push(toNode(new Map(locals), task.span) as Mapping)
  const apply = task.args.entries.find(entry => entry.key.text === 'apply')?.value
  const giving = { node: task.args, vars: given, ...(apply?.kind === 'mapping' ? { apply } : {}) }
  if (task.action === 'include_tasks') {
    const name = String(args['file'])
    return brought(loadTasks(name, run.parse, task.scope, giving), name)
  }
  const name = String(args['name'])
  const from = (key: string): Record<string, string> =>
    typeof args[`${key}_from`] === 'string' ? { [key]: String(args[`${key}_from`]).replace(/\.ya?ml$/, '') } : {}
  return brought(
    loadRole(
      { name, ...from('tasks'), ...from('vars'), ...from('defaults'), ...from('handlers') },
      run.parse,
      task.scope,
      giving,
    ),
    name,
  )
}

function brought(included: Included, from: string): Brought {
  const errors = included.faults.filter(fault => fault.severity === 'error')
  return {
    steps: included.steps,
    handlers: included.handlers,
    from,
    ...(errors.length > 0 ? { failed: errors.map(formatDiagnostic).join('\n') } : {}),
  }
}

/** `include_vars`: files of variables from here on, rendered when they are used. */
export function includeVars(turn: Turn, speech: Speech): Result {
  const { task, around } = turn.placed
  const args = argsOf(turn, speech)
  const dirs = dirsOf(task, around.roles, turn.play.play.dir)
  const files =
    typeof args['file'] === 'string' ? [find(args['file'], dirs)] : filesOf(find(String(args['dir']), dirs), args)
  const missing = files.indexOf(undefined)
  if (missing >= 0)
    return failed(
      `there is no ${args['file'] ?? args['dir']} to include variables from`,
      `looked in: ${dirs.flatMap(dir => [join(dir, 'vars'), dir]).join(', ')}`,
    )
  try {
    const facts = new Map<Value, Value>()
    for (const file of files) {
      if (file === undefined) continue
      const entries = readVarsFile(file, 'include_vars')
      if (typeof args['name'] === 'string') {
        const whole: Mapping = {
          kind: 'mapping',
          span: task.span,
          entries: [...entries].map(([name, entry]) => ({ key: keyOf(name, entry.span), value: entry.node })),
        }
        turn.play.run.store.includeVars(turn.host.name, [
          [args['name'], { node: whole, span: task.span, origin: file }],
        ])
      } else turn.play.run.store.includeVars(turn.host.name, entries)
      for (const name of entries.keys()) facts.set(name, null)
    }
    return {
      changed: false,
      fields: dict({ ansible_included_var_files: files.filter(file => file !== undefined) }),
      diff: [],
    }
  } catch (error) {
    if (error instanceof InputError) return failed(error.message)
    throw error
  }
}

const keyOf = (name: string, span: Scalar['span']): Scalar => ({
  kind: 'scalar',
  value: name,
  text: name,
  plain: true,
  span,
})

const find = (name: string, dirs: readonly string[]): string | undefined =>
  (isAbsolute(name) ? [name] : dirs.flatMap(dir => [join(dir, 'vars', name), join(dir, name)])).find(
    path => statSync(path, { throwIfNoEntry: false }) !== undefined,
  )

function filesOf(dir: string | undefined, args: Readonly<Record<string, unknown>>): (string | undefined)[] {
  if (dir === undefined) return [undefined]
  const endings = new Set((args['extensions'] as readonly string[]).map(ending => `.${ending}`))
  const pattern = typeof args['files_matching'] === 'string' ? new RegExp(args['files_matching']) : undefined
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map(name => join(dir, name))
    .filter(
      path => endings.has(extname(path)) && (pattern === undefined || pattern.test(path)) && statSync(path).isFile(),
    )
    .sort()
}

/** What `meta` is to do. */
export const metaOf = (turn: Turn, speech: Speech): string => toText(String(argsOf(turn, speech)['_raw_params']))
