import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Tools are installed
  ansible.builtin.dnf:
    name: [curl, jq]

- name: A certain version, from a repository that is off as a rule
  ansible.builtin.dnf:
    name: nginx-1.22.1
    enablerepo: testing

- name: Everything is up to date
  ansible.builtin.dnf:
    name: '*'
    state: latest

- name: It is gone, with what was there for its sake
  ansible.builtin.dnf:
    name: httpd
    state: absent
    autoremove: true
`,
  needs: 'dnf and a repository',
  returns: {
    stderr: { type: 'string', when: 'refused', what: 'What dnf said against it' },
    msg: { type: 'string', when: 'always', what: 'Nothing to do, where that is so' },
    rc: { type: 'integer', when: 'always', what: '0' },
    results: { type: 'list of string', when: 'always', what: 'What is installed and removed, by name and version' },
  },
  differences: [
    'Whoever holds a lock of dnf is named while it is waited for, in a warning afterwards, and in the failure when lock_timeout is over.',
    'A loop is one transaction; a turn tells what it would have told alone.',
    'What is installed is asked of rpm; dnf is asked (dnf --assumeno) only when that does not tell, and its table is the plan. Its cache may be refreshed by that.',
    'A task runs dnf once. What is to be newer is installed by its version.',
    'dnf is called, not its library: Python is not needed, and dnf5 does as well. Hosts that have microdnf or the yum of old only are refused.',
    'The first fault ends a task; Ansible tells all names that are not there.',
  ],
} satisfies ModuleDoc
