import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Editors are called by this name
  community.general.alternatives:
    name: pager
    path: /bin/more
    link: /usr/bin/pager
    priority: 40
    state: present
`,
  returns: {},
  differences: ['msg tells what was done, as with Ansible; the arguments are not told again.'],
} satisfies ModuleDoc
