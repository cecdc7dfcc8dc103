import { didYouMean } from '../base/nearest.ts'
import { isTemplated } from '../kit/args.ts'
import { parseFreeForm, splitWords, within } from '../kit/free-form.ts'
import { type Entry, type Mapping, type Node, type Scalar, scalar } from '../source/node.ts'
import { type Action, actionNamedBy, actionNames, isCommand, resolveAction, unknownAction } from './actions.ts'
import type { Env } from './context.ts'
import { keyword, keywordsOf } from './keywords.ts'
import { isNull, kindOf } from './values.ts'

/** What a task calls, as written: `copy: {...}`, `action: copy ...`, `local_action: ...`. */
export interface Call {
  readonly written: string
  readonly action: Action
  readonly args: readonly Entry[]
  readonly freeForm?: Node
  /** The name, where it is a template. */
  readonly moduleName?: Scalar
  /** Written as `local_action`. */
  readonly local?: Scalar
}

/** Whether a key of a task is a keyword. `user` is one of plays, and a module in a task. */
export function isKeyword(name: string, env: Env): boolean {
  const found = keyword(name)
  if (!found) return false
  const ofTasks = found.places.includes('task') || found.places.includes('handler')
  return ofTasks || !resolveAction(name, env.ctx)
}

/** Finds what a task calls, among those of its keys that are no keywords. Exactly one is right. */
export function callOf(task: Mapping, env: Env): Call | undefined {
  const others = task.entries.filter(({ key }) => !isKeyword(key.text, env) && !key.text.startsWith('with_'))
  const verbs = task.entries.filter(({ key }) => key.text === 'action' || key.text === 'local_action')
  const calls = others.filter(({ key }) => resolveAction(key.text, env.ctx))
  const found = [...calls, ...verbs]
  if (found.length > 1) {
    const names = found.map(({ key }) => `'${key.text}'`).join(' and ')
    env.faults.add(
      'task-modules',
      `a task calls one module, found ${names}`,
      found[1]?.key.span ?? task.span,
      'make two tasks',
    )
  }
  for (const { key } of others) if (!calls.some(call => call.key === key)) unknown(key, found.length > 0, env)
  const first = found[0]
  if (!first) {
    if (others.length === 0)
      env.faults.add(
        'task-module',
        `a task that calls no module, found only ${keysOf(task)}`,
        task.span,
        'name a module',
      )
    return undefined
  }
  return verbs.includes(first) ? callByVerb(first, env) : callByKey(first, env)
}

const keysOf = (task: Mapping): string => task.entries.map(({ key }) => `'${key.text}'`).join(', ') || 'no keys'

/** A key that is neither keyword nor module. Beside a module it can only be meant as a keyword. */
function unknown(key: Scalar, called: boolean, env: Env): void {
  const keywords = keywordsOf('task')
  if (called) {
    const message = `'${key.text}' is not a valid attribute for a Task${didYouMean(key.text, keywords)}`
    env.faults.add('playbook-key', message, key.span, `known: ${keywords.join(', ')}`)
    return
  }
  const hint = didYouMean(key.text, [...keywords, ...actionNames(env.ctx)])
  env.faults.add(
    'module-unknown',
    `unknown module '${key.text}'${hint}`,
    key.span,
    "'regplay check' knows only its own modules",
  )
}

function callByKey({ key, value }: Entry, env: Env): Call | undefined {
  const action = resolveAction(key.text, env.ctx)
  if (!action) return undefined
  return { written: key.text, action, ...argumentsOf(value, action, env) }
}

/** `action: copy src=a`, `action: module=copy src=a`, `action: {module: copy, src: a}`, `action: {module: copy, args: {src: a}}`. */
function callByVerb({ key, value }: Entry, env: Env): Call | undefined {
  const local = key.text === 'local_action' ? { local: scalar('localhost', key.span) } : {}
  if (value.kind === 'mapping') {
    const named = value.entries.find(entry => entry.key.text === 'module')
    const name = named?.value.kind === 'scalar' ? named.value : undefined
    const words = value.entries.find(entry => entry.key.text === '_raw_params')?.value
    const args = value.entries
      .filter(entry => entry !== named && entry.value !== words)
      .flatMap(entry => (entry.key.text === 'args' && entry.value.kind === 'mapping' ? entry.value.entries : [entry]))
    if (name && isTemplated(nameIn(name.text).name))
      return { ...withWords(calledLater(name, env), args, words, env), ...local }
    const action = name && knownAction(name.text, name, env)
    if (!name) env.faults.add('task-module', `'${key.text}' names no module`, value.span, 'add module: NAME')
    if (!name || !action) return undefined
    return { written: name.text, action, args, ...(words ? { freeForm: words } : {}), ...local }
  }
  const text = value.kind === 'scalar' ? value.text : ''
  const { start: before, name } = nameIn(text)
  if (name === '' || value.kind !== 'scalar') {
    env.faults.add(
      'task-module',
      `'${key.text}' is ${kindOf(value)}, a module is expected`,
      value.span,
      'write action: MODULE ARGUMENTS',
    )
    return undefined
  }
  if (isTemplated(name)) return { ...calledLater(value, env), ...local }
  const action = knownAction(name, value, env)
  if (!action) return undefined
  const start = before + name.length
  return {
    written: name,
    action,
    ...line(text.slice(start), part(value, text.slice(start), start), action, env),
    ...local,
  }
}

