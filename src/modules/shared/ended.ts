import type { Fields, Outcome } from '../../kit/effect.ts'
import type { Report } from '../../kit/plan.ts'

/** How an act ended that has done its work exactly when its status is 0; else it says why not, in the words of the tool. */
export function ended(outcome: Outcome, result: Fields, changes = true): Report {
  const { code, failed, stdout, stderr } = outcome
  if (code === 0 && failed === undefined) return { changed: changes, result }
  return {
    changed: false,
    failed: failed ?? (stderr.trim() || stdout.trim() || `it ended with status ${code}`),
    result,
  }
}

/** How a wait ended: it changes nothing, and tells how long it took. */
export const waited = ({ failed, fields }: Outcome, more: Fields = {}): Report => ({
  changed: false,
  ...(failed === undefined ? {} : { failed }),
  result: { elapsed: fields?.get('elapsed') ?? 0, ...more, ...(failed === undefined ? {} : { msg: failed }) },
})
