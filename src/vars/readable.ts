import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { Host, VarMap } from '../inventory/model.ts'
import { TemplateError } from '../jinja/errors.ts'

/** What is wrong with a file of variables, found by reading it. */
export function faultsIn(read: () => VarMap): readonly Diagnostic[] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof InputError) return error.faults
    throw error
  }
}

/** Another host's files need not be readable until a template asks for them. Throws TemplateError. */
export function readably<T>(host: Host, compute: () => T): T {
  try {
    return compute()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new TemplateError('template-runtime', `the variables of ${host.name} cannot be read: ${error.message}`)
  }
}
