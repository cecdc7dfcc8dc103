import type { ModuleDoc } from '../../kit/module-doc.ts'
import { REWRITE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: A directory of the example
  ansible.builtin.file:
    path: /srv/app
    state: directory

- name: Names that are resolved without a name server
  ansible.builtin.blockinfile:
    path: /srv/app/hosts
    create: true
    marker: '# {mark} of the site'
    block: |
      10.0.0.1 registry.example.org
      10.0.0.2 mirror.example.org
`,
  returns: {
    ...REWRITE_RETURNS,
  },
  differences: [
    'Through a link, owner, group and mode are given to the file that it leads to; Ansible compares and gives them to the link itself, so that the file keeps its own.',
  ],
} satisfies ModuleDoc
