import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: A file is there
  ansible.builtin.wait_for:
    path: /etc/hostname
    timeout: 10

- name: Somebody listens
  ansible.builtin.wait_for:
    host: '{{ ansible_host | default(inventory_hostname) }}'
    port: 22
    timeout: 30
`,
  returns: {
    elapsed: { type: 'integer', when: 'done', what: 'Seconds' },
    state: { type: 'string', when: 'done', what: 'What was waited for' },
    port: { type: 'integer', when: 'done', what: 'The port; null when none is given' },
    path: { type: 'string', when: 'done', what: 'The path; null when none is given' },
    search_regex: { type: 'string', when: 'done', what: 'The expression; null when none is given' },
    match_groups: { type: 'list', when: 'no search_regex is given', what: 'Empty' },
    match_groupdict: { type: 'object', when: 'no search_regex is given', what: 'Empty' },
  },
  differences: [
    'A file in which search_regex is looked for is read by the controller, up to 32 MiB.',
    'search_regex with a port, state: drained and lists of connections are refused.',
    'Of a path only its name is told.',
  ],
} satisfies ModuleDoc
