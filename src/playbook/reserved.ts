import type { Diagnostic } from '../base/diagnostic.ts'
import { GLOBALS } from '../jinja/globals.ts'
import type { Mapping, Scalar } from '../source/node.ts'
import { KEYWORDS } from './keywords.ts'

/** `vars` is there by itself; `gather_subset` is a fact; the rest were keywords of old. */
const FREE = ['vars', 'gather_subset', 'user', 'role', 'su', 'su_user', 'sudo', 'sudo_user', 'first_available_file']

/** Names of keywords and of functions of templates: as a variable, one hides the function, or makes a slip in a keyword hard to see. */
const RESERVED: ReadonlySet<string> = new Set(
  [...Object.keys(KEYWORDS), ...Object.keys(GLOBALS), 'omit'].filter(name => !FREE.includes(name)),
)

/** Whether Ansible keeps this name for itself. */
export const isReserved = (name: string): boolean => RESERVED.has(name)

/** What is said of such a variable, by Ansible's words. */
export const reservedMessage = (name: string): string => `Found variable using reserved name '${name}'.`

/** A warning for a key that names a variable. */
export const reservedKey = ({ text, span }: Pick<Scalar, 'text' | 'span'>): Diagnostic[] =>
  isReserved(text)
    ? [
        {
          code: 'variable-reserved',
          severity: 'warning',
          message: reservedMessage(text),
          span,
          remedy: 'give the variable another name: playbooks and templates have a word of this one',
        },
      ]
    : []

/** Warnings for the variables of a mapping. */
export const reservedNames = (mapping: Mapping): Diagnostic[] => mapping.entries.flatMap(({ key }) => reservedKey(key))
