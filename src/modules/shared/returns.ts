import type { Returned } from '../../kit/module-doc.ts'

type Returns = Readonly<Record<string, Returned>>

const EXISTS = 'done, and in a dry run where it is there already'

/** What modules that put a file tell of it, for their documentation. */
export const FILE_RETURNS = {
  state: { type: 'string', when: 'always', what: 'What stands there: file, directory, link, hard or absent' },
  mode: { type: 'string', when: EXISTS, what: 'Its permissions, octal' },
  owner: { type: 'string', when: EXISTS, what: 'Its owner' },
  group: { type: 'string', when: EXISTS, what: 'Its group' },
  uid: { type: 'integer', when: EXISTS, what: 'The number of its owner' },
  gid: { type: 'integer', when: EXISTS, what: 'The number of its group' },
  size: { type: 'integer', when: EXISTS, what: 'Bytes' },
  secontext: { type: 'string', when: 'SELinux is on and it is there', what: 'Its label' },
} as const satisfies Returns

/** Where an old file went. */
export const BACKUP_RETURNS = {
  backup_file: { type: 'string', when: 'backup is true and the file changed', what: 'Where the old file is' },
} as const satisfies Returns

/** What modules tell that change lines of a file. */
export const REWRITE_RETURNS = {
  path: { type: 'string', when: 'always', what: 'The file' },
  msg: { type: 'string', when: 'always', what: 'What became of it in words; empty when nothing changed' },
  rc: { type: 'integer', when: 'the file is not there, or is none', what: '257 or 256' },
  ...BACKUP_RETURNS,
} as const satisfies Returns

/** What an ended command tells. */
export const COMMAND_RETURNS = {
  rc: {
    type: 'integer',
    when: 'it ran, or was kept from it by creates or removes',
    what: 'Its exit status; 128 and the number of the signal that ended it',
  },
  stdout: { type: 'string', when: 'as rc', what: 'What it wrote' },
  stderr: { type: 'string', when: 'as rc', what: 'What it wrote to the other stream' },
  stdout_lines: { type: 'list of string', when: 'as rc', what: 'stdout by lines' },
  stderr_lines: { type: 'list of string', when: 'as rc', what: 'stderr by lines' },
} as const satisfies Returns

/** When a command began and ended. */
export const TIME_RETURNS = {
  start: { type: 'string', when: 'as rc', what: "When it began, by the host's clock" },
  end: { type: 'string', when: 'as rc', what: 'When it ended' },
  delta: { type: 'string', when: 'as rc', what: 'The time between them' },
} as const satisfies Returns

/** How what a module reads of a server comes, for its documentation. */
export const OF_A_URL =
  'What a URL serves comes by the network and the proxies of the target, up to 1 MiB within 30 seconds; the certificate of the server is judged by the authorities that the controller trusts.'
