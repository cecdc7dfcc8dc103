import type { ModuleDoc } from '../../kit/module-doc.ts'
import { FILE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: A directory to build in
  ansible.builtin.tempfile:
    state: directory
    suffix: .build
  register: build
  changed_when: false

- name: It goes when the work is done
  ansible.builtin.file:
    path: '{{ build.path }}'
    state: absent
  changed_when: false
`,
  returns: {
    path: { type: 'string', when: 'done', what: 'What was made' },
    ...FILE_RETURNS,
  },
  differences: ['A dry run skips it, as in Ansible: nothing of that name will be there.'],
} satisfies ModuleDoc
