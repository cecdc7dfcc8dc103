import type { Value } from '../base/value.ts'
import { checkArgsStatic } from '../kit/args.ts'
import { asBoolean, Mismatch } from '../kit/coerce.ts'
import { field, type Mapping, type Node } from '../source/node.ts'
import type { Block, Scope } from './ast.ts'
import type { Env } from './context.ts'
import { findTasks } from './find.ts'
import { inner, varsOf } from './inherit.ts'
import { shownPath } from './paths.ts'
import { useRole } from './roles.ts'
import { staticName } from './static-name.ts'
import type { Call } from './task-args.ts'
import { itemsOf } from './values.ts'

/** `import_tasks`: the tasks of another file, read in here, as a block that carries the import's keywords. */
export function importTasks(node: Mapping, call: Call, outer: Scope, env: Env): Block | undefined {
  const named = checked(node, call, env)
  const scope = inner(outer, node)
  const fileNode = named.get('file')
  const name = fileNode && staticName(fileNode, scope, env, 'import_tasks')
  if (!fileNode || name === undefined) return undefined
  const { file, tried } = findTasks(name, scope)
  if (file === undefined) {
    const remedy = `looked for: ${tried.map(shownPath).join(', ')}`
    env.faults.add('source-missing', `there is no file '${name}' to import`, fileNode.span, remedy)
    return undefined
  }
  const chain = chained(file, fileNode, scope, env)
  if (!chain) return undefined
  const steps = env.steps(env.files.tree(file) ?? undefined, { ...scope, file, chain }, env)
  return {
    kind: 'block',
    span: node.span,
    block: steps,
    rescue: [],
    always: [],
    when: itemsOf(field(node, 'when')),
    tags: scope.tags,
    vars: varsOf(node),
    keywords: scope.keywords,
  }
}

/** `import_role`: a role where a task could stand. */
export function importRole(node: Mapping, call: Call, outer: Scope, env: Env): readonly Block[] {
  const named = checked(node, call, env)
  const nameNode = named.get('name') ?? named.get('role')
  const name = nameNode && staticName(nameNode, inner(outer, node), env, 'import_role')
  if (!nameNode || name === undefined) return []
  const from = (part: string): string => {
    const value = named.get(`${part}_from`)
    return value?.kind === 'scalar' && value.value !== null ? value.text : 'main'
  }
  const said = (argument: string): boolean | undefined => {
    const value = named.get(argument)
    return value?.kind === 'scalar' && value.value !== null ? booleanOf(value.value) : undefined
  }
  const isPublic = said('public') ?? env.ctx.privateRoles !== true
  return useRole(
    {
      name,
      node: nameNode,
      own: node,
      params: [],
      given: varsOf(node),
      vars: varsOf(node),
      from: { tasks: from('tasks'), vars: from('vars'), defaults: from('defaults'), handlers: from('handlers') },
      repeat: said('allow_duplicates') !== false,
      hidden: isPublic === false,
      unchecked: said('rolespec_validate') === false,
    },
    outer,
    env,
  )
}

/** What is no boolean has its fault already. */
function booleanOf(value: Value): boolean | undefined {
  try {
    return asBoolean(value)
  } catch (error) {
    if (error instanceof Mismatch) return undefined
    throw error
  }
}

/** The arguments of an import by name, after the checks that all imports share. */
function checked(node: Mapping, call: Call, env: Env): ReadonlyMap<string, Node> {
  const args: Mapping = { kind: 'mapping', entries: call.args, span: node.span }
  env.faults.list.push(...checkArgsStatic(call.action.schema, args, call.freeForm))
  const loop = node.entries.find(({ key }) => key.text === 'loop' || key.text.startsWith('with_'))
  if (loop) {
    const dynamic = call.action.name.replace('import', 'include')
    env.faults.add('import-loop', `${call.action.name} cannot be looped over`, loop.key.span, `use ${dynamic}`)
  }
  const named = call.args.map(({ key, value }) => [key.text, value] as const)
  return new Map(call.freeForm ? [...named, ['file', call.freeForm] as const] : named)
}

/** The chain of imports with one more file; a fault when that file is in it already. */
export function chained(file: string, node: Node, scope: Scope, env: Env): readonly string[] | undefined {
  if (!scope.chain.includes(file)) return [...scope.chain, file]
  const circle = [...scope.chain.slice(scope.chain.indexOf(file)), file].map(shownPath).join(' -> ')
  env.faults.add('import-cycle', `the file imports itself: ${circle}`, node.span, 'remove one of the imports')
  return undefined
}
