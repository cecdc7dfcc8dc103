import type { ModuleDoc } from '../../kit/module-doc.ts'
import { FILE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: A directory for the service
  ansible.builtin.file:
    path: /srv/app/data
    state: directory
    owner: root
    mode: u=rwx,g=rx,o=

- name: The present release
  ansible.builtin.file:
    src: data
    dest: /srv/app/current
    state: link

- name: A web server may read it where SELinux is on, and dump leaves it out
  ansible.builtin.file:
    path: /srv/app/data
    setype: httpd_sys_content_t
    attributes: +d

- name: The old configuration is gone
  ansible.builtin.file:
    path: /etc/app.conf.old
    state: absent
`,
  returns: {
    path: { type: 'string', when: 'state is absent, directory, file or touch', what: 'The path' },
    dest: { type: 'string', when: 'state is link, hard or touch', what: 'The path' },
    src: { type: 'string', when: 'state is link or hard', what: 'What it points to' },
    ...FILE_RETURNS,
  },
  differences: [
    'A time of access or modification without its seconds is taken.',
    'Of what was touched only its path is told.',
    'attributes after + and - are set where they are not as asked for; Ansible runs chattr each time.',
  ],
} satisfies ModuleDoc
