import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Tools are installed
  community.general.pacman:
    name: [curl, jq]

- name: It is gone, with its configuration
  community.general.pacman:
    name: apache
    state: absent
    remove_nosave: true

- name: Everything is up to date, by lists as they are now
  community.general.pacman:
    update_cache: true
    upgrade: true
`,
  needs: 'Arch Linux',
  returns: {
    stderr: { type: 'string', when: 'refused', what: 'What pacman said against it' },
    msg: { type: 'string', when: 'always', what: 'What was done, in words' },
    packages: {
      type: 'list of string',
      when: 'name is given, or packages changed',
      what: 'Packages that came, changed or went',
    },
    cache_updated: { type: 'boolean', when: 'done, update_cache alone', what: 'true' },
  },
  differences: [
    'Whoever holds the lock of pacman is named while it is waited for, in a warning afterwards, and in the failure after 300 seconds; one that was left behind is told at once.',
    'A loop is one transaction; a turn tells what it would have told alone.',
    'Lists are fetched only when packages are to change, or when nothing else is asked; that counts as a change whatever they hold.',
    'A rehearsal goes by the lists that are there.',
    'stdout and stderr are not told.',
  ],
} satisfies ModuleDoc
