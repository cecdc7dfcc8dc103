import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Tools are installed
  ansible.builtin.apt:
    name: [curl, jq]

- name: Nothing older than a day is taken for the state of the archive
  ansible.builtin.apt:
    update_cache: true
    cache_valid_time: 86400

- name: A certain version
  ansible.builtin.apt:
    name: nginx=1.22.*

- name: Whatever belongs to a server, in one transaction
  ansible.builtin.apt:
    name: postgresql-contrib*

- name: Installed, and not started
  ansible.builtin.apt:
    name: nginx
    policy_rc_d: 101

- name: It is gone, with its configuration
  ansible.builtin.apt:
    name: apache2
    state: absent
    purge: true
`,
  needs: 'an archive of packages',
  returns: {
    cache_update_time: {
      type: 'integer',
      when: 'as cache_updated',
      what: 'When the package lists were fetched last, in seconds since 1970; 0 when nothing tells',
    },
    cache_updated: {
      type: 'boolean',
      when: 'not with absent, upgrade and deb, nor where orphans or old files alone go',
      what: 'Whether the package lists were fetched',
    },
    stdout: {
      type: 'string',
      when: 'apt-get ran',
      what: 'What apt-get said',
    },
    stdout_lines: { type: 'list of string', when: 'as stdout', what: 'stdout by lines' },
    stderr: { type: 'string', when: 'as stdout', what: 'What it said to the other stream' },
    stderr_lines: { type: 'list of string', when: 'as stdout', what: 'stderr by lines' },
  },
  differences: [
    'A loop over names is one transaction: its turns tell all that apt-get said, and one whose package came along with another of the loop says changed, too.',
    'Whether a package is there is asked of dpkg before and after; apt-get runs only when one is missing, and once for a whole list.',
    'A failure tells the time of the lists before it, even where they were fetched, and cache_updated is what was to be done.',
    'What build-dep would install is told before, as of every other state.',
    'A version that is not in the lists, or older than what is there, is refused before anything changes.',
    'Whoever holds a lock of apt or dpkg is named while it is waited for, in a warning afterwards, and in the failure when lock_timeout is over.',
    'What deb names goes to apt-get in one call, which fetches what is missing. A URL is fetched each time, in a dry run, too, by apt itself, with its proxies; a password in it is refused.',
  ],
} satisfies ModuleDoc
