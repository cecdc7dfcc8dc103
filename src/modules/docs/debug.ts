import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: What this host is called
  ansible.builtin.debug:
    msg: this is {{ inventory_hostname }}

- name: The value of an expression
  ansible.builtin.debug:
    var: groups.all | length
`,
  returns: {},
  otherReturns: 'With var, the expression itself is the name of the field that holds its value.',
  differences: ['Vaulted values are hidden in what is shown.'],
} satisfies ModuleDoc
