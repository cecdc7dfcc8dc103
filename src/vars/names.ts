import type { Diagnostic } from '../base/diagnostic.ts'
import { PYTHON_WORDS } from '../base/variable-name.ts'

/** Why a name cannot be a variable's; undefined when it can. Letters, digits and `_`, no digit first, no reserved word. */
export function nameOfVariable(name: string): Omit<Diagnostic, 'span'> | undefined {
  const ok = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)
  if (ok && !PYTHON_WORDS.has(name)) return undefined
  const fixed = name.replace(/[^\p{L}\p{N}_]/gu, '_').replace(/^(?=\p{N})/u, '_')
  return {
    code: 'variable-name',
    severity: 'error',
    message: `${JSON.stringify(name)} cannot be the name of a variable${ok ? ': the word is reserved' : ''}`,
    remedy: `a name is made of letters, digits and "_", and does not begin with a digit${ok || fixed === '' ? '' : `: ${fixed}`}`,
  }
}
