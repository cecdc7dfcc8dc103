import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Facts are fresh
  ansible.builtin.gather_facts:
`,
  returns: {},
  differences: ['One implementation tells the facts of all systems, so parallel means nothing.'],
} satisfies ModuleDoc
