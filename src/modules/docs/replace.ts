import type { ModuleDoc } from '../../kit/module-doc.ts'
import { REWRITE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: A list of names
  ansible.builtin.copy:
    content: |
      old.example.org
      # old.example.org is what it was
    dest: /srv/names
  changed_when: false

- name: The new name
  ansible.builtin.replace:
    path: /srv/names
    regexp: '\\bold\\.example\\.org\\b'
    replace: new.example.org
  changed_when: false
`,
  returns: {
    ...REWRITE_RETURNS,
  },
  differences: [
    "Regular expressions are Python's, within a budget of steps.",
    'Through a link, owner, group and mode are given to the file that it leads to; Ansible compares and gives them to the link itself, so that the file keeps its own.',
    'Texts are UTF-8; other encodings are refused.',
  ],
} satisfies ModuleDoc
