import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The host has its name
  ansible.builtin.hostname:
    name: r1
`,
  returns: {
    name: { type: 'string', when: 'always', what: 'The name' },
  },
  differences: [
    'Ansible also tells facts of the new name (ansible_hostname and its kin); here they follow when facts are gathered again.',
  ],
} satisfies ModuleDoc
