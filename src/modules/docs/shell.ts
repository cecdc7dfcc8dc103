import type { ModuleDoc } from '../../kit/module-doc.ts'
import { COMMAND_RETURNS, TIME_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: How many processes run
  ansible.builtin.shell: ps ax | wc -l
  changed_when: false

- name: Made once
  ansible.builtin.shell:
    cmd: umask 077 && head -c 32 /dev/urandom | od -An -tx1 >/srv/random
    creates: /srv/random
`,
  returns: {
    cmd: { type: 'string', when: 'it was not skipped', what: 'The command line' },
    ...COMMAND_RETURNS,
    ...TIME_RETURNS,
  },
} satisfies ModuleDoc
