import type { ModuleDoc } from '../../kit/module-doc.ts'
import { COMMAND_RETURNS, TIME_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: The kernel's name and version
  ansible.builtin.command: uname -sr
  register: kernel
  changed_when: false
  check_mode: false

- name: The data base is made once
  ansible.builtin.command:
    argv: [sh, -c, 'echo made >/srv/made']
    creates: /srv/made

- name: Words from a variable stay one word
  ansible.builtin.command:
    argv: [printf, '%s', '{{ text }}']
  vars:
    text: two words
  changed_when: false
`,
  returns: {
    cmd: {
      type: 'list of string',
      when: 'it was not skipped',
      what: 'The command, by words; a text when its program is not there',
    },
    ...COMMAND_RETURNS,
    ...TIME_RETURNS,
  },
  differences: ['There is no shell, and $NAME is filled in from the environment of the host as Ansible does.'],
} satisfies ModuleDoc
