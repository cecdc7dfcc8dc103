import type { ModuleDoc } from '../../kit/module-doc.ts'
import { REWRITE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: The shells that may log in
  ansible.builtin.lineinfile:
    path: /etc/shells
    line: /usr/local/bin/shell

- name: The file begins with what it is for
  ansible.builtin.lineinfile:
    path: /etc/app.conf
    create: true
    line: '# for the application'
    insertbefore: BOF

- name: The port, in place of whatever is there
  ansible.builtin.lineinfile:
    path: /etc/app.conf
    regexp: '^port\\s*='
    line: port = 8443
`,
  returns: {
    found: { type: 'integer', when: 'state is absent', what: 'How many lines went' },
    backup: { type: 'string', when: 'always', what: 'Empty; where the old file went is in backup_file' },
    ...REWRITE_RETURNS,
  },
  differences: [
    "Regular expressions are Python's, within a budget of steps.",
    'Through a link, owner, group and mode are given to the file that it leads to; Ansible compares and gives them to the link itself, so that the file keeps its own.',
  ],
} satisfies ModuleDoc
