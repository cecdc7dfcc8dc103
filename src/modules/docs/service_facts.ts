import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: What runs
  ansible.builtin.service_facts:
`,
  returns: {},
  differences: ['systemd, OpenRC and scripts of SysV are known.'],
} satisfies ModuleDoc
