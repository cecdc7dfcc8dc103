import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Tools are installed, by lists as they are now
  community.general.apk:
    name: [curl, jq]
    update_cache: true

- name: A certain branch
  community.general.apk:
    name: nginx~1.26

- name: It is gone
  community.general.apk:
    name: apache2
    state: absent

- name: Everything is up to date
  community.general.apk:
    upgrade: true
`,
  needs: 'Alpine',
  returns: {
    stderr: { type: 'string', when: 'refused', what: 'What apk said against it' },
    msg: { type: 'string', when: 'always', what: 'What was done, in words' },
    packages: {
      type: 'list of string',
      when: 'packages came, went or changed',
      what: 'Their names, those of dependencies with them',
    },
  },
  differences: [
    'Whoever holds the lock of apk is named while it is waited for, in a warning afterwards, and in the failure after 300 seconds; Ansible fails at once.',
    'A loop is one transaction; a turn tells what it would have told alone.',
    'Lists are fetched only when packages are to come, or when nothing else is asked; a dry run reads them and keeps none.',
    'What cannot go since others need it is refused before; Ansible fails after.',
    'stdout and stderr are not told.',
  ],
} satisfies ModuleDoc
