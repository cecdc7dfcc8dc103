import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Bridges are seen by the firewall, after reboots too
  community.general.modprobe:
    name: br_netfilter
    persistent: present

- name: Two dummy links
  community.general.modprobe:
    name: dummy
    params: numdummies=2
`,
  needs: 'a kernel whose modules may be loaded',
  returns: {
    name: { type: 'string', when: 'always', what: 'The module' },
    params: { type: 'string', when: 'always', what: 'Its parameters' },
    state: { type: 'string', when: 'always', what: 'The argument' },
  },
  differences: [
    'An alias counts as loaded when the modules that it stands for are.',
    'Lines that are commented out keep the line ends that they had.',
  ],
} satisfies ModuleDoc
