import { type Diagnostic, formatDiagnostic } from '../base/diagnostic.ts'
import { visible } from '../report/visible.ts'
import type { Desk } from './desk.ts'

/** In the order in which a reader meets them. */
const byPlace = (a: Diagnostic, b: Diagnostic): number =>
  (a.span?.file ?? '').localeCompare(b.span?.file ?? '', 'en') ||
  (a.span?.line ?? 0) - (b.span?.line ?? 0) ||
  (a.span?.col ?? 0) - (b.span?.col ?? 0)

/** Each fault once: several playbooks may bring the same file. */
export const distinct = (faults: readonly Diagnostic[]): Diagnostic[] => [
  ...new Map(faults.map(fault => [formatDiagnostic(fault), fault])).values(),
]

/**
 * Tells all faults, as text or as events.
 * @returns how many of them are errors
 */
export function tell(faults: readonly Diagnostic[], json: boolean, { out, err, mask }: Desk): number {
  for (const fault of [...faults].sort(byPlace)) {
    if (json) out.write(`${JSON.stringify(mask.data({ type: 'fault', fault }))}\n`)
    else err.write(`${visible(formatDiagnostic(fault))}\n`)
  }
  return faults.filter(fault => fault.severity === 'error').length
}
