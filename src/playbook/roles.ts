import { basename } from 'node:path'
import { nearest } from '../base/nearest.ts'
import { toJson } from '../base/value.ts'
import { isTemplated } from '../kit/args.ts'
import { type Entry, field, type Mapping, type Node, toValue } from '../source/node.ts'
import type { Block, RoleRef, Scope } from './ast.ts'
import type { Env } from './context.ts'
import { findRole, nearestRole, rolePart, roleParts, staticName } from './find.ts'
import { inner, varsOf } from './inherit.ts'
import { keyword, keywordsOf } from './keywords.ts'
import { shownPath } from './paths.ts'
import { checkKeys, isNull, itemsOf, kindOf, tagsOf } from './values.ts'

/** A use of a role: in `roles`, as a dependency, by an import or an include. */
export interface RoleUse {
  readonly name: string
  /** What names it, for messages. */
  readonly node: Node
  /** The entry or task whose keywords hold for the role. */
  readonly own: Mapping
  readonly params: readonly Mapping[]
  /** Variables of the block that the role becomes. */
  readonly vars: readonly Mapping[]
  readonly from: Readonly<Record<'tasks' | 'vars' | 'defaults' | 'handlers', string>>
  /** May run again in the same play. */
  readonly repeat: boolean
}

export const MAIN = { tasks: 'main', vars: 'main', defaults: 'main', handlers: 'main' } as const

/** A role whose dependencies are being read, with what it brings itself. */
interface Parent {
  readonly dir: string
  readonly own: Pick<RoleRef, 'defaults' | 'vars' | 'params'>
}

/**
 * A role as blocks: its dependencies, then its own tasks. Its handlers go to `env.roleHandlers`. Nothing when it ran
 * already in this play with the same parameters, or when it cannot be found (then there is a fault).
 */
export function useRole(use: RoleUse, outer: Scope, env: Env, parents: readonly Parent[] = []): readonly Block[] {
  const { dir, tried } = findRole(use.name, outer, env.ctx)
  if (dir === undefined) {
    const hint = nearestRole(tried)
    const message = `there is no role '${use.name}'${hint === undefined ? '' : `; did you mean '${hint}'?`}`
    env.faults.add('source-missing', message, use.node.span, `looked for: ${tried.map(shownPath).join(', ')}`)
    return []
  }
  if (parents.some(parent => parent.dir === dir)) {
    const circle = [...parents.map(parent => parent.dir), dir].map(path => basename(path)).join(' -> ')
    env.faults.add(
      'import-cycle',
      `the role depends on itself: ${circle}`,
      use.node.span,
      'remove one of the dependencies',
    )
    return []
  }
  const meta = metaOf(dir, env)
  const scope = inner(outer, use.own)
  const once = onceOf(dir, use, meta.repeat)
  if (seenAlready(once, scope, env)) return []
  const own = {
    defaults: variables(roleParts(dir, 'defaults', use.from.defaults), env),
    vars: variables(roleParts(dir, 'vars', use.from.vars), env),
    params: use.params,
  }
  missingParts(dir, use, env)
  const before = meta.dependencies
    .flatMap(entry => entryUse(entry, scope, env) ?? [])
    .map(dependency => useRole(dependency, scope, env, [...parents, { dir, own }]))
  const role = { ...refOf(dir, own, parents, before.flat()), ...(once === undefined ? {} : { once }) }
  return [...before.flat(), blockOf(dir, role, use, scope, env)]
}

/** The role with everything its tasks see: what the roles that need it bring, what its dependencies bring, its own. */
function refOf(dir: string, own: Parent['own'], parents: readonly Parent[], dependencies: readonly Block[]): RoleRef {
  const around = parents.map(parent => parent.own)
  const needed = dependencies.flatMap(({ role }) => role ?? [])
  // what stands in two of them counts where it stands last
  const join = (part: 'defaults' | 'vars'): readonly Mapping[] =>
    [...new Set([...around, ...needed, own].flatMap(role => role[part]).toReversed())].toReversed()
  return {
    name: basename(dir),
    dir,
    defaults: join('defaults'),
    vars: join('vars'),
    params: [...around.flatMap(role => role.params), ...own.params],
  }
}

function blockOf(dir: string, role: RoleRef, use: RoleUse, outer: Scope, env: Env): Block {
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
    block: part('tasks'),
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

/** What makes two uses of a role one; undefined when it may run again. */
function onceOf(dir: string, use: RoleUse, metaRepeat: boolean): string | undefined {
  if (use.repeat || metaRepeat) return undefined
  const when = itemsOf(field(use.own, 'when')).map(node => toJson(toValue(node)))
  return JSON.stringify([dir, use.params.map(param => toJson(toValue(param))), when, tagsOf(field(use.own, 'tags'))])
}

/** Whether the play has the same use under the same conditions already; remembers it. */
function seenAlready(once: string | undefined, scope: Scope, env: Env): boolean {
  if (once === undefined) return false
  const same = JSON.stringify([once, scope.tags, scope.when.map(node => toJson(toValue(node)))])
  if (env.rolesSeen.has(same)) return true
  env.rolesSeen.add(same)
  return false
}

/** Parts that a use names and the role does not have. Not having a `main` is no fault. */
function missingParts(dir: string, use: RoleUse, env: Env): void {
  for (const [part, name] of Object.entries(use.from))
    if (name !== 'main' && roleParts(dir, part, name).length === 0)
      env.faults.add(
        'source-missing',
        `the role '${use.name}' has no ${part}/${name}`,
        use.node.span,
        `looked in ${shownPath(dir)}/${part}`,
      )
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

function metaOf(dir: string, env: Env): { dependencies: readonly Node[]; repeat: boolean } {
  const file = rolePart(dir, 'meta', 'main')
  const tree = file === undefined ? null : env.files.tree(file)
  if (tree?.kind !== 'mapping') return { dependencies: [], repeat: false }
  const repeat = field(tree, 'allow_duplicates')
  return {
    dependencies: itemsOf(field(tree, 'dependencies')),
    repeat: repeat?.kind === 'scalar' && repeat.value === true,
  }
}

/** Keys of a dependency that only Galaxy reads. */
const GALAXY: ReadonlySet<string> = new Set(['src', 'scm', 'version'])

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
  const own: Mapping = entry.kind === 'mapping' ? entry : { kind: 'mapping', entries: [], span: entry.span }
  const isParam = ({ key }: Entry): boolean => !keyword(key.text)?.places.includes('role') && !GALAXY.has(key.text)
  checkKeys(
    own.entries.filter(each => keyword(each.key.text) && !isParam(each)),
    'role',
    env.faults,
  )
  const params = own.entries.filter(isParam)
  for (const { key } of params) likelyTypo(key, env)
  const name = staticName(named, inner(scope, own), env, 'role')
  if (name === undefined) return undefined
  return {
    name,
    node: named,
    own,
    params: [...(params.length > 0 ? [{ ...own, entries: params }] : []), ...varsOf(own)],
    vars: [],
    from: MAIN,
    repeat: false,
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
