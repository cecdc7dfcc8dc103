import { bool, oneOf, path, text, vaultIds, whole, words } from './kinds.ts'
import { setting, unless } from './setting.ts'

/** What a run does. */
export const RUN = {
  tags: setting('Only tasks with these tags, as `-t`', 'ANSIBLE_RUN_TAGS tags.run', words()),
  skipTags: setting('No tasks with these tags, as `--skip-tags`', 'ANSIBLE_SKIP_TAGS tags.skip', words()),
  forceHandlers: setting(
    'Run notified handlers on hosts that failed, too',
    'ANSIBLE_FORCE_HANDLERS defaults.force_handlers',
    bool(false),
  ),
  anyErrorsFatal: setting(
    'A failure on one host ends the play for all',
    'ANSIBLE_ANY_ERRORS_FATAL defaults.any_errors_fatal',
    bool(false),
  ),
  strategy: setting(
    'How hosts go through a play that does not say',
    'ANSIBLE_STRATEGY defaults.strategy',
    oneOf(['linear', 'free', 'host_pinned'], 'linear'),
  ),
  hashBehaviour: setting(
    'What a dictionary does to a weaker one of its name: take its place (`replace`), or be laid over it (`merge`)',
    'ANSIBLE_HASH_BEHAVIOUR defaults.hash_behaviour',
    oneOf(['replace', 'merge'], 'replace'),
  ),
  gathering: setting(
    'When facts are gathered: in each play (`implicit`), only when it says so (`explicit`), once a host (`smart`)',
    'ANSIBLE_GATHERING defaults.gathering',
    oneOf(['implicit', 'explicit', 'smart'], 'implicit'),
  ),
  gatherSubset: setting(
    'Which facts are gathered by a play that does not say',
    'ANSIBLE_GATHER_SUBSET defaults.gather_subset',
    words(),
  ),
  factPath: setting(
    'Where a host keeps facts of its own, for plays that do not say',
    'ANSIBLE_FACT_PATH defaults.fact_path',
    text(undefined),
  ),
  gatherTimeout: setting(
    'Seconds for one family of facts',
    'ANSIBLE_GATHER_TIMEOUT defaults.gather_timeout',
    whole(undefined, 1),
  ),
  factCaching: setting(
    'Whether facts are kept for the next run: `memory` does not, `jsonfile` does',
    'ANSIBLE_CACHE_PLUGIN defaults.fact_caching',
    oneOf(['memory', 'jsonfile'], 'memory'),
  ),
  factCachingConnection: setting(
    'The folder of `jsonfile`',
    'ANSIBLE_CACHE_PLUGIN_CONNECTION defaults.fact_caching_connection',
    path(),
  ),
  factCachingPrefix: setting(
    'What the names of its files begin with',
    'ANSIBLE_CACHE_PLUGIN_PREFIX defaults.fact_caching_prefix',
    text(''),
  ),
  factCachingTimeout: setting(
    'Seconds until kept facts are too old; 0 is never',
    'ANSIBLE_CACHE_PLUGIN_TIMEOUT defaults.fact_caching_timeout',
    whole(86_400, 0, 999_999_999),
  ),
  taskTimeout: setting(
    'Seconds that a task may take which does not say; 0 is no limit',
    'ANSIBLE_TASK_TIMEOUT defaults.task_timeout',
    whole(0),
  ),
  duplicateKeys: setting(
    'What a key is that stands twice in a mapping: worth a warning, an error, or nothing',
    'ANSIBLE_DUPLICATE_YAML_DICT_KEY defaults.duplicate_dict_key',
    oneOf(['warn', 'error', 'ignore'], 'warn'),
  ),
  privateRoleVars: setting(
    'Whether variables of a role are seen by that role only (`yes`) or by the whole play (`no`), where `public` does not say; when nobody says, `include_role` is private and everything else is not',
    'ANSIBLE_PRIVATE_ROLE_VARS defaults.private_role_vars',
    bool(undefined),
  ),
  allowBrokenConditionals: setting(
    'Conditions may be anything, as before Ansible 2.19: what Python holds for true is true',
    'ANSIBLE_ALLOW_BROKEN_CONDITIONALS defaults.allow_broken_conditionals',
    bool(false),
  ),
  errorOnMissingHandler: setting(
    'A notification that no handler answers is an error; `no` makes a warning of it',
    'ANSIBLE_ERROR_ON_MISSING_HANDLER defaults.error_on_missing_handler',
    bool(true),
  ),
  noLog: setting('Hide every result, as `no_log` at each task', 'ANSIBLE_NO_LOG defaults.no_log', bool(false)),
  ansibleManaged: setting(
    'The variable `ansible_managed`',
    'defaults.ansible_managed',
    text('Ansible managed'),
    unless(
      value => !/\{(?:file|host|uid)\}|%[a-zA-Z]/.test(value),
      'regplay fills in nothing: write words that stay the same',
    ),
  ),
  moduleName: setting('The module of `regplay adhoc` without `-m`', 'defaults.module_name', text('command')),
  moduleArgs: setting('Its arguments without `-a`', 'ANSIBLE_MODULE_ARGS defaults.module_args', text(undefined)),
  hostPatternMismatch: setting(
    'What a pattern is that selects no host',
    'ANSIBLE_HOST_PATTERN_MISMATCH inventory.host_pattern_mismatch',
    oneOf(['warning', 'error', 'ignore'], undefined),
  ),
  retryFiles: setting(
    'Write the hosts that failed into a `.retry` file for `--limit @FILE`',
    'ANSIBLE_RETRY_FILES_ENABLED defaults.retry_files_enabled',
    bool(false),
  ),
  retryFilesPath: setting(
    'Folder of `.retry` files; without it they stand beside the playbook',
    'ANSIBLE_RETRY_FILES_SAVE_PATH defaults.retry_files_save_path',
    path(),
  ),
}

/** Passwords of vaults. */
export const VAULT = {
  vaultPasswordFile: setting(
    'File or program that gives the password of vaults',
    'ANSIBLE_VAULT_PASSWORD_FILE defaults.vault_password_file',
    path(),
  ),
  vaultIds: setting(
    'Ids with their files or programs, as `--vault-id`',
    'ANSIBLE_VAULT_IDENTITY_LIST defaults.vault_identity_list',
    vaultIds(),
  ),
  vaultIdentity: setting(
    'The id of a password that has none',
    'ANSIBLE_VAULT_IDENTITY defaults.vault_identity',
    text('default'),
  ),
  vaultEncryptIdentity: setting(
    'The id that encrypts when there are several',
    'ANSIBLE_VAULT_ENCRYPT_IDENTITY defaults.vault_encrypt_identity',
    text(undefined),
  ),
  vaultIdMatch: setting(
    'Only the password of the same id opens a vault',
    'ANSIBLE_VAULT_ID_MATCH defaults.vault_id_match',
    bool(false),
  ),
  askVaultPass: setting(
    'Ask for the password of vaults',
    'ANSIBLE_ASK_VAULT_PASS defaults.ask_vault_pass',
    bool(false),
  ),
}
