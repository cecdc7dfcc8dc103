import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: What later tasks need
  ansible.builtin.set_fact:
    service_port: 8443
    names: "{{ ['a', 'b'] | map('upper') | list }}"

- name: It is there
  ansible.builtin.assert:
    that: service_port == 8443 and names == ['A', 'B']
`,
  returns: {},
} satisfies ModuleDoc
