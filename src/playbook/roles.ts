import { basename } from 'node:path'
import { nearest } from '../base/nearest.ts'
import { jsonLine, toJson } from '../base/value.ts'
import { isTemplated } from '../kit/args.ts'
import { type Entry, field, type Mapping, type Node, toValue } from '../source/node.ts'
import type { Block, RoleRef, Scope } from './ast.ts'
import type { Env } from './context.ts'
import { findRole, insideRole, nearestRole, type RolePlace, rolePart, roleParts } from './find.ts'
import { inner, varsOf } from './inherit.ts'
import { keyword, keywordsOf } from './keywords.ts'
import { shownPath } from './paths.ts'
import { metaOf } from './role-meta.ts'
import { GALAXY, specTask } from './spec-task.ts'
import { staticName } from './static-name.ts'
import { checkKeys, isNull, itemsOf, kindOf, tagsOf } from './values.ts'

/** A use of a role: in `roles`, as a dependency, by an import or an include. */
export interface RoleUse {
  readonly name: string
  /** What names it, for messages. */
  readonly node: Node
  /** The entry or task whose keywords hold for the role. */
  readonly own: Mapping
  /** Keys of a role entry that are no keywords. */
  readonly params: readonly Mapping[]
  /** Its `vars:`, which are the role's. */
  readonly given: readonly Mapping[]
  /** Variables of the block that the role becomes. */
  readonly vars: readonly Mapping[]
  readonly from: Readonly<Record<'tasks' | 'vars' | 'defaults' | 'handlers', string>>
  /** May run again in the same play. */
  readonly repeat: boolean
  /** Other tasks do not see its variables. */
  readonly hidden?: boolean
  /** Its argument spec is not asked. */
  readonly unchecked?: boolean
}

export const MAIN = { tasks: 'main', vars: 'main', defaults: 'main', handlers: 'main' } as const

/** What a role brings by itself. */
interface Own extends Pick<RoleRef, 'defaults' | 'params'> {
  /** Its files of variables. */
  readonly files: readonly Mapping[]
  readonly given: readonly Mapping[]
}

/** A role whose dependencies are being read, with what it brings itself. */
interface Parent {
  readonly dir: string
  readonly own: Own
}

/**
 * A role as blocks: its dependencies, then its own tasks. Its handlers go to `env.roleHandlers`. Nothing when it cannot be
 * found; then there is a fault.
 */
export function useRole(use: RoleUse, outer: Scope, env: Env, parents: readonly Parent[] = []): readonly Block[] {
  const place = findRole(use.name, outer, env.ctx)
  const { dir, collection } = place
  if (dir === undefined || parents.some(parent => parent.dir === dir)) {
    cannotUse(use, place, parents, env)
    return []
  }
  const meta = metaOf(dir, env)
  const collections = [...(collection === undefined ? [] : [collection]), ...meta.collections]
  // a role does not inherit the collections of the play
  const scope: Scope = { ...inner(outer, use.own), collections }
  const once = use.repeat || meta.repeat ? undefined : onceOf(dir, use, parents)
  const own: Own = {
    defaults: variables(roleParts(dir, 'defaults', use.from.defaults), env),
    files: variables(roleParts(dir, 'vars', use.from.vars), env),
    given: use.given,
    params: use.params,
  }
  missingParts(dir, use, env)
  const before = meta.dependencies
    .flatMap(entry => entryUse(entry, scope, env) ?? [])
    .flatMap(dependency => useRole(dependency, scope, env, [...parents, { dir, own }]))
  const role: RoleRef = {
    ...refOf(dir, own, parents, before),
    ...(collection === undefined ? {} : { full: `${collection}.${basename(dir)}` }),
    ...(once === undefined ? {} : { once }),
    ...(use.hidden ? { hidden: true } : {}),
    ...(parents.length > 0 ? { dependency: true } : {}),
  }
  return [...before, blockOf(dir, role, use, scope, use.unchecked ? undefined : meta.specs, env)]
}

/** Why a role cannot be used: it is nowhere, or it needs itself. */
function cannotUse(use: RoleUse, { dir, tried }: RolePlace, parents: readonly Parent[], env: Env): void {
  if (dir !== undefined) {
    const circle = [...parents.map(parent => parent.dir), dir].map(path => basename(path)).join(' -> ')
    const message = `the role depends on itself: ${circle}`
    env.faults.add('import-cycle', message, use.node.span, 'remove one of the dependencies')
    return
  }
  const hint = nearestRole(tried)
  const message = `there is no role '${use.name}'${hint === undefined ? '' : `; did you mean '${hint}'?`}`
  env.faults.add('source-missing', message, use.node.span, `looked for: ${tried.map(shownPath).join(', ')}`)
}

/**
 * The role with everything its tasks see: what the roles that need it bring, what its dependencies bring, its own. Of
 * parameters, `vars` of an entry are stronger than the role's files, and those of a role that needs it weaker.
 */
function refOf(dir: string, own: Own, parents: readonly Parent[], dependencies: readonly Block[]): RoleRef {
  const around = parents.map(parent => parent.own)
  const needed = dependencies.flatMap(({ role }) => (role && !role.hidden ? [role] : []))
  const exports = lastOnes([...needed.flatMap(role => role.exports), ...own.files])
  return {
    name: basename(dir),
    dir,
    defaults: lastOnes([...around, ...needed, own].flatMap(role => role.defaults)),
    vars: lastOnes([...around.flatMap(role => [...role.given, ...role.files]), ...exports, ...own.given]),
    exports,
    params: [...around.flatMap(role => role.params), ...own.params],
  }
}

