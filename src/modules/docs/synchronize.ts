import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: There is a place for something to synchronize
  ansible.builtin.file:
    path: /srv/site
    state: directory

- name: There is something to synchronize
  ansible.builtin.copy:
    content: "hello\\n"
    dest: /srv/site/index.html

- name: The site stands on the same host a second time, but for its drafts
  ansible.posix.synchronize:
    src: /srv/site/
    dest: /srv/mirror
    delete: true
    rsync_opts:
      - --exclude=/drafts/
  delegate_to: '{{ inventory_hostname }}'

- name: The controller has what the host has
  ansible.posix.synchronize:
    mode: pull
    src: /srv/mirror/
    dest: /tmp/mirror-of-the-host

- name: Another host would get it from there
  ansible.posix.synchronize:
    src: /tmp/mirror-of-the-host
    dest: /srv
`,
  returns: {
    cmd: {
      type: 'string',
      when: 'always',
      what: 'The words that rsync would be given, but for how it gets to the host',
    },
    rc: { type: 'int', when: 'always', what: '0' },
    msg: { type: 'string', when: 'always', what: 'A line for each change, as rsync --itemize-changes writes them' },
    stdout_lines: { type: 'list of string', when: 'always', what: 'The same, line by line' },
  },
  differences: [
    'Neither rsync nor an ssh program is needed, on either side: files travel through the connection that is there, as whoever become says. The host needs stat, tar and readlink, and sha256sum where digests are compared; BusyBox has them.',
    'A file that differs is sent whole.',
    'Of rsync_opts are honoured: --archive and its parts, --no- before them, --checksum, --update, --size-only, --dirs, --copy-links, --existing, --ignore-existing, --delete and its kin, --delete-excluded, --force, --exclude, --include, --filter (exclude, include, hide, show, protect, risk, clear), --exclude-from and --include-from (files of the controller), -F, --chmod, --chown, --numeric-ids, --omit-dir-times, --omit-link-times, --mkpath, all of them in their short forms, too. Those that say how rsync sends or what it tells are of no effect. All others are refused by name.',
    'With times: false and without checksum, files of one size are compared by their digests; Ansible sends them each time.',
    'Times are whole seconds.',
    'Devices, pipes and sockets are left out, with a warning.',
    'Filter files (.rsync-filter) above src are not read. Of those at the goal, all that stand there in the end say what must stay, whenever rsync would delete; one that keeps something stays with it, so that the next run keeps it, too. Their rules for single directories may be exclude, include, hide, show, protect and risk.',
    'An empty directory goes below dest by its name, also where dest is not there yet; rsync gives it the name of dest the first time, and puts it below the second time.',
    'delegate_to takes the host that the task is for, by its name or its ansible_host: then src and dest are both paths of it. localhost says nothing, since the controller is the other end anyway; other hosts are refused.',
    'Trees of more than 50000 entries are refused.',
  ],
} satisfies ModuleDoc
