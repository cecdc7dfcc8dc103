import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The name of each host is in a file below build, as build/HOST/etc/hostname
  ansible.builtin.fetch:
    src: /etc/hostname
    dest: build

- name: A file of one host, by this name
  ansible.builtin.fetch:
    src: /etc/hostname
    dest: build/hostname
    flat: true
  run_once: true
`,
  returns: {
    dest: { type: 'string', when: 'there was something to bring', what: 'The file of the controller' },
    file: { type: 'string', when: 'nothing was brought', what: 'The file of the target' },
    checksum: { type: 'string', when: 'there was something to bring', what: 'The sha1 of the content' },
    remote_checksum: { type: 'string', when: 'it was brought', what: 'The sha1 of the file of the target' },
  },
  differences: [
    'It works in check mode: Ansible skips it.',
    'Bytes are streamed into a part file beside dest, compared with the sha1 of what is on the target, synced and renamed; the old file stays when any of this fails.',
    'With become, too, files of any size are brought in little memory.',
    'Of a task that is delegated, the directory is named after the host that the file comes from.',
    'md5sum and remote_md5sum are not told.',
  ],
} satisfies ModuleDoc
