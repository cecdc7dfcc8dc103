import type { ModuleDoc } from '../../kit/module-doc.ts'
import { BACKUP_RETURNS, FILE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: A configuration made of what the files of a directory say
  ansible.builtin.assemble:
    src: /etc/app/app.conf.d
    dest: /etc/app/app.conf
    regexp: '\\.conf$'
    delimiter: '# next file'
    mode: '0644'
`,
  needs: '/etc/app/app.conf.d with files in it',
  returns: {
    src: { type: 'string', when: 'always', what: 'The directory' },
    dest: { type: 'string', when: 'always', what: 'The file' },
    path: { type: 'string', when: 'its content is there already', what: 'The file' },
    checksum: { type: 'string', when: 'always', what: 'The sha1 of the content' },
    ...FILE_RETURNS,
    ...BACKUP_RETURNS,
  },
  differences: [
    'The result of validate is told only when it refuses the file.',
    'md5sum is not told.',
    'What replaces a link has permissions of its own, and not those of what the link led to.',
    'Files of more than 16 MB together are refused.',
  ],
} satisfies ModuleDoc
