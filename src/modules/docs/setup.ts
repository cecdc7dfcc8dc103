import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: What is known of the host's system
  ansible.builtin.setup:
    gather_subset: [min]
    filter: [ansible_distribution*]
`,
  returns: {},
  differences: [
    'Facts are asked in one trip; what cannot be seen is left out and never guessed.',
    'facter, ohai, iscsi, nvme and fibre channel bring nothing.',
    'gather_timeout means nothing.',
    'A subset that nobody knows is refused also where it is to be left out (`!netwrok`).',
  ],
} satisfies ModuleDoc
