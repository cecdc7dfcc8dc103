import type { ModuleDoc } from '../../kit/module-doc.ts'
import { OF_A_URL } from '../shared/returns.ts'

export default {
  examples: `
- name: The archive of the tool
  ansible.builtin.deb822_repository:
    name: tool
    types: [deb]
    uris: https://packages.example.org/debian
    suites: bookworm
    components: main
    architectures: amd64
    signed_by: /etc/apt/keyrings/tool.asc

- name: An old archive is not used any more
  ansible.builtin.deb822_repository:
    name: old tool
    state: absent
`,
  returns: {
    dest: { type: 'string', when: 'always', what: 'The .sources file' },
    repo: { type: 'string', when: 'always', what: 'Its content; null when it is absent' },
    key_filename: { type: 'string', when: 'always', what: 'The file of the key, where signed_by is a URL; else null' },
  },
  differences: [
    OF_A_URL,
    'Where the target reaches no server, signed_by takes what the lookup url reads by the network of the controller.',
    'Python is not needed, so install_python_debian means nothing.',
  ],
} satisfies ModuleDoc
