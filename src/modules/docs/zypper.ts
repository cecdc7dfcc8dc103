import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Tools are installed
  community.general.zypper:
    name: [curl, jq]

- name: One for the other, in one transaction
  community.general.zypper:
    name: [postfix, '-exim']

- name: Everything is up to date
  community.general.zypper:
    name: '*'
    state: latest
`,
  needs: 'zypper and a repository',
  returns: {
    stderr: { type: 'string', when: 'refused', what: 'What zypper said against it' },
    name: { type: 'list of string', when: 'always', what: 'The names, as they were given' },
    state: { type: 'string', when: 'always', what: 'The state, as it was given' },
    update_cache: { type: 'boolean', when: 'always', what: 'The parameter, as it was given' },
    rc: { type: 'integer', when: 'always', what: '0' },
  },
  differences: [
    'Whoever holds the lock of zypp is named while it is waited for, in a warning afterwards, and in the failure after 300 seconds; Ansible fails at once.',
    'A loop is one transaction; a turn tells what it would have told alone.',
    'What is installed is asked of rpm; zypper is asked (--dry-run) only when that does not tell. Repositories are refreshed only when packages are to change.',
    'cmd, stdout and stderr are not told.',
    'transactional-update is not used: a host whose root file system is read-only fails.',
  ],
} satisfies ModuleDoc
