import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The packages of EPEL
  ansible.builtin.yum_repository:
    name: epel
    description: Extra packages
    baseurl: https://download.example.org/pub/epel/$releasever/$basearch/
    gpgcheck: true
    gpgkey: file:///etc/pki/rpm-gpg/RPM-GPG-KEY-EPEL

- name: It is gone
  ansible.builtin.yum_repository:
    name: epel-testing
    state: absent
`,
  needs: 'dnf or yum',
  returns: {
    repo: { type: 'string', when: 'always', what: 'The repository' },
    state: { type: 'string', when: 'always', what: 'present or absent' },
  },
  differences: ['A name of a section that stands twice in a file is read as one section; Ansible fails.'],
} satisfies ModuleDoc
