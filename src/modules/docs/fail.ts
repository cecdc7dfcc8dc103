import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Only Debian is supported
  ansible.builtin.fail:
    msg: '{{ inventory_hostname }} runs {{ system }}'
  when: system != 'Debian'
  vars:
    system: Debian
`,
  returns: {},
} satisfies ModuleDoc
