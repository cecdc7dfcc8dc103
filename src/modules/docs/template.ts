import type { ModuleDoc } from '../../kit/module-doc.ts'
import { BACKUP_RETURNS, FILE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: The configuration, rendered on the controller
  ansible.builtin.template:
    src: app.conf.j2
    dest: /etc/app.conf
    owner: root
    mode: '0640'
    validate: app --check %s
`,
  needs: 'files beside the playbook',
  returns: {
    dest: { type: 'string', when: 'always', what: 'The file' },
    path: { type: 'string', when: 'its content is there already', what: 'The file' },
    src: { type: 'string', when: 'its content was not there', what: 'The template' },
    checksum: { type: 'string', when: 'always', what: 'The sha1 of its content' },
    ...FILE_RETURNS,
    ...BACKUP_RETURNS,
  },
  differences: [
    'Templates are rendered within limits of steps, depth and text.',
    'They have no line statements nor line comments: line_statement_prefix and line_comment_prefix are refused. output_encoding takes UTF-8 and charsets of one byte.',
    'md5sum is not told.',
  ],
} satisfies ModuleDoc
