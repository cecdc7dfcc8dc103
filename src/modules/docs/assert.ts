import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The port can be used without being root
  ansible.builtin.assert:
    that:
      - service_port is number
      - service_port >= 1024
    fail_msg: service_port is {{ service_port }}, and must be a number from 1024
    quiet: true
  vars:
    service_port: 8443
`,
  returns: {
    assertion: { type: 'string', when: 'it failed', what: 'The expression that is not true' },
    evaluated_to: { type: 'boolean', when: 'it failed', what: 'false' },
  },
  differences: ['An expression must be true or false, as since 2.19.', 'With quiet nothing is said of success.'],
} satisfies ModuleDoc
