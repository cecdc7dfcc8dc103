import { dirname, resolve } from 'node:path'
import { type Entry, field, type Mapping, type Node } from '../source/node.ts'
import type { Play, Scope, Step } from './ast.ts'
import { type Env, topScope } from './context.ts'
import { collectionPlaybook, findTasks } from './find.ts'
import { chained } from './imports.ts'
import { inner, varsOf } from './inherit.ts'
import { shownPath } from './paths.ts'
import { promptsIn } from './prompts.ts'
import { entryUse, useRole } from './roles.ts'
import { staticName } from './static-name.ts'
import { checkKeys, isNull, itemsOf, kindOf, templated } from './values.ts'

/** The plays of a playbook file, those of imported playbooks in their places. */
export function parsePlays(tree: Node | null, scope: Scope, env: Env): Play[] {
  const span = { file: shownPath(scope.file), line: 1, col: 1, offset: 0 }
  if (tree === null || isNull(tree)) {
    env.faults.add(
      'playbook-empty',
      'A playbook must contain at least one play',
      tree?.span ?? span,
      'write a list of plays: - hosts: ...',
    )
    return []
  }
  if (tree.kind !== 'sequence') {
    env.faults.add(
      'playbook-type',
      `${kindOf(tree)} where a list of plays is expected`,
      tree.span,
      "begin each play with '- hosts:'",
    )
    return []
  }
  if (tree.items.length === 0)
    env.faults.add(
      'playbook-empty',
      'A playbook must contain at least one play',
      tree.span,
      'write a list of plays: - hosts: ...',
    )
  return tree.items.flatMap(item => {
    if (item.kind !== 'mapping') {
      env.faults.add(
        'playbook-type',
        `a play is ${kindOf(item)}, a mapping is expected`,
        item.span,
        'write - hosts: ... and tasks',
      )
      return []
    }
    const imported = item.entries.find(({ key }) => isImport(key.text))?.value
    return imported
      ? importPlays(item, imported, scope, env)
      : [parsePlay(withDefaults(item, env.ctx.defaults), scope, { ...env, rolesSeen: new Set(), roleHandlers: [] })]
  })
}

/** A play with what the settings say where it says nothing itself. */
function withDefaults(play: Mapping, defaults: readonly Entry[] = []): Mapping {
  const missing = defaults.filter(({ key }) => !field(play, key.text))
  return missing.length === 0 ? play : { ...play, entries: [...play.entries, ...missing] }
}

const isImport = (key: string): boolean => /^(?:ansible\.(?:builtin|legacy)\.)?import_playbook$/.test(key)

/** `import_playbook`: its condition, tags and variables hold for all plays of the file. */
function importPlays(node: Mapping, named: Node, outer: Scope, env: Env): Play[] {
  checkKeys(
    node.entries.filter(({ key }) => key.text === 'import_playbook' || !isImport(key.text)),
    'import_playbook',
    env.faults,
  )
  const scope = inner(outer, node)
  const name = staticName(named, scope, env, 'import_playbook')
  if (name === undefined) return []
  const brought = collectionPlaybook(name, scope, env.ctx)
  const file = brought?.file ?? resolve(dirname(outer.file), name)
  if (findTasks(file, scope).file === undefined) {
    env.faults.add('source-missing', `there is no playbook '${name}'`, named.span, `looked for: ${shownPath(file)}`)
    return []
  }
  const chain = chained(file, named, scope, env)
  if (!chain) return []
  const inside = { ...scope, keywords: {}, file, playDir: dirname(file), chain }
  const collections = brought ? [brought.collection] : scope.collections
  return parsePlays(env.files.tree(file), { ...inside, ...(collections ? { collections } : {}) }, env)
}

const STRATEGIES = ['linear', 'free', 'host_pinned']
const ORDERS = ['inventory', 'sorted', 'reverse_sorted', 'reverse_inventory', 'shuffle']

