import { TemplateError } from '../jinja/errors.ts'
import { toText } from '../jinja/python/text.ts'
import { isTemplated } from '../kit/args.ts'
import { type Mapping, type Node, scalar } from '../source/node.ts'
import { EntryLayer, entriesOf } from '../vars/layer.ts'
import { HostScope, Trail } from '../vars/scope.ts'
import type { Scope } from './ast.ts'
import type { Env } from './context.ts'

/**
 * The text of the name of a static import. Templates in it can only use what is known before the run: extra vars, variables
 * of role, play and import, `playbook_dir` and `role_path`; and no lookup, whose answer may be another one in the run.
 * @returns undefined, and a fault, when it cannot be known
 */
export function staticName(node: Node, scope: Scope, env: Env, what: string): string | undefined {
  if (node.kind !== 'scalar' || node.value === null) {
    env.faults.add('playbook-type', `${what} names nothing`, node.span, `write ${what}: NAME`)
    return undefined
  }
  if (!isTemplated(node.text)) return node.text
  try {
    return toText(known(scope, node, env).render(node))
  } catch (error) {
    const why = error instanceof TemplateError ? error.fault : error instanceof Error ? error.message : String(error)
    const remedy =
      'imports are resolved before the run: use include_tasks or include_role, or give the variable with -e'
    env.faults.add(
      'import-template',
      `${what} '${node.text}' cannot be known before the run: ${why}`,
      node.span,
      remedy,
    )
    return undefined
  }
}

/** What is known of variables where a name stands, in the order in which a run ranks them. */
function known(scope: Scope, node: Node, { ctx }: Env): HostScope {
  const { defaults = [], vars: own = [] } = scope.role ?? {}
  const [ofPlay, inside] = [scope.vars.slice(0, scope.playVars), scope.vars.slice(scope.playVars)]
  const weakestFirst = [...defaults, ...ofPlay, ...own, ...inside, magic(scope, node)]
  const layers = weakestFirst.reverse().map(mapping => new EntryLayer('task vars', entriesOf(mapping)))
  const extra = new EntryLayer('extra vars', ctx.extraVars ?? new Map())
  return new HostScope('', [extra, ...layers], new Trail(), { pure: true })
}

/** Variables that static names may use though nobody sets them. */
function magic(scope: Scope, node: Node): Mapping {
  const set: [string, string][] = [['playbook_dir', scope.playDir]]
  if (scope.role) set.push(['role_path', scope.role.dir], ['role_name', scope.role.name])
  const entries = set.map(([key, value]) => ({ key: scalar(key, node.span), value: scalar(value, node.span) }))
  return { kind: 'mapping', entries, span: node.span }
}
