import { field, type Mapping, type Node } from '../source/node.ts'
import type { Keywords, Scope } from './ast.ts'
import { isNull, itemsOf, tagsOf } from './values.ts'

/** Keyword of the language by its name in the tree. */
const NAMES = {
  become: 'become',
  becomeUser: 'become_user',
  becomeMethod: 'become_method',
  becomeFlags: 'become_flags',
  connection: 'connection',
  remoteUser: 'remote_user',
  port: 'port',
  checkMode: 'check_mode',
  diff: 'diff',
  noLog: 'no_log',
  ignoreErrors: 'ignore_errors',
  ignoreUnreachable: 'ignore_unreachable',
  anyErrorsFatal: 'any_errors_fatal',
  runOnce: 'run_once',
  throttle: 'throttle',
  timeout: 'timeout',
} as const satisfies Partial<Record<keyof Keywords, string>>

/** Keywords as they hold inside something: the nearest wins; environment and module defaults add up, outermost first. */
function mergeKeywords(outer: Keywords, own: Mapping): Keywords {
  const merged: Record<string, Node> = {}
  for (const [property, name] of Object.entries(NAMES)) {
    const value = field(own, name)
    if (value) merged[property] = value
  }
  // Of a play it is a login name; of a task it is the module.
  const user = field(own, 'hosts') && field(own, 'user')
  const environment = [...(outer.environment ?? []), ...itemsOf(field(own, 'environment'))]
  const defaults = itemsOf(field(own, 'module_defaults'))
  const moduleDefaults = [...(outer.moduleDefaults ?? []), ...defaults]
  return {
    ...outer,
    ...(user ? { remoteUser: user } : {}),
    ...merged,
    ...(environment.length > 0 ? { environment } : {}),
    ...(moduleDefaults.length > 0 ? { moduleDefaults } : {}),
  }
}

/** The scope inside a play, block, role entry or static import. */
export function inner(outer: Scope, own: Mapping): Scope {
  const delegateTo = field(own, 'delegate_to')
  const delegateFacts = field(own, 'delegate_facts')
  const collections = itemsOf(field(own, 'collections')).flatMap(item => (item.kind === 'scalar' ? [item.text] : []))
  return {
    ...outer,
    when: [...outer.when, ...itemsOf(field(own, 'when'))],
    tags: mergeTags(outer.tags, tagsOf(field(own, 'tags'))),
    vars: [...outer.vars, ...varsOf(own)],
    keywords: mergeKeywords(outer.keywords, own),
    notify: [...outer.notify, ...itemsOf(field(own, 'notify'))],
    ...(delegateTo ? { delegateTo } : {}),
    ...(delegateFacts ? { delegateFacts } : {}),
    ...(collections.length > 0 ? { collections } : {}),
  }
}

/** Tags of the outside first, each once. */
export const mergeTags = (outer: readonly string[], own: readonly string[]): readonly string[] =>
  own.length === 0 ? outer : [...new Set([...outer, ...own])]

/** The `vars` of something, as a list of none or one. */
export function varsOf(own: Mapping): readonly Mapping[] {
  const vars = field(own, 'vars')
  return vars && !isNull(vars) && vars.kind === 'mapping' ? [vars] : []
}
