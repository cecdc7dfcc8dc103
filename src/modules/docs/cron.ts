import type { ModuleDoc } from '../../kit/module-doc.ts'
import { BACKUP_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: The registry is checked every night
  ansible.builtin.cron:
    name: check the registry
    cron_file: registry
    user: root
    hour: '3'
    minute: '30'
    job: /usr/local/bin/check-registry

- name: Jobs of this file find their programs here
  ansible.builtin.cron:
    name: PATH
    env: true
    cron_file: registry
    user: root
    job: /usr/local/bin:/usr/bin:/bin
`,
  returns: {
    jobs: { type: 'list of string', when: 'always', what: 'Names of the jobs in the table' },
    envs: { type: 'list of string', when: 'always', what: 'Names of the variables in the table' },
    cron_file: { type: 'string', when: 'it is given', what: 'The argument' },
    state: { type: 'string', when: 'the file went', what: 'The argument' },
    ...BACKUP_RETURNS,
  },
  differences: [
    'The old table of a user is kept as /tmp/crontab-USER-DIGEST, the old file of the system beside it as with all modules.',
    'A cron_file is managed on hosts without crontab, too.',
  ],
} satisfies ModuleDoc
