import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Old logs
  ansible.builtin.find:
    paths: /var/log
    patterns: ['*.gz', '*.1']
    age: 4w
    recurse: true
  register: old
`,
  returns: {
    files: {
      type: 'list of object',
      when: 'always',
      what: 'The files that match: path, mode and its bits, owner, size, times and, with get_checksum, checksum',
    },
    matched: { type: 'integer', when: 'always', what: 'How many' },
    examined: { type: 'integer', when: 'always', what: 'How many were looked at' },
    skipped_paths: { type: 'object', when: 'always', what: 'Paths that could not be searched, with the reason' },
  },
  differences: ['Files come in the order in which the directory holds them.'],
} satisfies ModuleDoc
