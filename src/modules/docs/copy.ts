import type { ModuleDoc } from '../../kit/module-doc.ts'
import { BACKUP_RETURNS, FILE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: A file with this text
  ansible.builtin.copy:
    content: |
      port = 8443
    dest: /srv/app.conf
    owner: root
    group: root
    mode: '0640'
    backup: true

- name: The same on the target under another name
  ansible.builtin.copy:
    src: /srv/app.conf
    dest: /srv/app.conf.example
    remote_src: true
    mode: '0644'
`,
  returns: {
    dest: { type: 'string', when: 'always', what: 'The file, or the directory' },
    path: { type: 'string', when: 'its content is there already', what: 'The file' },
    src: { type: 'string', when: 'src is given', what: 'The file that was copied' },
    checksum: { type: 'string', when: 'a file was copied', what: 'The sha1 of its content' },
    ...FILE_RETURNS,
    ...BACKUP_RETURNS,
  },
  differences: [
    'Content travels only when its sha256 differs, into a part file beside dest that is checked, synced and renamed.',
    'md5sum is not told.',
    'attributes, and _default of a label, are refused for a whole directory of the controller; use file with recurse after it.',
    'validate runs on the part file, and a file that it refuses never stands at dest.',
  ],
} satisfies ModuleDoc
