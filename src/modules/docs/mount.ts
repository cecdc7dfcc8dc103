import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The file system of the data, now and after a reboot
  ansible.posix.mount:
    path: /srv/data
    src: LABEL=data
    fstype: ext4
    opts: noatime
    state: mounted

- name: Only its line in fstab
  ansible.posix.mount:
    path: /srv/backup
    src: backup.example.org:/srv
    fstype: nfs
    state: present
`,
  needs: 'a file system to mount',
  returns: {
    name: { type: 'string', when: 'always', what: 'Where it is seen' },
    src: { type: 'string', when: 'it was given', what: 'The device, share or name' },
    fstype: { type: 'string', when: 'it was given', what: 'The kind of file system' },
    opts: { type: 'string', when: 'always', what: 'Its options' },
    dump: { type: 'string', when: 'always', what: 'As in fstab' },
    passno: { type: 'string', when: 'always', what: 'As in fstab' },
    fstab: { type: 'string', when: 'always', what: 'The table' },
    boot: { type: 'string', when: 'always', what: 'yes or no' },
    backup_file: { type: 'string', when: 'always', what: 'Where the old table is; empty when there is none' },
  },
  differences: [
    'opts_no_log is refused: secrets of a share stand in a file that credentials= names.',
    'state: absent leaves a directory that is not empty.',
  ],
} satisfies ModuleDoc
