import type { Taken } from './account.ts'

/** A difference that is meant: a field of results (a path of keys with dots), or a file (`file:` and its path). */
export interface Excuse {
  readonly field: RegExp
  readonly why: string
  /** More than the field: what both sides say, and whose result it is. */
  readonly when?: (ansible: unknown, regplay: unknown, from: Taken) => boolean
}

const isBackup = (value: unknown): boolean => /\.\d+\.\d{4}-\d\d-\d\d@[\d:]+~$/.test(String(value))

const found = (_ansible: unknown, _regplay: unknown, from: Taken): boolean =>
  from.module === 'find' || from.task === 'old ones'

const failed = (_ansible: unknown, _regplay: unknown, from: Taken): boolean => from.status === 'failed'

/** Of playbooks; cases of modules ask for few facts, and these are compared. */
export const FACTS: Excuse = {
  field: /^ansible_facts$/,
  why: 'facts have a test of their own',
  when: (_ansible, _regplay, { module }) => ['setup', 'gather_facts'].includes(module),
}

/** All of them. One that no playbook needs any more makes the test fail. */
export const EXCUSED: readonly Excuse[] = [
  { field: /(^|\.)_ansible_/, why: "Ansible's own notes about a result" },
  { field: /(^|\.)invocation$/, why: 'the arguments of a module are not told again' },
  { field: /(^|\.)(start|stop|end|delta)$/, why: 'times' },
  {
    field: /(^|\.)(atime|mtime|ctime|inode|dev|device_type)$/,
    why: 'two sides cannot have the same times and inodes; parts of a second are not told',
  },
  { field: /^(\w+\.)?files\b/, why: 'files are told in the order in which a directory holds them', when: found },
  {
    field: /(^|\.)backup_file$/,
    why: 'named after a process and the time',
    when: (ansible, regplay) => isBackup(ansible) && isBackup(regplay),
  },
  {
    field: /^path$/,
    why: 'such a name',
    when: (ansible, regplay) => isBackup(ansible) && isBackup(regplay),
  },
  {
    field: /^(uid|gid|owner|group|mode|state|size|path|dest|src|checksum|exit_status|std(out|err)(_lines)?)$/,
    why: 'a failure tells why; what stands there may be asked for',
    when: failed,
  },
  {
    field: /^(name|status)$/,
    why: 'of a service that is not there it is told which, and what is known of it',
    when: (ansible, _regplay, from) => ansible === undefined && from.module === 'service' && from.status === 'failed',
  },
  {
    field: /^(uid|gid|owner|group|mode|state|size|checksum|extract_results|handler)$/,
    why: 'what was touched, or copied or unpacked as a whole, is not looked at again to tell of its top',
    when: (_ansible, regplay, { module }) =>
      (regplay === undefined || module === 'unarchive') && ['file', 'copy', 'unarchive'].includes(module),
  },
  {
    field: /^(std(out|err)(_lines)?|msg|cmd)$/,
    why: 'Ansible runs scripts on a terminal, whose line ends and last words come along',
    when: (_ansible, _regplay, { module }) => module === 'script' || module === 'raw',
  },
  {
    field: /^(msg|skip_reason)$/,
    why: 'told of conditions of meta in words of our own',
    when: (_ansible, _regplay, { module }) => module === 'meta',
  },
  {
    field: /^msg$/,
    why: '"Would not" in a dry run',
    when: (ansible, regplay) => String(ansible).replace('Would not', 'Did not') === regplay,
  },
  {
    field: /^nowhere$/,
    why: '`debug: var` says what is undefined, as since 2.19',
    when: (ansible, regplay) => ansible === 'VARIABLE IS NOT DEFINED!' && /^<< error 1 - .+ >>$/.test(String(regplay)),
  },
  { field: /(^|\.)warnings$/, why: 'warnings are events' },
  { field: /(^|\.)skipped_paths\./, why: 'why a path was skipped is said in words of our own' },
  FACTS,
  {
    field: /^(censored|ansible_facts|ansible_included_var_files)$/,
    why: 'of a vaulted file Ansible hides all, and here each secret is hidden',
    when: (_ansible, _regplay, { module }) => module === 'include_vars',
  },
  {
    field: /^(started|finished)$/,
    why: 'true and false, as with newer Ansible, where it was 1 and 0',
    when: (ansible, regplay) => typeof regplay === 'boolean' && Number(regplay) === ansible,
  },
  {
    field: /^(ansible_job_id|results_file|erased|attempts|started|finished|std(out|err)(_lines)?)$/,
    why: 'jobs have names of their own, and how often one is asked about is chance',
    when: (_ansible, regplay, { module, result }) =>
      module === 'async_status' || 'ansible_job_id' in result || regplay === undefined,
  },
  {
    field: /^argument_(spec_data\..*\.description|errors\.\d+)$/,
    why: 'what is wrong with an argument is said in words of our own, without its description',
  },
  {
    field: /^msg$/,
    why: 'a quiet assertion says nothing',
    when: (ansible, regplay) => ansible === 'All assertions passed' && regplay === undefined,
  },
  { field: /^message$/, why: 'what failed is told in `message` too', when: failed },
  {
    field: /^file:\/etc\/(passwd|shadow|group|gshadow|subuid|subgid)-$/,
    why: 'what the tools of accounts keep of the state before their last call, of which there are fewer or more',
  },
  { field: /(^|\.)deprecations$/, why: 'as with warnings' },
  { field: /(^|\.)diff$/, why: 'differences are events of their own' },
  { field: /(^|\.)(remote_)?md5sum$/, why: 'what the sha1 in `checksum` says better' },
  {
    field:
      /^(\w+\.|results\.\d+\.)?(path|dest|state|mode|size|uid|gid|owner|group|rc|stdout|stderr|stdout_lines|stderr_lines|checksum|port|search_regex|append|move_home|system|create_home|force|remove)$/,
    why: 'told besides what Ansible tells',
    when: ansible => ansible === undefined,
  },
  { field: /(^|\.)exception$/, why: 'a trace of Python', when: (_ansible, regplay) => regplay === undefined },
  {
    field: /(^|\.)src$/,
    why: 'where Ansible put its copy of the content',
    when: ansible => typeof ansible === 'string' && /\/\.?ansible[/-]tmp/.test(ansible),
  },
  {
    field: /(^|\.)false_condition$/,
    why: 'told by newer Ansible only',
    when: ansible => ansible === undefined,
  },
  {
    field: /^rc$/,
    why: 'what a signal ended is told as the shell does, 128 and its number, not by a number below 0',
    when: (ansible, regplay) => Number(ansible) < 0 && Number(regplay) === 128 - Number(ansible),
  },
  {
    field: /^file:\/var(\/log(\/(lastlog|wtmp))?)?$/,
    why: 'Ansible asks for a terminal, and so is a login in the records',
  },
  {
    field: /^(uid|gid|owner|group|mode|size|state|match_groups|match_groupdict)$/,
    why: 'Ansible tells of the path what stat would, and what groups of the expression matched',
    when: (_ansible, _regplay, { module }) => module === 'wait_for',
  },
  { field: /^file:\/(root|home\/\w+)\/\.ansible/, why: 'where Ansible keeps what it copies' },
  { field: /^msg$/, why: 'mistakes are told in words of our own', when: failed },
  {
    field: /^msg$/,
    why: 'so is why a host was lost',
    when: (_ansible, _regplay, { status }) => status === 'unreachable',
  },
]

/** Cases of modules and plays by chance call tools of accounts so that these say something on the way; playbooks do not. */
export const ON_THE_WAY: Excuse = {
  field: /^(results\.\d+\.)?stderr(_lines)?$/,
  why: 'what tools of accounts said on the way',
  when: (_ansible, regplay, { module }) => module === 'user' && regplay === undefined,
}
