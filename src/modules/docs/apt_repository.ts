import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The archive of the tool, with its key
  ansible.builtin.apt_repository:
    repo: deb [signed-by=/etc/apt/keyrings/tool.asc] https://packages.example.org/debian bookworm main
    filename: tool
    update_cache: false

- name: An old archive is not used any more
  ansible.builtin.apt_repository:
    repo: deb https://old.example.org/debian bullseye main
    state: absent
    update_cache: false
`,
  returns: {
    repo: { type: 'string', when: 'always', what: 'The line' },
    state: { type: 'string', when: 'always', what: 'present or absent' },
    sources_added: { type: 'list of string', when: 'always', what: 'Lists that are new' },
    sources_removed: { type: 'list of string', when: 'always', what: 'Lists that are gone' },
  },
  differences: [
    'PPAs are refused; write their line, and bring their key.',
    'Python and python3-apt are not needed, so install_python_apt means nothing.',
  ],
} satisfies ModuleDoc
