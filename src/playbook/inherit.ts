import { field, type Mapping, type Node } from '../source/node.ts'
import type { Keywords, Scope } from './ast.ts'
import { isNull, itemsOf, tagsOf } from './values.ts'

/** What a keyword of the language is called in the tree. */
const NAMES: ReadonlyMap<string, keyof Keywords> = new Map([
  ['become', 'become'],
  ['become_user', 'becomeUser'],
  ['become_method', 'becomeMethod'],
  ['become_flags', 'becomeFlags'],
  ['connection', 'connection'],
  ['remote_user', 'remoteUser'],
  ['port', 'port'],
  ['check_mode', 'checkMode'],
  ['diff', 'diff'],
  ['no_log', 'noLog'],
  ['ignore_errors', 'ignoreErrors'],
  ['ignore_unreachable', 'ignoreUnreachable'],
  ['any_errors_fatal', 'anyErrorsFatal'],
  ['run_once', 'runOnce'],
  ['throttle', 'throttle'],
  ['timeout', 'timeout'],
])

/**
 * Keywords as they hold inside something: the nearest wins; environment and module defaults add up, outermost first. The
 * very same object where nothing is added, so that what is shared is looked at once.
 */
function mergeKeywords(outer: Keywords, own: Mapping): Keywords {
  const found: { [name: string]: Node | readonly Node[] } = {}
  // Of a play it is a login name; of a task it is the module.
  const user = field(own, 'hosts') && field(own, 'user')
  if (user) found['remoteUser'] = user
  for (const { key, value } of own.entries) {
    const property = NAMES.get(key.text)
    if (property) found[property] = within(value, outer[property])
    else if (key.text === 'environment') found['environment'] = [...(outer.environment ?? []), ...itemsOf(value)]
    else if (key.text === 'module_defaults')
      found['moduleDefaults'] = [...(outer.moduleDefaults ?? []), ...itemsOf(value)]
  }
  return Object.keys(found).length === 0 ? outer : { ...outer, ...found }
}

/** A template may say `omit`: then what holds around it holds. */
const within = (own: Node, around: Node | readonly Node[] | undefined): Node =>
  own.kind === 'scalar' && own.text.includes('{') && around !== undefined && 'kind' in around ? { ...own, around } : own

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
