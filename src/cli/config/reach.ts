import { bool, oneOf, path, paths, regexes, sources, text, whole, words } from './kinds.ts'
import { setting, unless } from './setting.ts'

/** Where things are. */
export const PLACES = {
  inventory: setting('Sources of the inventory, as `-i`', 'ANSIBLE_INVENTORY defaults.inventory', sources()),
  ignoredEndings: setting(
    'Endings of files in the folder of an inventory that are no sources, in place of the usual ones',
    'ANSIBLE_INVENTORY_IGNORE defaults.inventory_ignore_extensions inventory.ignore_extensions',
    words(),
  ),
  ignoredPatterns: setting(
    'Python regular expressions for such files',
    'ANSIBLE_INVENTORY_IGNORE_REGEX defaults.inventory_ignore_patterns inventory.ignore_patterns',
    regexes(),
  ),
  anyUnparsedFailed: setting(
    'Whether a source of the inventory that cannot be read is an error (in Ansible it is not)',
    'ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED inventory.any_unparsed_is_failed',
    bool(true),
  ),
  unparsedFailed: setting(
    'The same where none of them can be read; counts when `any_unparsed_is_failed` is off',
    'ANSIBLE_INVENTORY_UNPARSED_FAILED inventory.unparsed_is_failed',
    bool(true),
  ),
  groupNames: setting(
    'What becomes of group names that are no names of variables: `ignore` leaves them, `never` warns of them, `always` and `silently` put `_` for what cannot stand there, with a warning or without',
    'ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS defaults.force_valid_group_names',
    oneOf(['never', 'ignore', 'always', 'silently'], 'ignore'),
  ),
  rolesPath: setting(
    'Where roles are looked for, after the playbook',
    'ANSIBLE_ROLES_PATH defaults.roles_path',
    paths(),
  ),
  collectionsPath: setting(
    'Where `ansible_collections/` is looked for, after the playbook',
    'ANSIBLE_COLLECTIONS_PATHS ANSIBLE_COLLECTIONS_PATH defaults.collections_paths defaults.collections_path',
    paths(),
  ),
  playbookDir: setting(
    'Folder of `group_vars/`, `host_vars/` and `roles/` for commands without a playbook',
    'ANSIBLE_PLAYBOOK_DIR defaults.playbook_dir',
    path(),
  ),
}

/** How hosts are reached, and as whom. */
export const CONNECTION = {
  forks: setting('Hosts worked on at once', 'ANSIBLE_FORKS defaults.forks', whole(5, 1)),
  timeout: setting(
    'Seconds until a connection must stand',
    'ANSIBLE_TIMEOUT ANSIBLE_SSH_TIMEOUT defaults.timeout ssh_connection.timeout',
    whole(10, 1),
  ),
  transport: setting(
    'How hosts are reached; all but `local` mean ssh',
    'ANSIBLE_TRANSPORT defaults.transport',
    oneOf(['smart', 'ssh', 'paramiko', 'paramiko_ssh', 'local'], undefined),
  ),
  remoteUser: setting('Who logs in', 'ANSIBLE_REMOTE_USER defaults.remote_user', text(undefined)),
  remotePort: setting('The port of sshd', 'ANSIBLE_REMOTE_PORT defaults.remote_port', whole(undefined, 1, 65_535)),
  privateKeyFile: setting('The key to log in with', 'ANSIBLE_PRIVATE_KEY_FILE defaults.private_key_file', path()),
  hostKeyChecking: setting(
    'Whether keys of hosts are checked',
    'ANSIBLE_HOST_KEY_CHECKING ANSIBLE_SSH_HOST_KEY_CHECKING defaults.host_key_checking ssh_connection.host_key_checking',
    bool(true),
  ),
  sshArgs: setting(
    'Options of ssh that regplay honours too',
    'ANSIBLE_SSH_ARGS ssh_connection.ssh_args',
    text(undefined),
  ),
  sshCommonArgs: setting(
    'More options of ssh',
    'ANSIBLE_SSH_COMMON_ARGS ssh_connection.ssh_common_args',
    text(undefined),
  ),
  sshExtraArgs: setting('More options of ssh', 'ANSIBLE_SSH_EXTRA_ARGS ssh_connection.ssh_extra_args', text(undefined)),
  askPass: setting('Ask for the login password, as `-k`', 'ANSIBLE_ASK_PASS defaults.ask_pass', bool(false)),
  connectionPasswordFile: setting(
    'File or program that gives the login password',
    'ANSIBLE_CONNECTION_PASSWORD_FILE defaults.connection_password_file',
    path(),
  ),
  become: setting('Become another user', 'ANSIBLE_BECOME privilege_escalation.become', bool(false)),
  becomeMethod: setting(
    'How to become another user',
    'ANSIBLE_BECOME_METHOD privilege_escalation.become_method',
    oneOf(['sudo', 'su', 'doas'], undefined),
  ),
  becomeUser: setting('Whom to become', 'ANSIBLE_BECOME_USER privilege_escalation.become_user', text(undefined)),
  becomeFlags: setting(
    'More flags for sudo, su or doas',
    'ANSIBLE_BECOME_FLAGS privilege_escalation.become_flags',
    text(undefined),
  ),
  becomeExe: setting(
    'The program to become another user with',
    'ANSIBLE_BECOME_EXE privilege_escalation.become_exe',
    text(undefined),
    unless(
      value => value === undefined || /(?:^|\/)(?:sudo|su|doas)$/.test(value),
      'regplay finds sudo, su and doas by themselves and knows no other program',
    ),
  ),
  askBecomePass: setting(
    'Ask for the password of become, as `-K`',
    'ANSIBLE_BECOME_ASK_PASS privilege_escalation.become_ask_pass',
    bool(false),
  ),
  becomePasswordFile: setting(
    'File or program that gives the password of become',
    'ANSIBLE_BECOME_PASSWORD_FILE defaults.become_password_file',
    path(),
  ),
}
