import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The new machine can be reached
  ansible.builtin.wait_for_connection:
    timeout: 300
    delay: 5
`,
  returns: {
    elapsed: { type: 'integer', when: 'done', what: 'Seconds that it took' },
  },
  differences: [
    "A host key that is not the host's own ends the wait at once.",
    'What is put off otherwise (gather_facts: false) must be put off here, too.',
  ],
} satisfies ModuleDoc
