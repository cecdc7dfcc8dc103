import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The new kernel is at work
  ansible.builtin.reboot:
    reboot_timeout: 900
    test_command: systemctl is-system-running --wait
`,
  needs: 'a machine that may go down',
  returns: {
    rebooted: { type: 'boolean', when: 'done', what: 'Whether the host went down' },
    elapsed: { type: 'integer', when: 'done', what: 'Seconds that it took' },
  },
  differences: [
    'A host that runs on the kernel of the controller (a container without a boot id of its own) is refused, as this machine is.',
    'Where there is no shutdown, reboot does it, and says nothing to users.',
    'Hosts that are down or starting may refuse logins: until the time is up, that is no failure.',
  ],
} satisfies ModuleDoc
