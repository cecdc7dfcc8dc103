import { at, type Span } from './span.ts'

/**
 * A mistake in what a person gave us: found before any host is touched, collected and not thrown, so that all of them
 * are shown together.
 */
export interface Diagnostic {
  /** A stable kebab-case word, listed in docs/errors.md. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** What was found, as one sentence without a full stop. */
  readonly message: string
  readonly span?: Span
  /** What to do about it. */
  readonly remedy?: string
}

/** One line for the fault, one for the remedy. */
export function formatDiagnostic(fault: Diagnostic): string {
  const place = fault.span ? `${at(fault.span)}: ` : ''
  const remedy = fault.remedy ? `\n  ${fault.remedy.replaceAll('\n', '\n  ')}` : ''
  return `${place}${fault.severity}: ${fault.message} [${fault.code}]${remedy}`
}

/** Thrown where input cannot be used at all; carries every fault found so far. The command line exits with 65 or `exit`. */
export class InputError extends Error {
  readonly faults: readonly Diagnostic[]
  readonly exit: number

  constructor(faults: readonly Diagnostic[], exit = 65) {
    super(faults.map(formatDiagnostic).join('\n'))
    this.name = 'InputError'
    this.faults = faults
    this.exit = exit
  }
}