/** What stands there twice counts where it stands last. */
const lastOnes = (mappings: readonly Mapping[]): readonly Mapping[] => [...new Set(mappings.toReversed())].toReversed()

function blockOf(dir: string, role: RoleRef, use: RoleUse, outer: Scope, specs: Mapping | undefined, env: Env): Block {
  const scope = { ...outer, role, vars: [...outer.vars, ...role.vars, ...role.params] }
  const part = (folder: 'tasks' | 'handlers') => {
    const file = rolePart(dir, folder, use.from[folder])
    if (file === undefined) return []
    if (scope.chain.includes(file)) {
      const circle = [...scope.chain.slice(scope.chain.indexOf(file)), file].map(shownPath).join(' -> ')
      env.faults.add('import-cycle', `the role imports itself: ${circle}`, use.node.span, 'remove one of the imports')
      return []
    }
    const inside = { ...scope, file, chain: [...scope.chain, file], handlers: folder === 'handlers' }
    return env.steps(env.files.tree(file) ?? undefined, inside, env)
  }
  const block: Block = {
    kind: 'block',
    span: use.own.span,
    block: [...specTask(specs, use, scope, env), ...part('tasks')],
    rescue: [],
    always: [],
    when: itemsOf(field(use.own, 'when')),
    tags: scope.tags,
    vars: use.vars,
    keywords: scope.keywords,
    role,
  }
  const handlers = `handlers ${dir} ${use.from.handlers}`
  if (!env.rolesSeen.has(handlers)) {
    env.rolesSeen.add(handlers)
    const steps = part('handlers')
    if (steps.length > 0) env.roleHandlers.push({ ...block, block: steps })
  }
  return block
}

/** What makes two uses of a role one: the same role with the same parameters under the same conditions and tags. */
function onceOf(dir: string, use: RoleUse, parents: readonly Parent[]): string {
  const texts = (nodes: readonly Node[]): unknown[] => nodes.map(node => toJson(toValue(node)))
  // What a template gives depends on what is given to the roles around
  const templates = isTemplated(jsonLine(texts([...use.params, ...use.given])))
  const around = templates ? parents.flatMap(({ own }) => texts([...own.params, ...own.given])) : []
  const when = itemsOf(field(use.own, 'when'))
  return jsonLine([
    dir,
    use.from,
    texts(use.params),
    texts(use.given),
    texts(when),
    tagsOf(field(use.own, 'tags')),
    around,
  ])
}

/** Parts that a use names and the role does not have. Not having a `main` is no fault. */
function missingParts(dir: string, use: RoleUse, env: Env): void {
  for (const [part, name] of Object.entries(use.from)) {
    if (name === 'main' || roleParts(dir, part, name).length > 0) continue
    const message =
      insideRole(dir, part, name) === undefined
        ? `the role '${use.name}' cannot load '${name}' as it is not inside the expected role path`
        : `the role '${use.name}' has no ${part}/${name}`
    env.faults.add('source-missing', message, use.node.span, `looked in ${shownPath(dir)}/${part}`)
  }
}

/** The mappings of files of variables. */
function variables(files: readonly string[], env: Env): Mapping[] {
  return files.flatMap(file => {
    const tree = env.files.tree(file)
    if (!tree || isNull(tree)) return []
    if (tree.kind === 'mapping') return [tree]
    env.faults.add('playbook-type', `a file of variables holds ${kindOf(tree)}`, tree.span, 'write NAME: value pairs')
    return []
  })
}

/** A role entry (`roles`, dependencies): a name, or a mapping of `role`, keywords and parameters. */
export function entryUse(entry: Node, scope: Scope, env: Env): RoleUse | undefined {
  const named = entry.kind === 'mapping' ? (field(entry, 'role') ?? field(entry, 'name')) : entry
  if (!named || entry.kind === 'sequence' || isNull(entry)) {
    env.faults.add(
      'playbook-type',
      `a role entry is ${kindOf(entry)}, a name or a mapping with 'role' is expected`,
      entry.span,
      'write - role: NAME',
    )
    return undefined
  }
  if (entry.kind === 'scalar' && entry.text.includes(',') && !isTemplated(entry.text)) {
    const message = `Invalid old style role requirement: ${entry.text}`
    env.faults.add('playbook-type', message, entry.span, 'write - role: NAME, and what it needs below vars')
    return undefined
  }
  const own: Mapping = entry.kind === 'mapping' ? entry : { kind: 'mapping', entries: [], span: entry.span }
  const isParam = ({ key }: Entry): boolean => !keyword(key.text)?.places.includes('role')
  checkKeys(
    own.entries.filter(each => keyword(each.key.text) && !isParam(each)),
    'role',
    env.faults,
  )
  const params = own.entries.filter(isParam)
  for (const { key } of params) if (!GALAXY.has(key.text)) likelyTypo(key, env)
  const name = staticName(named, inner(scope, own), env, 'role')
  if (name === undefined) return undefined
  return {
    name,
    node: named,
    own,
    params: params.length > 0 ? [{ ...own, entries: params }] : [],
    given: varsOf(own),
    vars: [],
    from: MAIN,
    repeat: false,
    hidden: env.ctx.privateRoles === true,
  }
}

/** Any key may be a parameter of the role, so a slip in a keyword can only be suspected. */
function likelyTypo(key: Entry['key'], env: Env): void {
  const name = nearest(key.text, keywordsOf('role'))
  if (name === undefined || isTemplated(key.text) || Math.abs(name.length - key.text.length) > 1 || key.text.length < 4)
    return
  env.faults.add(
    'playbook-key',
    `'${key.text}' is taken as a parameter of the role; did you mean '${name}'?`,
    key.span,
    'put parameters under vars',
    'warning',
  )
}
