/**
 * Names of Ansible's that mean nothing here: they steer Python, its plugins, temporary files on hosts, or other programs than the ones
 * that regplay stands for. They are accepted in silence.
 */

/** Sections of ansible.cfg that are of other programs altogether. */
export const OTHER_SECTIONS: ReadonlySet<string> = new Set([
  ...[
    'galaxy',
    'persistent_connection',
    'paramiko_connection',
    'netconf_connection',
    'network_cli',
    'winrm',
    'powershell',
  ],
  ...['selinux', 'jinja2', 'accelerate', 'inventory_plugins', 'inventory_plugin_script', 'vars_host_group_vars'],
  ...['inventory_plugin_yaml', 'callback_tree', 'url_lookup', 'sudo_become_plugin', 'su_become_plugin'],
  ...['doas_become_plugin', 'runas_become_plugin'],
])

const words = (text: string): string[] => text.trim().split(/\s+/)

/** Keys by section. */
export const OTHER_KEYS: Readonly<Record<string, readonly string[]>> = {
  defaults: words(`
    action_plugins action_warnings admin_users allow_embedded_templates allow_unsafe_lookups
    allow_world_readable_tmpfiles any_unparsed_is_failed ask_sudo_pass ask_su_pass async_dir become_plugins
    cache_plugins callback_enabled callback_plugins callback_whitelist callbacks_enabled cliconf_plugins
    collections_on_ansible_version_mismatch collections_scan_sys_path command_warnings common_remote_group connection_facts_modules
    connection_plugins cow_selection cow_whitelist cowpath cowsay_enabled_stencils debug deprecation_warnings devel_warning
    display_traceback doc_fragment_plugins docsite_root_url enable_task_debugger
    executable facts_modules filter_plugins home httpapi_plugins internal_poll_interval interpreter_python
    interpreter_python_fallback invalid_task_attribute_failed     inventory_plugins jinja2_native jinja2_native_warning keep_remote_files library local_tmp log_filter log_verbosity
    lookup_plugins module_compression module_ignore_exts module_lang module_set_locale module_strict_utf8_response module_utils
    netconf_plugins network_group_modules no_target_syslog nocows null_representation old_plugin_cache_clear pager pipelining
    plugin_filters_cfg poll_interval python_module_rlimit_nofile remote_tmp remote_temp run_vars_plugins
    special_context_filesystems squash_actions strategy_plugins
    string_conversion_action string_type_filters su sudo_exe sudo_flags syslog_facility system_tmpdirs system_warnings
    target_log_info task_debugger_ignore_errors template_warnings terminal_plugins test_plugins use_persistent_connections
    validate_action_group_metadata vars_plugins vars_plugins_enabled verbose_to_stderr win_async_startup_timeout wrap_stderr
    yaml_valid_extensions`),
  privilege_escalation: words('agnostic_become_prompt become_allow_same_user'),
  inventory: words(`
    cache cache_connection cache_plugin cache_prefix cache_timeout enable_plugins export
    inventory_unparsed_warning use_extra_vars`),
  connection: words('pipelining retries ssh_agent ssh_agent_executable ssh_agent_key_lifetime'),
  ssh_connection: words(`
    control_path control_path_dir password_mechanism pipelining retries scp_executable scp_extra_args scp_if_ssh sftp_batch_mode
    sftp_executable sftp_extra_args sshpass_prompt transfer_method usetty verbosity`),
  diff: [],
  colors: words(
    'console_prompt deprecate doc_constant doc_deprecated doc_link doc_module doc_plugin doc_reference highlight',
  ),
  tags: [],
}

