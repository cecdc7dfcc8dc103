import type { ModuleDoc } from '../../kit/module-doc.ts'
import { COMMAND_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: A script of files/ is run once
  ansible.builtin.script: set-up.sh --quiet
  args:
    creates: /srv/set-up
`,
  needs: 'files beside the playbook',
  returns: {
    cmd: { type: 'string', when: 'it ran, or was kept from it by creates or removes', what: 'The name of the script' },
    ...COMMAND_RETURNS,
  },
  differences: [
    'A script is UTF-8 text of at most 100 KiB.',
    'No terminal is asked for, so both streams come apart.',
    'It is not told when the script began and ended.',
  ],
} satisfies ModuleDoc
