import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The program, as it was released
  ansible.builtin.git:
    repo: https://git.example.org/app.git
    dest: /srv/app
    version: v1.4.2
    depth: 1

- name: Its newest version, by a key of the host
  ansible.builtin.git:
    repo: git@git.example.org:app.git
    dest: /srv/app-next
    version: main
    key_file: /etc/ssh/deploy
    accept_newhostkey: true
`,
  needs: 'git, and servers with repositories',
  returns: {
    before: { type: 'string', when: 'always', what: 'The commit that was checked out, or null' },
    after: { type: 'string', when: 'always', what: 'The commit that is' },
    remote_url_changed: { type: 'boolean', when: 'there was a repository', what: 'Whether it came from elsewhere' },
    submodules_changed: { type: 'boolean', when: 'submodules changed', what: 'true' },
    git_dir_before: { type: 'string', when: 'the repository moved to separate_git_dir', what: 'Where it was' },
    git_dir_now: { type: 'string', when: 'the repository moved to separate_git_dir', what: 'Where it is' },
  },
  differences: [
    'The server is asked for the commit of the version (git ls-remote); nothing is fetched where it is checked out already.',
    'clone: false never counts as a change.',
    'A branch that is at the wanted commit by another name is switched to, which counts as a change.',
    'With version HEAD, the branch is the one that is the HEAD of the server now, not the one that was when it was cloned.',
    'A signature is judged in every run that finds the commit checked out.',
    'With track_submodules, submodules that are newer than their parent says are no local modification.',
  ],
} satisfies ModuleDoc