/** Environment variables, without the ANSIBLE_ before them; most are the keys above. */
export const OTHER_VARIABLES: ReadonlySet<string> = new Set(
  words(`
    ACTION_PLUGINS ACTION_WARNINGS ADMIN_USERS AGNOSTIC_BECOME_PROMPT ASYNC_DIR BECOME_ALLOW_SAME_USER BECOME_PLUGINS
    CACHE_PLUGINS CALLBACKS_ENABLED CALLBACK_PLUGINS CALLBACK_WHITELIST CLICONF_PLUGINS COLLECTIONS_SCAN_SYS_PATH
    COLLECTIONS_ON_ANSIBLE_VERSION_MISMATCH COMMON_REMOTE_GROUP CONFIG CONNECTION_PATH CONNECTION_PLUGINS COW_ACCEPTLIST COW_PATH
    COW_SELECTION COW_WHITELIST DEBUG DEPRECATION_WARNINGS DEVEL_WARNING DISPLAY_TRACEBACK DOC_FRAGMENT_PLUGINS
    ENABLE_TASK_DEBUGGER EXECUTABLE FACTS_MODULES FILTER_PLUGINS HOME
    HTTPAPI_PLUGINS INVALID_TASK_ATTRIBUTE_FAILED INVENTORY_CACHE INVENTORY_CACHE_CONNECTION
    INVENTORY_CACHE_PLUGIN INVENTORY_CACHE_PLUGIN_PREFIX INVENTORY_CACHE_TIMEOUT INVENTORY_ENABLED INVENTORY_EXPORT
    INVENTORY_PLUGINS INVENTORY_UNPARSED_WARNING
    INVENTORY_USE_EXTRA_VARS JINJA2_NATIVE JINJA2_NATIVE_WARNING KEEP_REMOTE_FILES LIBRARY LOCAL_TEMP
    LOG_FILTER LOG_VERBOSITY LOOKUP_PLUGINS MODULE_IGNORE_EXTS MODULE_STRICT_UTF8_RESPONSE MODULE_UTILS NETCONF_PLUGINS
    NETCONF_SSH_CONFIG NETWORK_GROUP_MODULES NOCOWS NO_TARGET_SYSLOG NULL_REPRESENTATION OLD_PLUGIN_CACHE_CLEAR PAGER PIPELINING
    POLL_INTERVAL PYTHON_INTERPRETER PYTHON_MODULE_RLIMIT_NOFILE REMOTE_TEMP REMOTE_TMP RUN_VARS_PLUGINS SCP_EXECUTABLE
    SCP_EXTRA_ARGS SCP_IF_SSH SELINUX_SPECIAL_FS SFTP_BATCH_MODE SFTP_EXECUTABLE SFTP_EXTRA_ARGS SHELL_ALLOW_WORLD_READABLE_TEMP
    SHOW_CUSTOM_STATS SHOW_PER_HOST_START SSHPASS_PROMPT SSH_AGENT SSH_CONTROL_PATH SSH_CONTROL_PATH_DIR SSH_PASSWORD_MECHANISM
    SSH_PIPELINING SSH_RETRIES SSH_TRANSFER_METHOD SSH_USETTY SSH_VERBOSITY STRATEGY_PLUGINS STRING_CONVERSION_ACTION
    STRING_TYPE_FILTERS SU SYSLOG_FACILITY SYSTEM_TMPDIRS SYSTEM_WARNINGS TARGET_LOG_INFO TASK_DEBUGGER_IGNORE_ERRORS
    TERMINAL_PLUGINS TEST_PLUGINS USE_PERSISTENT_CONNECTIONS VALIDATE_ACTION_GROUP_METADATA VARS_ENABLED VARS_PLUGINS
    VERBOSE_TO_STDERR WIN_ASYNC_STARTUP_TIMEOUT WORKER_SHUTDOWN_POLL_COUNT WORKER_SHUTDOWN_POLL_DELAY WRAP_STDERR
    YAML_FILENAME_EXT`).map(name => `ANSIBLE_${name}`),
)

/** Families of environment variables that are of other programs altogether. */
export const OTHER_FAMILIES =
  /^ANSIBLE_(?:GALAXY|PARAMIKO|PERSISTENT|COLOR|LIBVIRT|LOOKUP|CALLBACK|NETCONF|TEST|SUDO|SU|DOAS|RUNAS|VARS_PLUGIN)_/
