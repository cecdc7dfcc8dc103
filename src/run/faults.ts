import { type Diagnostic, formatDiagnostic, InputError } from '../base/diagnostic.ts'
import { at } from '../base/span.ts'
import { NotNow, TemplateError } from '../jinja/errors.ts'
import { CouldNotTell } from '../kit/question.ts'

/** Connection or privilege cannot be made out from what inventory and keywords say. */
export class SettingsError extends Error {
  constructor(faults: readonly Diagnostic[]) {
    super(faults.map(formatDiagnostic).join('\n'))
    this.name = 'SettingsError'
  }
}

/** A task's arguments, or what a template file that they name makes, cannot be used: every reason, with its place. */
export class ArgumentError extends Error {
  /** `file:line:col`, where it is no part of the message. */
  readonly origin?: string

  constructor(faults: readonly Diagnostic[] | TemplateError) {
    super(faults instanceof TemplateError ? faults.fault : faults.map(formatDiagnostic).join('\n'))
    this.name = 'ArgumentError'
    if (faults instanceof TemplateError && faults.span) this.origin = at(faults.span)
  }
}

/** What somebody wrote, or what is known by now, does not allow an answer. Everything else that is thrown is a bug. */
export const isUnknown = (error: unknown): error is Error =>
  error instanceof TemplateError ||
  error instanceof NotNow ||
  error instanceof ArgumentError ||
  error instanceof SettingsError ||
  error instanceof InputError ||
  error instanceof CouldNotTell

/** Each fault once, however many hosts or plays met it. */
export const unique = (faults: readonly Diagnostic[]): Diagnostic[] => [
  ...new Map(faults.map(fault => [`${fault.span?.file} ${fault.message}`, fault])).values(),
]

/** What can be made out now, or undefined: what cannot is said by the task itself, where it matters. */
export function quietly<T>(compute: () => T): T | undefined {
  try {
    return compute()
  } catch (error) {
    if (isUnknown(error)) return undefined
    throw error
  }
}

/** What `msg` says of it, and the place apart: playbooks compare messages with Ansible's, which hold no places. */
export function told(error: Error): { readonly why: string; readonly origin?: string } {
  if (error instanceof ArgumentError) return { why: error.message, ...(error.origin ? { origin: error.origin } : {}) }
  if (!(error instanceof TemplateError)) return { why: error.message }
  return { why: error.fault, ...(error.span ? { origin: at(error.span) } : {}) }
}
