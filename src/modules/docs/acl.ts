import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The backup user may read what is in this directory, and what will be
  ansible.posix.acl:
    path: /srv/data
    entity: backup
    etype: user
    permissions: rX
    default: '{{ item }}'
    state: present
  loop: [true, false]
`,
  needs: 'acl, and /srv/data',
  returns: {
    acl: { type: 'list of string', when: 'always', what: 'The access list, after the change' },
  },
  differences: ['Whether an entry is there is asked of setfacl --test; nothing is parsed or guessed.'],
} satisfies ModuleDoc
