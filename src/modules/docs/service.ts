import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The web server runs, and starts with the system
  ansible.builtin.service:
    name: nginx
    state: started
    enabled: true
`,
  needs: 'an init that runs',
  returns: {
    name: { type: 'string', when: 'always', what: 'The service' },
    state: { type: 'string', when: 'state is given', what: 'started or stopped' },
    enabled: { type: 'boolean', when: 'enabled is given', what: 'Whether it starts with the system' },
    status: { type: 'object', when: 'the host has systemd', what: 'Properties of its unit' },
  },
  differences: [
    'systemd, OpenRC and scripts of SysV are known.',
    'A service is judged by its status; pattern is refused.',
  ],
} satisfies ModuleDoc
