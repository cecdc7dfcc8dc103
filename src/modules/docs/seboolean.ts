import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Web servers may connect to others, after reboots too
  ansible.posix.seboolean:
    name: httpd_can_network_connect
    state: true
    persistent: true
`,
  needs: 'SELinux',
  returns: {
    name: { type: 'string', when: 'always', what: 'The switch' },
    persistent: { type: 'boolean', when: 'always', what: 'The argument' },
    state: { type: 'boolean', when: 'always', what: 'The argument' },
  },
  differences: [
    'With persistent, a value that only the policy gives is set once as one of its own.',
    'Old names of switches are not looked up.',
  ],
} satisfies ModuleDoc
