import { resolve } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Mapping, Node } from '../source/node.ts'
import { parseYaml } from '../source/yaml.ts'
import type { Block, Playbook, RoleRef, Scope, Step } from './ast.ts'
import { parseSteps } from './blocks.ts'
import { type Env, Faults, Files, type ParseContext, topScope } from './context.ts'
import { findTasks } from './find.ts'
import { chained } from './imports.ts'
import { inner, varsOf } from './inherit.ts'
import { shownPath } from './paths.ts'
import { parsePlays as playsOf } from './plays.ts'
import { MAIN, useRole } from './roles.ts'

const envOf = (ctx: ParseContext): Env => {
  const faults = new Faults()
  return { ctx, faults, files: new Files(ctx, faults), steps: parseSteps, rolesSeen: new Set(), roleHandlers: [] }
}

/**
 * Reads a playbook and everything that it imports. All faults are found at once; `playbook` is what could be read, null when
 * there is no list of plays at all. With a fault of severity `error` it must not be run.
 */
export function parsePlaybook(file: string, ctx: ParseContext): { playbook: Playbook | null; faults: Diagnostic[] } {
  const env = envOf(ctx)
  const path = resolve(file)
  const tree = env.files.tree(path)
  if (tree === null && env.faults.list.length > 0) return { playbook: null, faults: env.faults.list }
  const plays = playsOf(tree, topScope(path), env)
  return { playbook: tree?.kind === 'sequence' ? { file, plays } : null, faults: env.faults.list }
}

/**
 * Reads plays that stand in no file.
 * @param place the path of the file that they might be: what they name is looked for beside it
 */
export function parsePlays(text: string, place: string, ctx: ParseContext): ReturnType<typeof parsePlaybook> {
  const env = envOf(ctx)
  const { node, faults } = parseYaml(text, place)
  env.faults.list.push(...faults)
  const plays = playsOf(node, topScope(place), env)
  return { playbook: node?.kind === 'sequence' ? { file: place, plays } : null, faults: env.faults.list }
}

/** What a dynamic include brings. */
export interface Included {
  /** The file of tasks that was found; a role has several. */
  readonly file?: string
  readonly steps: readonly Step[]
  readonly handlers: readonly Step[]
  /** Roles whose variables all tasks see from then on. */
  readonly shared: readonly RoleRef[]
  readonly faults: readonly Diagnostic[]
}

/** What an include gives to what it includes; its variables the engine brings along. */
export interface Giving {
  /** `apply:`, whose keywords hold for everything included. */
  readonly apply?: Mapping
  /** The task that includes, for places. */
  readonly node: Node
}

/**
 * Reads the file that an `include_tasks` names, when it runs.
 * @param name the rendered file name
 * @param scope the task's own `scope`
 */
export function loadTasks(name: string, ctx: ParseContext, scope: Scope, giving: Giving): Included {
  const env = envOf(ctx)
  const inside = giving.apply ? inner(scope, giving.apply) : scope
  const { file, tried } = findTasks(name, inside)
  if (file === undefined) {
    const remedy = `looked for: ${tried.map(shownPath).join(', ')}`
    env.faults.add('source-missing', `there is no file '${name}' to include`, giving.node.span, remedy)
    return { steps: [], handlers: [], shared: [], faults: env.faults.list }
  }
  // an include may include itself: it ends when its condition does
  const chain = chained(file, giving.node, { ...inside, chain: [] }, env) ?? []
  const steps = env.steps(env.files.tree(file) ?? undefined, { ...inside, file, chain }, env)
  return {
    file: resolve(file),
    steps: [wrapped(steps, inside, giving)],
    handlers: env.roleHandlers,
    shared: [],
    faults: env.faults.list,
  }
}

/** Which role an `include_role` means, rendered. */
export interface RoleChoice {
  readonly name: string
  readonly tasks?: string
  readonly vars?: string
  readonly defaults?: string
  readonly handlers?: string
  /** A host that has run it is spared it. */
  readonly once?: boolean
  readonly public?: boolean
  /** Its argument spec is asked; so it is when nothing is said. */
  readonly validate?: boolean
}

/**
 * Reads the role that an `include_role` names, when it runs.
 * @param vars the `vars:` of the include, which are the role's
 */
export function loadRole(
  choice: RoleChoice,
  ctx: ParseContext,
  scope: Scope,
  giving: Giving,
  vars: readonly Mapping[],
): Included {
  const env = envOf(ctx)
  const { name, once, public: isPublic = ctx.privateRoles === false, validate, ...from } = choice
  const own: Mapping = giving.apply ?? { kind: 'mapping', entries: [], span: giving.node.span }
  const use = {
    ...{ name, node: giving.node, own, params: [], given: vars, vars: varsOf(own), from: { ...MAIN, ...from } },
    ...{ repeat: !once, hidden: true, unchecked: validate === false },
  }
  const steps = useRole(use, { ...scope, chain: [] }, env)
  const shared = isPublic ? steps.flatMap(({ role }) => (role ? [{ ...role, vars: role.exports }] : [])) : []
  return { steps, handlers: env.roleHandlers, shared, faults: env.faults.list }
}

const wrapped = (steps: readonly Step[], scope: Scope, giving: Giving): Block => ({
  kind: 'block',
  span: giving.node.span,
  block: steps,
  rescue: [],
  always: [],
  when: [],
  tags: scope.tags,
  vars: giving.apply ? varsOf(giving.apply) : [],
  keywords: scope.keywords,
})
