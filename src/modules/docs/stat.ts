import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: What stands there
  ansible.builtin.stat:
    path: /etc/hostname
    checksum_algorithm: sha256
  register: file

- name: It is a file
  ansible.builtin.assert:
    that: file.stat.exists and file.stat.isreg
`,
  returns: {
    stat: {
      type: 'object',
      when: 'always',
      what: 'exists, and where it does: path, mode and its bits, owner, size, times, links, checksum, mimetype, attributes, as Ansible names them',
    },
  },
  differences: ['Parts of a second are not told.'],
} satisfies ModuleDoc
