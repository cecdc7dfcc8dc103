import { type Entry, field, type Mapping, type Node, scalar } from '../source/node.ts'
import type { Scope, Task } from './ast.ts'
import type { Env } from './context.ts'
import { mergeTags } from './inherit.ts'

/** What the judgement needs to know of how the role is used. */
interface Use {
  readonly name: string
  readonly params: readonly Mapping[]
  readonly from: { readonly tasks: string }
}

/** Words for people in a spec, which nothing reads. */
const PROSE: ReadonlySet<string> = new Set(['description', 'short_description', 'author', 'version_added'])

/** Keys of a dependency for Galaxy: to a run they are parameters like others, and no slips; a spec judges those that it names. */
export const GALAXY: ReadonlySet<string> = new Set(['src', 'scm', 'version'])

const names = (options: Node, name: string): boolean => options.kind === 'mapping' && field(options, name) !== undefined

/** The task that judges a role's arguments before it begins, when the role carries a spec for this way in. */
export function specTask(specs: Mapping | undefined, use: Use, scope: Scope, env: Env): Task[] {
  const entry = use.from.tasks.replace(/\.ya?ml$/, '')
  const spec = specs && field(specs, entry)
  if (spec?.kind !== 'mapping') return []
  const { span } = spec
  const pair = (name: string, value: Node): Entry => ({ key: scalar(name, span), value })
  const mapping = (entries: readonly Entry[]): Mapping => ({ kind: 'mapping', entries, span })
  const options = field(spec, 'options') ?? mapping([])
  const given = use.params
    .flatMap(param => param.entries)
    .filter(({ key: { text } }) => !GALAXY.has(text) || names(options, text))
  const short = field(spec, 'short_description')
  const about = short?.kind === 'scalar' && short.value !== null ? ` - ${short.text}` : ''
  const context = mapping([
    pair('type', scalar('role', span)),
    pair('name', scalar(scope.role?.name ?? use.name, span)),
    pair('argument_spec_name', scalar(entry, span)),
    pair('path', scalar(scope.role?.dir ?? '', span)),
  ])
  return [
    {
      kind: 'task',
      id: env.ctx.ids.next++,
      span,
      name: scalar(`Validating arguments against arg spec '${entry}'${about}`, span),
      written: 'ansible.builtin.validate_argument_spec',
      action: 'validate_argument_spec',
      args: mapping([
        pair('argument_spec', withoutProse(options)),
        pair('provided_arguments', mapping(given)),
        pair('validate_args_context', context),
      ]),
      when: scope.when,
      notify: [],
      listen: [],
      tags: mergeTags(scope.tags, ['always']),
      vars: [],
      until: [],
      changedWhen: [],
      failedWhen: [],
      keywords: scope.keywords,
      ...(scope.role ? { role: scope.role } : {}),
    },
  ]
}

/** The options of a spec, without what is only told to people. */
function withoutProse(options: Node): Node {
  if (options.kind !== 'mapping') return options
  return {
    ...options,
    entries: options.entries.map(option => {
      if (option.value.kind !== 'mapping') return option
      const kept = option.value.entries
        .filter(({ key }) => !PROSE.has(key.text))
        .map(part => (part.key.text === 'options' ? { ...part, value: withoutProse(part.value) } : part))
      return { ...option, value: { ...option.value, entries: kept } }
    }),
  }
}
