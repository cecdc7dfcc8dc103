import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: A tool that is called the same everywhere
  ansible.builtin.package:
    name: curl
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
      when: 'as with apt',
      what: 'Whether the package lists were fetched',
    },
    stdout: { type: 'string', when: 'as with apt', what: 'What apt-get said' },
    stdout_lines: { type: 'list of string', when: 'as stdout', what: 'stdout by lines' },
    stderr: { type: 'string', when: 'as stdout', what: 'What it said to the other stream' },
    stderr_lines: { type: 'list of string', when: 'as stdout', what: 'stderr by lines' },
  },
  otherReturns: 'What the module of the package manager returns.',
  differences: ["apt, dnf, apk, zypper and pacman are managed: by the host's family, else by which of them it has."],
} satisfies ModuleDoc