function parsePlay(node: Mapping, outer: Scope, env: Env): Play {
  checkKeys(node.entries, 'play', env.faults)
  const hosts = field(node, 'hosts')
  if (!hosts) env.faults.add('play-hosts', "a play without 'hosts'", node.span, 'write hosts: PATTERN')
  else if (isNull(hosts) || (hosts.kind === 'sequence' && hosts.items.length === 0))
    env.faults.add(
      'play-hosts',
      'Hosts list cannot be empty. Please check your playbook',
      hosts.span,
      'write hosts: PATTERN',
    )
  const login = field(node, 'user')
  if (login && field(node, 'remote_user'))
    env.faults.add(
      'playbook-type',
      "both 'user' and 'remote_user' are set for this play. The use of 'user' is deprecated, and should be removed",
      login.span,
      "write 'remote_user' only",
    )
  oneOf(field(node, 'strategy'), 'strategy', STRATEGIES, env)
  oneOf(field(node, 'order'), 'order', ORDERS, env)
  const around = inner({ ...topScope(outer.file), ...outer }, node)
  const scope = { ...around, playVars: around.vars.length }
  const steps = (name: string): Step[] => {
    const list = field(node, name)
    if (list?.kind !== 'scalar' || isNull(list)) return env.steps(list, scope, env)
    const message = `A malformed block was encountered while loading ${name}: ${list.text} should be a list or None`
    env.faults.add('playbook-type', message, list.span, "begin each task with '- '")
    return []
  }
  const preTasks = steps('pre_tasks')
  const named = field(node, 'roles')
  if (named && named.kind !== 'sequence' && !isNull(named))
    env.faults.add(
      'playbook-type',
      `A malformed role declaration was encountered: 'roles' is ${kindOf(named)}, a list is expected`,
      named.span,
      'write - role: NAME below it',
    )
  const roles = (named?.kind === 'sequence' ? itemsOf(named) : []).flatMap(entry => {
    const use = entryUse(entry, scope, env)
    return use ? useRole(use, scope, env) : []
  })
  const tasks = steps('tasks')
  const postTasks = steps('post_tasks')
  const handlers = env.steps(field(node, 'handlers'), { ...scope, handlers: true }, env)
  return {
    span: node.span,
    hosts: hosts ?? { kind: 'scalar', value: null, text: '', plain: true, span: node.span },
    vars: [...outer.vars, ...varsOf(node)],
    varsFiles: listed(field(node, 'vars_files')),
    prompts: promptsIn(field(node, 'vars_prompt'), env.faults),
    keywords: scope.keywords,
    ...settings(node),
    tags: scope.tags,
    preTasks,
    roles,
    tasks,
    postTasks,
    handlers: [...env.roleHandlers, ...handlers],
    dir: outer.playDir,
  }
}

/** The items as they stand: a list among `vars_files` means the first of it that exists. */
const listed = (node: Node | undefined): readonly Node[] =>
  node === undefined || isNull(node) ? [] : node.kind === 'sequence' ? node.items : [node]

const SETTINGS = {
  name: 'name',
  gatherFacts: 'gather_facts',
  gatherSubset: 'gather_subset',
  gatherTimeout: 'gather_timeout',
  factPath: 'fact_path',
  serial: 'serial',
  strategy: 'strategy',
  maxFailPercentage: 'max_fail_percentage',
  forceHandlers: 'force_handlers',
  order: 'order',
} as const satisfies Partial<Record<keyof Play, string>>

function settings(node: Mapping): Partial<Record<keyof typeof SETTINGS, Node>> {
  const found = Object.entries(SETTINGS).flatMap(([property, name]) => {
    const value = field(node, name)
    return value ? [[property, value] as const] : []
  })
  return Object.fromEntries(found)
}

function oneOf(node: Node | undefined, name: string, known: readonly string[], env: Env): void {
  if (node?.kind !== 'scalar' || templated(node) || isNull(node)) return
  const short = node.text.replace(/^ansible\.(?:builtin|legacy)\./, '')
  if (!known.includes(short))
    env.faults.add(
      'playbook-value',
      `the ${name} '${node.text}' is not supported`,
      node.span,
      `use one of: ${known.join(', ')}`,
    )
}
