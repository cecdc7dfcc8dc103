import type { ModuleDoc } from '../../kit/module-doc.ts'
import { COMMAND_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: Python is there for those who need it
  ansible.builtin.raw: test -e /bin/sh
  changed_when: false
`,
  returns: {
    ...COMMAND_RETURNS,
  },
  differences: [
    'No terminal is asked for, so both streams come apart.',
    'It is not told when the command began and ended.',
  ],
} satisfies ModuleDoc
