import type { Module } from '../../src/kit/module.ts'
import { COMMON_RETURNS } from '../../src/kit/module-doc.ts'
import type { Plan } from '../../src/kit/plan.ts'
import { moduleDocs } from '../../src/modules/docs/index.ts'

/** Fields of a result that the module's documentation does not name; none where it has none yet, or where names are not fixed. */
export function undocumented(name: string, result: Readonly<Record<string, unknown>>): string[] {
  const doc = moduleDocs[name]
  return doc === undefined || doc.otherReturns !== undefined
    ? []
    : Object.keys(result).filter(field => !(field in COMMON_RETURNS) && !(field in doc.returns))
}

/**
 * Holds a plan to the module's documentation: its result, and what it reports when it has been made, has only fields that are
 * told of.
 * @throws with the fields that are not
 */
export function held(module: Module, plan: Plan): Plan {
  const hold = (result: Readonly<Record<string, unknown>>): void => {
    const fields = undocumented(module.name, result)
    if (fields.length > 0)
      throw new Error(`src/modules/docs/${module.name}.ts has no word of the returned ${fields.join(', ')}`)
  }
  if (plan.kind !== 'act') {
    hold(plan.kind === 'change' ? { ...plan.result, ...plan.deed } : plan.result)
    return plan
  }
  hold(plan.would)
  return {
    ...plan,
    report: outcome => {
      const told = plan.report(outcome)
      hold(told.result)
      return told
    },
  }
}
