import { dirname } from 'node:path'
import type { Value } from '../base/value.ts'
import { TemplateError } from '../jinja/errors.ts'
import { OMIT } from '../jinja/python/objects.ts'
import { toText } from '../jinja/python/text.ts'
import type { Task } from '../playbook/ast.ts'
import { join, nothing, raw, type Script, sh } from '../shell/script.ts'
import type { Entry, Node } from '../source/node.ts'
import type { Identity } from '../transport/session.ts'
import { connectionSpec } from '../vars/connection.ts'
import { identity } from '../vars/identity.ts'
import type { RunContext } from './context.ts'
import { SettingsError } from './faults.ts'
import { boolOf, numberOf, renderedOf, type Speech, textOf } from './language.ts'
import type { Machine } from './machine.ts'

/** The machine that a host's variables and a task's keywords lead to. */
export function machineOf(run: RunContext, task: Pick<Task, 'keywords'>, speech: Speech): Machine {
  const connection = textOf(task.keywords.connection, speech)
  const remoteUser = textOf(task.keywords.remoteUser, speech)
  const port = numberOf(task.keywords.port, speech)
  const { spec, faults } = connectionSpec(speech.scope, run.options.connection, { connection, remoteUser, port })
  const errors = faults.filter(fault => fault.severity === 'error')
  if (errors.length > 0) throw new SettingsError(errors)
  return run.fleet.machine(spec)
}

/** Who a task runs as. */
export function identityOf(run: RunContext, task: Pick<Task, 'keywords'>, speech: Speech): Identity {
  const { keywords } = task
  const said = {
    become: boolOf(keywords.become, speech),
    user: textOf(keywords.becomeUser, speech),
    method: textOf(keywords.becomeMethod, speech),
    flags: textOf(keywords.becomeFlags, speech),
  }
  const { identity: found, faults } = identity(speech.scope, said, run.options.become)
  const errors = faults.filter(fault => fault.severity === 'error')
  if (errors.length > 0) throw new SettingsError(errors)
  return found
}

/** The task's `environment` as export lines. */
export const exportsOf = (environment: ReadonlyMap<string, string>): Script =>
  environment.size === 0 ? nothing : join([...environment].map(([name, text]) => sh`export ${raw(name)}=${text}`))

/** The task's `environment`; of a name that is given twice the nearest counts. Throws SettingsError. */
export function environmentOf(task: Task, speech: Speech): ReadonlyMap<string, string> {
  const out = new Map<string, string>()
  for (const node of task.keywords.environment ?? []) {
    const value = renderedOf(task.action === 'setup' ? withoutFacts(node, speech) : node, speech)
    for (const part of Array.isArray(value) ? value : [value])
      if (part !== undefined && part !== null && part !== '' && part !== OMIT)
        for (const [name, text] of pairs(part, node)) out.set(name, text)
  }
  return out
}

/** What gathers facts cannot wait for `ansible_env`, which is one: variables that are made of it are left out, as in Ansible. */
function withoutFacts(node: Node, speech: Speech): Node {
  if (node.kind !== 'mapping') return node
  const needsFacts = ({ value }: Entry): boolean => {
    try {
      renderedOf(value, speech)
      return false
    } catch (error) {
      if (error instanceof TemplateError && /ansible_env|ansible_facts/.test(error.message)) return true
      throw error
    }
  }
  return { ...node, entries: node.entries.filter(entry => !needsFacts(entry)) }
}

function pairs(part: Value, node: Node): [name: string, text: string][] {
  if (!(part instanceof Map)) {
    throw new SettingsError([
      {
        code: 'environment-shape',
        severity: 'error',
        message: `the environment is '${toText(part)}', not a mapping`,
        span: node.span,
        remedy: 'write NAME: value',
      },
    ])
  }
  const given = [...part].filter(([, value]) => value !== OMIT)
  return given.map(([name, value]) => {
    const word = toText(name)
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(word)) return [word, value === null ? '' : toText(value)]
    const key = node.kind === 'mapping' ? node.entries.find(entry => entry.key.text === word)?.key : undefined
    throw new SettingsError([
      {
        code: 'environment-name',
        severity: 'error',
        message: `'${word}' cannot be the name of an environment variable`,
        span: (key ?? node).span,
        remedy: 'use letters, digits and underscores, and no digit first',
      },
    ])
  })
}

/** Where files of a task are looked for: its roles from the inside out, the file it stands in, the playbook. */
export const dirsOf = (task: Task, roles: readonly { readonly dir: string }[], playDir: string): string[] => [
  ...new Set([...roles.map(role => role.dir).reverse(), dirname(task.span.file), playDir]),
]