/** The first word of a line, which names the module, and where it begins; of a template that holds blanks its first part. */
function nameIn(text: string): { readonly start: number; readonly name: string } {
  const [, before = '', name = ''] = /^(\s*(?:module=)?)(\S+)/.exec(text) ?? []
  return { start: before.length, name }
}

function knownAction(name: string, node: Node, env: Env): Action | undefined {
  const action = resolveAction(name, env.ctx)
  if (!action) env.faults.list.push(unknownAction(name, env.ctx, node.span))
  return action
}

/**
 * A module that a template names: which it is, is known when the task runs. Behind it stand pairs, or a template that makes a dict; words
 * could only be read if the module were known, and are refused, as in Ansible.
 */
function calledLater(node: Scalar, env: Env): Call {
  const { start } = nameIn(node.text)
  const text = node.text.slice(start)
  const name = splitWords(text)?.[0]?.text.trim() ?? ''
  const rest = text.slice(name.length)
  const action = actionNamedBy(name || text)
  const behind = line(rest, part(node, rest, start + name.length), action, env)
  return { written: name, moduleName: part(node, name, start), action, ...behind }
}

/** A call with what else its mapping gives. */
function withWords(call: Call, given: readonly Entry[], words: Node | undefined, env: Env): Call {
  const { args } = words ? argumentsOf(words, call.action, env) : { args: [] }
  return { ...call, args: [...call.args, ...given, ...args] }
}

interface Arguments {
  readonly args: readonly Entry[]
  readonly freeForm?: Node
}

/** The arguments under a module's key: a mapping, a line of text, or nothing. */
function argumentsOf(value: Node, action: Action, env: Env): Arguments {
  if (value.kind === 'mapping') {
    const words = value.entries.find(entry => entry.key.text === '_raw_params')?.value
    return words
      ? { args: value.entries.filter(entry => entry.value !== words), freeForm: words }
      : { args: value.entries }
  }
  if (isNull(value)) return { args: [] }
  if (value.kind === 'scalar') return line(value.text, value, action, env)
  env.faults.add(
    'task-args',
    `the arguments of '${action.name}' are a list`,
    value.span,
    'write key: value pairs below the module',
  )
  return { args: [] }
}

/** A line of arguments: pairs and, where the module takes them, words. */
function line(text: string, node: Scalar, action: Action, env: Env): Arguments {
  const form = parseFreeForm(text, isCommand(action.name))
  if (!form) {
    env.faults.add(
      'task-args',
      `a quote or bracket stays open in the arguments of '${action.name}'`,
      node.span,
      'close it, or write key: value pairs below the module',
    )
    return { args: [unknowable(node)] }
  }
  const args = form.pairs.map(({ key, value, start }): Entry => {
    const span = within(node.span, text, start)
    return { key: scalar(key, span), value: scalar(value, span) }
  })
  if (form.rest === '') return { args }
  const rest = form.pairs.length === 0 && form.rest === text ? node : part(node, form.rest, form.restStart)
  if (action.schema.freeForm !== undefined) return { args, freeForm: rest }
  if (isTemplated(form.rest)) return { args: [...args, { ...unknowable(node), value: rest }] }
  env.faults.add(
    'task-args',
    `'${form.rest}' is no argument of '${action.name}'`,
    rest.span,
    `write key=value, or key: value pairs below the module${isTemplated(action.name) ? '; a command is cmd: ...' : ''}`,
  )
  return { args: [...args, unknowable(node)] }
}

/** Ansible's name for arguments that are only known later; of a task that has it no argument is missing. */
const unknowable = (node: Scalar): Entry => ({ key: scalar('_variable_params', node.span), value: node })

/** A part of a scalar as a scalar of its own. */
const part = (node: Scalar, text: string, start: number): Scalar => ({
  ...scalar(text, within(node.span, node.text, start)),
  plain: node.plain,
})
