import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The account of root
  ansible.builtin.getent:
    database: passwd
    key: root

- name: Its home is known
  ansible.builtin.debug:
    msg: '{{ ansible_facts.getent_passwd.root[4] }}'
`,
  returns: {},
  differences: [
    'Where a host has no getent, its account databases are read from their files.',
    'What shadow and gshadow hold is kept out of the logs of questions.',
  ],
} satisfies ModuleDoc
