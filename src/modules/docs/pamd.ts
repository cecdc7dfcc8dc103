import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Who logs in by SSH is not shown the message of the day
  community.general.pamd:
    name: sshd
    type: session
    control: optional
    module_path: pam_motd.so
    state: absent
    backup: true

- name: Passwords have a delay of four seconds after a failure
  community.general.pamd:
    name: login
    type: auth
    control: optional
    module_path: pam_faildelay.so
    module_arguments: delay=4000000
    state: args_present
`,
  needs: 'the services sshd and login',
  returns: {
    change_count: { type: 'integer', when: 'always', what: 'How many rules are another way' },
    path: { type: 'string', when: 'always', what: 'The file of the service' },
    backup_file: { type: 'string', when: 'done, with backup', what: 'Where the old file is' },
    backupdest: { type: 'string', when: 'always', what: 'The same; empty when there is none' },
  },
  differences: [
    'No line with the time of the change is written into the file.',
    'Comments between a rule and its neighbour stay when a rule is put there; Ansible loses them.',
    'A rule that goes on in the next line is refused; Ansible ends with an error of Python.',
  ],
} satisfies ModuleDoc
