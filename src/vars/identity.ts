import type { Diagnostic } from '../base/diagnostic.ts'
import type { Secret } from '../base/secret.ts'
import type { HostScope } from './scope.ts'
import { Settings } from './settings.ts'

/** Who a task runs as: the shape of the transport's `Identity`, which this room may not import. */
export interface Privilege {
  readonly become: 'none' | 'sudo' | 'su' | 'doas'
  readonly user: string
  readonly password?: Secret
  readonly flags?: string
}

/** What keywords or the command line say, rendered; undefined where they say nothing. */
export interface BecomeSaid {
  readonly become?: boolean | undefined
  readonly user?: string | undefined
  readonly method?: string | undefined
  readonly flags?: string | undefined
  readonly password?: Secret | undefined
}

const METHODS = ['sudo', 'su', 'doas'] as const

/**
 * Who to become: variables are stronger than the keywords of task, block and play, these stronger than the command line.
 * Throws TemplateError when a variable cannot be rendered.
 */
export function identity(
  scope: HostScope,
  keywords: BecomeSaid,
  commandLine: BecomeSaid = {},
): { identity: Privilege; faults: readonly Diagnostic[] } {
  const settings = new Settings(scope)
  const wanted = settings.bool('ansible_become') ?? keywords.become ?? commandLine.become ?? false
  if (!wanted) return { identity: { become: 'none', user: '' }, faults: settings.faults }
  const named = settings.text('ansible_become_method') ?? keywords.method ?? commandLine.method ?? 'sudo'
  const method = METHODS.find(
    each => each === named.replace(/^(?:ansible\.(?:builtin|legacy)|community\.general)\./, ''),
  )
  if (!method) {
    const found = settings.first(['ansible_become_method']) ?? { name: 'become_method', span: undefined }
    settings.fault(found, `is ${JSON.stringify(named)}`, `regplay knows ${METHODS.join(', ')}`)
  }
  const become = method ?? 'sudo'
  const user =
    settings.text(`ansible_${become}_user`, 'ansible_become_user') ?? keywords.user ?? commandLine.user ?? 'root'
  const flags = settings.text(`ansible_${become}_flags`, 'ansible_become_flags') ?? keywords.flags ?? commandLine.flags
  const password =
    settings.secret(`ansible_${become}_pass`, 'ansible_become_password', 'ansible_become_pass') ??
    keywords.password ??
    commandLine.password
  return {
    identity: { become, user, ...(password && { password }), ...(flags !== undefined && { flags }) },
    faults: settings.faults,
  }
}
