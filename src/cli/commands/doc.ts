import { type Diagnostic, InputError } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { Reference } from '../../kit/reference.ts'
import { actionNames, resolveAction } from '../../playbook/actions.ts'
import type { ParseContext } from '../../playbook/context.ts'
import type { Desk } from '../desk.ts'
import { docList, docText } from '../doc-text.ts'
import { EXIT } from '../exit.ts'
import type { DocOptions, ScreenOptions } from '../options.ts'
import { references } from '../references.ts'
import { contextOf } from '../wire.ts'

/** `regplay doc`: the reference of modules, or a list of all. */
export default async function doc({ names, list, json }: DocOptions & ScreenOptions, desk: Desk): Promise<number> {
  if (list === names.length > 0) {
    desk.err.write('error: give names of modules, or --list\n')
    return EXIT.usage
  }
  const known = await references()
  const all = [...known.modules, ...known.actions].sort((left, right) => (left.name < right.name ? -1 : 1))
  const context = await contextOf(desk.config, undefined)
  const chosen = list ? all : found(names, all, context)
  if (json) for (const reference of chosen) desk.out.write(`${JSON.stringify(reference)}\n`)
  else desk.out.write(list ? docList(chosen) : chosen.map(docText).join('\n'))
  return EXIT.done
}

/**
 * The references of names as tasks use them.
 * @throws InputError with every name that is none of a module here
 */
function found(names: readonly string[], all: readonly Reference[], context: ParseContext): Reference[] {
  const faults: Diagnostic[] = []
  const chosen = names.flatMap(name => {
    const action = resolveAction(name, context)
    const reference = action && all.find(each => each.name === action.name)
    if (action?.refused !== undefined)
      faults.push({
        code: 'doc-refused',
        severity: 'error',
        message: `the module '${name}' of Ansible is not supported`,
        remedy: action.refused,
      })
    else if (!reference)
      faults.push({
        code: 'doc-unknown',
        severity: 'error',
        message: `unknown module '${name}'${didYouMean(name, actionNames(context))}`,
        remedy: 'regplay doc --list shows all',
      })
    return reference ? [reference] : []
  })
  if (faults.length > 0) throw new InputError(faults)
  return chosen
}
