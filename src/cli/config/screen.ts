import { bool, oneOf, path, text, whole } from './kinds.ts'
import { setting } from './setting.ts'

/** What is shown. */
export const SCREEN = {
  verbosity: setting('As many `-v`', 'ANSIBLE_VERBOSITY defaults.verbosity', whole(0, 0, 9)),
  noColor: setting('No colours', 'ANSIBLE_NOCOLOR NO_COLOR defaults.nocolor', bool(false)),
  forceColor: setting('Colours, even where nobody looks', 'ANSIBLE_FORCE_COLOR defaults.force_color', bool(false)),
  stdoutCallback: setting('What a run looks like', 'ANSIBLE_STDOUT_CALLBACK defaults.stdout_callback', text('default')),
  adhocLook: setting(
    'Results of `adhoc` look as `stdout_callback` says, too',
    'ANSIBLE_LOAD_CALLBACK_PLUGINS defaults.bin_ansible_callbacks',
    bool(false),
  ),
  resultFormat: setting(
    'Results as JSON or as YAML',
    'ANSIBLE_CALLBACK_RESULT_FORMAT defaults.callback_result_format',
    oneOf(['json', 'yaml'], undefined),
  ),
  formatPretty: setting(
    'Results on several lines; without it only where Ansible does so',
    'ANSIBLE_CALLBACK_FORMAT_PRETTY defaults.callback_format_pretty',
    bool(undefined),
  ),
  displaySkipped: setting(
    'Show what is skipped',
    'ANSIBLE_DISPLAY_SKIPPED_HOSTS defaults.display_skipped_hosts',
    bool(true),
  ),
  displayOk: setting('Show what is `ok`', 'ANSIBLE_DISPLAY_OK_HOSTS defaults.display_ok_hosts', bool(true)),
  displayFailedStderr: setting(
    'Show failures on standard error',
    'ANSIBLE_DISPLAY_FAILED_STDERR defaults.display_failed_stderr',
    bool(false),
  ),
  checkModeMarkers: setting(
    'Mark titles of what only pretends with CHECK MODE',
    'ANSIBLE_CHECK_MODE_MARKERS defaults.check_mode_markers',
    bool(false),
  ),
  perHostStart: setting(
    'Say on which host a task begins',
    'ANSIBLE_SHOW_PER_HOST_START defaults.show_per_host_start',
    bool(false),
  ),
  customStats: setting(
    'Show what `set_stats` gathered',
    'ANSIBLE_SHOW_CUSTOM_STATS defaults.show_custom_stats',
    bool(false),
  ),
  showPathOnFailure: setting(
    'Show where the task of a failure stands',
    'ANSIBLE_SHOW_TASK_PATH_ON_FAILURE defaults.show_task_path_on_failure',
    bool(false),
  ),
  logPath: setting(
    'A file to which what is shown is added, each line with its time',
    'ANSIBLE_LOG_PATH defaults.log_path',
    path(),
  ),
  diffAlways: setting('Show what changes, as `-D`', 'ANSIBLE_DIFF_ALWAYS diff.always', bool(false)),
  diffContext: setting('Lines around a change', 'ANSIBLE_DIFF_CONTEXT diff.context', whole(3)),
  maxDiffSize: setting(
    'Bytes from which a text is too long for a diff',
    'ANSIBLE_MAX_DIFF_SIZE defaults.max_diff_size',
    whole(104_448, 0, 999_999_999),
  ),
  localhostWarning: setting(
    'Warn when there is no inventory',
    'ANSIBLE_LOCALHOST_WARNING defaults.localhost_warning',
    bool(true),
  ),
}
