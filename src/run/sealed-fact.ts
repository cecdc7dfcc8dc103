import { Vaulted } from '../base/value.ts'
import type { Task } from '../playbook/ast.ts'
import type { Scalar } from '../source/node.ts'

/**
 * The vault that `set_fact` gives a variable as it is written: it stays closed until the variable is used, and a test may ask for it.
 * @param name the variable's; one that a template makes is not looked for
 */
export function sealedFact({ action, args }: Pick<Task, 'action' | 'args'>, name: string): Sealed | undefined {
  if (action !== 'set_fact') return undefined
  const node = args.entries.findLast(({ key }) => key.text === name)?.value
  return node?.kind === 'scalar' && node.value instanceof Vaulted ? { node, armour: node.value.armour } : undefined
}

interface Sealed {
  readonly node: Scalar
  /** The text as it stands in the file. */
  readonly armour: string
}
