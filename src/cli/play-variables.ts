import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { selectHosts } from '../inventory/pattern.ts'
import { toText } from '../jinja/python/text.ts'
import type { Play, Step } from '../playbook/ast.ts'
import type { ParseContext } from '../playbook/context.ts'
import { parsePlaybook } from '../playbook/parse.ts'
import type { PlayFrame, RoleVars } from '../vars/frame.ts'
import { VarsFiles } from '../vars/vars-files.ts'
import type { Known } from './variables.ts'

/** A play as far as the variables of a host in it are concerned. */
export interface PlayView {
  readonly name: string
  readonly span: Span
  readonly frame: PlayFrame
}

/**
 * The plays of a playbook that a host is in, each with what it brings to the variables of all its tasks.
 * @throws InputError when the playbook has faults
 */
export function playsWith(host: string, file: string, { inventory, store }: Known, context: ParseContext): PlayView[] {
  const { playbook, faults } = parsePlaybook(file, context)
  const errors: readonly Diagnostic[] = faults.filter(fault => fault.severity === 'error')
  if (!playbook || errors.length > 0) throw new InputError(errors)
  return playbook.plays.flatMap(play => {
    const bare = { name: nameOf(play), vars: play.vars, allHosts: [], hosts: [], batch: [] }
    const pattern = store.scope(host, { play: bare }, { pure: true }).render(play.hosts)
    const words = (Array.isArray(pattern) ? pattern : [pattern]).map(toText)
    const names = selectHosts(inventory, words).hosts.map(each => each.name)
    if (!names.includes(host)) return []
    const frame = {
      ...{ ...bare, allHosts: names, hosts: names, batch: names, roles: rolesOf(play.roles) },
      varsFiles: new VarsFiles(play.varsFiles, play.dir, context.decrypt),
    }
    return [{ name: bare.name, span: play.span, frame }]
  })
}

const nameOf = (play: Play): string => {
  const node = play.name ?? play.hosts
  return node.kind === 'scalar' ? node.text : ''
}

/** The roles of `roles`, and those that they depend on: all tasks of the play see their variables. */
const rolesOf = (steps: readonly Step[]): RoleVars[] =>
  steps.flatMap(step => (step.kind === 'block' ? [...(step.role ? [step.role] : []), ...rolesOf(step.block)] : []))
