import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The host can be worked on
  ansible.builtin.ping:
`,
  returns: {
    ping: { type: 'string', when: 'always', what: 'data' },
  },
  differences: ['What answers is the shell of the host; no Python is looked for.'],
} satisfies ModuleDoc
