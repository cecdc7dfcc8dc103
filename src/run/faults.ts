import { type Diagnostic, formatDiagnostic, InputError } from '../base/diagnostic.ts'
import { NotNow, TemplateError } from '../jinja/errors.ts'
import { CouldNotTell } from '../kit/question.ts'

/** Connection or privilege cannot be made out from what inventory and keywords say. */
export class SettingsError extends Error {
  constructor(faults: readonly Diagnostic[]) {
    super(faults.map(formatDiagnostic).join('\n'))
    this.name = 'SettingsError'
  }
}

/** A task's arguments cannot be used: every reason, with its place. */
export class ArgumentError extends Error {
  constructor(faults: readonly Diagnostic[]) {
    super(faults.map(formatDiagnostic).join('\n'))
    this.name = 'ArgumentError'
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

/** What can be made out now, or undefined: what cannot is said by the task itself, where it matters. */
export function quietly<T>(compute: () => T): T | undefined {
  try {
    return compute()
  } catch (error) {
    if (isUnknown(error)) return undefined
    throw error
  }
}
