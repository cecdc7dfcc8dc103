import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The account of the service
  ansible.builtin.user:
    name: app
    uid: 4200
    system: true
    shell: /usr/sbin/nologin
    home: /srv/app
    groups: [adm]
    append: true

- name: Somebody has left
  ansible.builtin.user:
    name: left
    state: absent
    remove: true
`,
  returns: {
    name: { type: 'string', when: 'always', what: 'The account' },
    state: { type: 'string', when: 'always', what: 'present or absent' },
    system: { type: 'boolean', when: 'state is present', what: 'Whether it was asked for as one of the system' },
    create_home: { type: 'boolean', when: 'state is present', what: 'As asked for' },
    append: { type: 'boolean', when: 'state is present', what: 'As asked for' },
    move_home: { type: 'boolean', when: 'state is present', what: 'As asked for' },
    groups: { type: 'string', when: 'groups is given', what: 'The groups, separated by commas' },
    uid: { type: 'integer', when: 'done, and in a dry run where it is there already', what: 'Its number' },
    group: {
      type: 'integer',
      when: 'done, and in a dry run where it is there already',
      what: 'The number of its group',
    },
    home: { type: 'string', when: 'done, and in a dry run where it can be known', what: 'Its home' },
    shell: { type: 'string', when: 'done, and in a dry run where it can be known', what: 'Its shell' },
    comment: { type: 'string', when: 'done, and in a dry run where it can be known', what: 'Its full name' },
    password: { type: 'string', when: 'password is given', what: 'NOT_LOGGING_PASSWORD, whatever it is' },
    force: { type: 'boolean', when: 'state is absent', what: 'As asked for' },
    remove: { type: 'boolean', when: 'state is absent', what: 'As asked for' },
    ssh_key_file: { type: 'string', when: 'generate_ssh_key is true and there is one', what: 'The file of the key' },
    ssh_fingerprint: {
      type: 'string',
      when: 'generate_ssh_key is true and there is one',
      what: 'Its length, fingerprint, comment and kind, as ssh-keygen tells them, or why it does not',
    },
    ssh_public_key: { type: 'string', when: 'generate_ssh_key is true and there is one', what: 'The public key' },
  },
  differences: [
    'Accounts are those of the host itself, whatever local says.',
    'What the tools of accounts said is not told.',
    'Parameters of BSD, Solaris and macOS are refused.',
  ],
} satisfies ModuleDoc
