import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: A directory to unpack into
  ansible.builtin.file:
    path: /opt/tool
    state: directory

- name: An archive of the target
  ansible.builtin.command:
    argv: [tar, -C, /etc, -czf, /opt/tool.tar.gz, hostname]
    creates: /opt/tool.tar.gz

- name: It is unpacked
  ansible.builtin.unarchive:
    src: /opt/tool.tar.gz
    dest: /opt/tool
    remote_src: true
`,
  returns: {
    dest: { type: 'string', when: 'always', what: 'The directory' },
    src: { type: 'string', when: 'always', what: 'The archive' },
    handler: { type: 'string', when: 'always', what: "Ansible's name of the way to unpack" },
    files: {
      type: 'list of string',
      when: 'list_files is true',
      what: 'What is in it',
    },
  },
  differences: [
    'With remote_src, an archive of a URL (http, https) is fetched by way of the host, told apart by the name in its path, and compared before it is unpacked; src in the result is the URL.',
    'A dry run of it fetches too, and says whether anything would change.',
    'Whether an archive is a zip or a tar is told by its name; how a tar of the target is compressed, by its content.',
    'A zip archive of the controller cannot be streamed: copy it, and use remote_src.',
    'attributes are refused: file gives them to what was unpacked, with recurse: true.',
    'Owner and permissions of dest are not told.',
    'Times are not content: a file that has only another time is the same.',
    'With extra_opts for unzip, and where keep_newer meets a file that tar finds different, the archive is unpacked each time.',
  ],
} satisfies ModuleDoc
