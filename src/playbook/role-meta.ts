import { field, type Mapping, type Node } from '../source/node.ts'
import type { Env } from './context.ts'
import { rolePart } from './find.ts'
import { isNull, itemsOf, kindOf } from './values.ts'

/** What a role says of itself. */
export interface RoleMeta {
  readonly dependencies: readonly Node[]
  readonly repeat: boolean
  readonly collections: readonly string[]
  /** Its argument specs by entry point. */
  readonly specs?: Mapping
}

/** Reads the `meta/` of a role. */
export function metaOf(dir: string, env: Env): RoleMeta {
  const file = rolePart(dir, 'meta', 'main')
  const tree = file === undefined ? null : env.files.tree(file)
  const main = tree?.kind === 'mapping' ? tree : undefined
  const specs = specsOf(dir, main, env)
  return {
    dependencies: itemsOf(main && field(main, 'dependencies')),
    repeat: isTrue(main && field(main, 'allow_duplicates')),
    collections: itemsOf(main && field(main, 'collections')).flatMap(node =>
      node.kind === 'scalar' ? [node.text] : [],
    ),
    ...(specs ? { specs } : {}),
  }
}

const isTrue = (node: Node | undefined): boolean =>
  node?.kind === 'scalar' && (node.value === true || /^(?:true|yes|on|1)$/i.test(node.text))

/** `argument_specs` of a file of its own, or else of `meta/main.yml`. */
function specsOf(dir: string, main: Mapping | undefined, env: Env): Mapping | undefined {
  const file = ['yml', 'yaml']
    .map(end => rolePart(dir, 'meta', `argument_specs.${end}`))
    .find(path => path !== undefined)
  const tree = file === undefined ? main : env.files.tree(file)
  const specs = tree?.kind === 'mapping' ? field(tree, 'argument_specs') : undefined
  if (specs === undefined || isNull(specs)) return undefined
  if (specs.kind === 'mapping') return specs
  env.faults.add(
    'playbook-type',
    `'argument_specs' is ${kindOf(specs)}, a mapping is expected`,
    specs.span,
    'write main: options: ...',
  )
  return undefined
}
