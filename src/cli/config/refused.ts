import { bool, oneOf, text, words } from './kinds.ts'
import { setting, unless } from './setting.ts'

/** What would give a playbook another meaning. It is refused rather than passed over. */
export const REFUSED = {
  errorOnUndefined: setting(
    'Whether an undefined variable is an error',
    'ANSIBLE_ERROR_ON_UNDEFINED_VARS defaults.error_on_undefined_vars',
    bool(true),
    unless(value => value, 'what is undefined is always an error here; write `default(...)` where it may be'),
  ),
  precedence: setting(
    'The order of variables of groups',
    'ANSIBLE_PRECEDENCE defaults.precedence',
    words(),
    unless(
      value =>
        value.length === 0 ||
        value.join() ===
          'all_inventory,groups_inventory,all_plugins_inventory,all_plugins_play,groups_plugins_inventory,groups_plugins_play',
      'variables have one order here, that of Ansible without this setting',
    ),
  ),
  injectFacts: setting(
    'Whether facts are variables of their own, beside `ansible_facts`',
    'ANSIBLE_INJECT_FACT_VARS defaults.inject_facts_as_vars',
    bool(true),
    unless(value => value, 'facts are always seen as ansible_NAME too'),
  ),
  jinja2Extensions: setting(
    'Python classes that extend templates',
    'ANSIBLE_JINJA2_EXTENSIONS defaults.jinja2_extensions',
    words(),
    unless(
      value => value.every(name => /^jinja2\.ext\.(?:do|loopcontrols|with_|autoescape)$/.test(name)),
      'regplay runs no Python; `do`, `break` and `continue` are there without an extension',
    ),
  ),
  playbookVarsRoot: setting(
    'Where `group_vars/` of a playbook is looked for',
    'ANSIBLE_PLAYBOOK_VARS_ROOT defaults.playbook_vars_root',
    oneOf(['top', 'bottom', 'all'], 'top'),
    unless(value => value === 'top', 'regplay looks beside the first playbook only'),
  ),
  displayArgs: setting(
    'Whether titles of tasks show their arguments',
    'ANSIBLE_DISPLAY_ARGS_TO_STDOUT defaults.display_args_to_stdout',
    bool(false),
    unless(value => !value, 'arguments as they are written may hold secrets, which no mask knows; -v shows results'),
  ),
  sshExecutable: setting(
    'The program that connects',
    'ANSIBLE_SSH_EXECUTABLE ssh_connection.ssh_executable',
    text(undefined),
    unless(
      value => value === undefined || value === 'ssh' || value === '/usr/bin/ssh',
      'regplay speaks SSH itself and runs no program for it',
    ),
  ),
  pkcs11: setting(
    'A library of a smart card',
    'ANSIBLE_PKCS11_PROVIDER ssh_connection.pkcs11_provider',
    text(undefined),
    unless(value => value === undefined, 'regplay logs in with keys, agents and passwords only'),
  ),
}
