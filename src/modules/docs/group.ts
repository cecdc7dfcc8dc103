import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The group of the service
  ansible.builtin.group:
    name: app
    gid: 4100

- name: An old group is gone
  ansible.builtin.group:
    name: nobodys
    state: absent
`,
  returns: {
    name: { type: 'string', when: 'always', what: 'The group' },
    state: { type: 'string', when: 'always', what: 'present or absent' },
    system: { type: 'boolean', when: 'state is present', what: 'Whether it is one of the system' },
    gid: { type: 'integer', when: 'done, and in a dry run where it can be known', what: 'Its number' },
  },
  differences: ['Groups are those of the host itself, whatever local says.'],
} satisfies ModuleDoc
