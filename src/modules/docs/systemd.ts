import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The web server runs, and starts with the system
  ansible.builtin.systemd:
    name: nginx
    state: started
    enabled: true
    daemon_reload: true

- name: A timer of the user
  ansible.builtin.systemd:
    name: backup.timer
    scope: user
    enabled: true
`,
  needs: 'a systemd that runs',
  returns: {
    name: { type: 'string', when: 'always', what: 'The argument; null without one' },
    state: { type: 'string', when: 'state is given', what: 'started or stopped' },
    enabled: { type: 'boolean', when: 'enabled is given', what: 'Whether it starts with the system' },
    status: { type: 'object', when: 'always', what: 'Properties of the unit' },
  },
  differences: ['status holds the properties that decide, not all of systemctl show.'],
} satisfies ModuleDoc
