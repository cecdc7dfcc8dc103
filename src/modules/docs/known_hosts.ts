import type { ModuleDoc } from '../../kit/module-doc.ts'
import { FILE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: The key of a server is known to root
  ansible.builtin.known_hosts:
    name: git.example.org
    key: git.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvb2Jhcg
    path: /root/.ssh/known_hosts
    hash_host: true

- name: A server that is no more is forgotten
  ansible.builtin.known_hosts:
    name: '[old.example.org]:2222'
    path: /root/.ssh/known_hosts
    state: absent
`,
  returns: {
    diff: {
      type: 'object',
      when: 'always but for a file that is not there with state=absent',
      what: 'The file before and after: before, before_header, after, after_header',
    },
    name: { type: 'string', when: 'always', what: 'The host' },
    key: { type: 'string', when: 'always', what: 'The argument, or null' },
    path: { type: 'string', when: 'always', what: 'The file' },
    hash_host: { type: 'boolean', when: 'always', what: 'The argument' },
    ...FILE_RETURNS,
  },
  differences: [
    'ssh-keygen is not needed on the target, and leaves no file.old there.',
    'The salt of a hashed name is made of key and name: the same wish gives the same line.',
    'Directories of a new file are made.',
  ],
} satisfies ModuleDoc
