import type { Diagnostic } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'

/**
 * The variables with a meaning for connections, privilege and the run, which people set in inventories and mistype.
 * @see https://docs.ansible.com/ansible/latest/reference_appendices/special_variables.html
 */
export const CONNECTION_NAMES: readonly string[] = [
  'ansible_become',
  'ansible_become_exe',
  'ansible_become_flags',
  'ansible_become_method',
  'ansible_become_pass',
  'ansible_become_password',
  'ansible_become_user',
  'ansible_connection',
  'ansible_connection_timeout',
  'ansible_group_priority',
  'ansible_host',
  'ansible_host_key_checking',
  'ansible_password',
  'ansible_pipelining',
  'ansible_port',
  'ansible_private_key_file',
  'ansible_private_key_passphrase',
  'ansible_python_interpreter',
  'ansible_remote_tmp',
  'ansible_scp_executable',
  'ansible_scp_extra_args',
  'ansible_sftp_extra_args',
  'ansible_shell_executable',
  'ansible_shell_type',
  'ansible_ssh_args',
  'ansible_ssh_common_args',
  'ansible_ssh_executable',
  'ansible_ssh_extra_args',
  'ansible_ssh_host',
  'ansible_ssh_host_key_checking',
  'ansible_ssh_pass',
  'ansible_ssh_password',
  'ansible_ssh_pipelining',
  'ansible_ssh_port',
  'ansible_ssh_private_key',
  'ansible_ssh_private_key_file',
  'ansible_ssh_private_key_passphrase',
  'ansible_ssh_retries',
  'ansible_ssh_timeout',
  'ansible_ssh_transfer_method',
  'ansible_ssh_user',
  'ansible_su_pass',
  'ansible_sudo_pass',
  'ansible_timeout',
  'ansible_user',
]

const KNOWN = new Set(CONNECTION_NAMES)

/** The common beginning would make every name look near to every other. */
const PREFIX = 'ansible_'.length
const CORE_NAMES = CONNECTION_NAMES.map(name => name.slice(PREFIX))

/** Variables that regplay itself knows; the prefix is its own, so that a typo in it is a mistake for certain. */
const OWN_NAMES: readonly string[] = ['regplay_version']

/** A name that may be a group's where templates write `groups.NAME`: what cannot stand in a variable's name becomes `_`. */
export const safeGroupName = (name: string): string => name.replace(/^[^\p{L}_]|[^\p{L}\p{N}_]/gu, '_')

/** What is wrong with the name of a variable in an inventory: a probable typo. Judges names only, not values. */
export function checkName(name: string): Omit<Diagnostic, 'span'> | undefined {
  if (name.startsWith('regplay_') && !OWN_NAMES.includes(name)) {
    const guess = nearest(name, OWN_NAMES)
    return {
      code: 'unknown-variable',
      severity: 'error',
      message: `the variable "${name}" means nothing`,
      remedy: `names with regplay_ are regplay's own${guess ? `: did you mean "${guess}"?` : `; known: ${OWN_NAMES.join(', ')}`}`,
    }
  }
  if (!name.startsWith('ansible_') || KNOWN.has(name)) return undefined
  const guess = nearest(name.slice(PREFIX), CORE_NAMES)
  if (guess === undefined) return undefined
  return {
    code: 'variable-typo',
    severity: 'warning',
    message: `the variable "${name}" has no meaning of its own`,
    remedy: `did you mean "ansible_${guess}"?`,
  }
}
