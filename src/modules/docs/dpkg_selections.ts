import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: This package stays as it is
  ansible.builtin.dpkg_selections:
    name: tzdata
    selection: hold
`,
  returns: {
    before: { type: 'string', when: 'always', what: 'What was selected' },
    after: { type: 'string', when: 'always', what: 'What is selected' },
  },
  differences: ['A package that dpkg does not know is refused, as newer versions do.'],
} satisfies ModuleDoc
