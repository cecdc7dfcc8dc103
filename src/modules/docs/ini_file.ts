import type { ModuleDoc } from '../../kit/module-doc.ts'
import { REWRITE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: The port of the service
  community.general.ini_file:
    path: /etc/app.ini
    section: server
    option: port
    value: '8443'
    mode: '0644'

- name: No proxy
  community.general.ini_file:
    path: /etc/app.ini
    section: server
    option: proxy
    state: absent
`,
  returns: {
    ...REWRITE_RETURNS,
  },
  differences: [
    'section_has_values is refused: sections are told by their names only.',
    'With allow_no_value, an option that stands there without a value or with an empty one stays as it is when value is empty; Ansible writes it anew at every other run.',
  ],
} satisfies ModuleDoc
