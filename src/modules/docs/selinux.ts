import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The policy is enforced
  ansible.posix.selinux:
    policy: targeted
    state: enforcing
`,
  needs: 'SELinux',
  returns: {
    configfile: { type: 'string', when: 'always', what: 'The file' },
    policy: { type: 'string', when: 'always', what: 'The policy, or null' },
    state: { type: 'string', when: 'always', what: 'The argument' },
    reboot_required: { type: 'boolean', when: 'always', what: 'Whether it needs a reboot to be true' },
  },
  differences: ['libselinux of Python is not needed: the kernel is asked in /sys/fs/selinux.'],
} satisfies ModuleDoc
