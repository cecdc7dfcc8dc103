import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Packets are forwarded
  ansible.posix.sysctl:
    name: net.ipv4.ip_forward
    value: '1'
    sysctl_file: /etc/sysctl.d/50-forward.conf

- name: Nothing is said of swapping any more
  ansible.posix.sysctl:
    name: vm.swappiness
    state: absent
    sysctl_file: /etc/sysctl.d/50-forward.conf
`,
  needs: 'a kernel that may be set',
  returns: {},
  differences: [
    'Only this setting is given to the kernel, by its file in /proc/sys; sysctl -p is not run, so reload and sysctl_set mean the same.',
  ],
} satisfies ModuleDoc
