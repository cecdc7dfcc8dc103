import type { ModuleDoc } from '../../kit/module-doc.ts'
import { FILE_RETURNS, OF_A_URL } from '../shared/returns.ts'

export default {
  examples: `
- name: Ann may log in with this key
  ansible.posix.authorized_key:
    user: root
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvb2Jhcg ann@example.org

- name: This key may be used for one command only, and no other key may be used at all
  ansible.posix.authorized_key:
    user: root
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvb2JhcmE backup
    key_options: 'command="/usr/local/bin/backup",no-pty'
    exclusive: true
    path: /etc/ssh/keys/root
    manage_dir: false
`,
  returns: {
    user: { type: 'string', when: 'always', what: 'The account' },
    key: { type: 'string', when: 'always', what: 'The keys, or their URL' },
    keyfile: { type: 'string', when: 'always', what: 'The file' },
    path: { type: 'string', when: 'always', what: 'The argument, or null' },
    manage_dir: { type: 'boolean', when: 'always', what: 'The argument' },
    key_options: { type: 'string', when: 'always', what: 'The argument, or null' },
    exclusive: { type: 'boolean', when: 'always', what: 'The argument' },
    validate_certs: { type: 'boolean', when: 'always', what: 'The argument' },
    comment: { type: 'string', when: 'always', what: 'The argument, or null' },
    follow: { type: 'boolean', when: 'always', what: 'The argument' },
    ...FILE_RETURNS,
  },
  differences: [
    OF_A_URL,
    'Where the target reaches no server, key takes what the lookup url reads by the network of the controller.',
    'Of a key that is given twice, the last line counts; Ansible changes the file at every run.',
    'Check mode needs the user to be there, also where path is given.',
  ],
} satisfies ModuleDoc
