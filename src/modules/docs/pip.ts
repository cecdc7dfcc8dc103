import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The program's packages, in an environment of their own
  ansible.builtin.pip:
    name:
      - requests>=2.28,<3
      - pyyaml
    virtualenv: /opt/app
    virtualenv_command: python3 -m venv
`,
  needs: 'pip, and an index of packages',
  returns: {
    name: { type: 'list of string', when: 'always', what: 'The names, or null' },
    version: { type: 'string', when: 'always', what: 'The argument, or null' },
    state: { type: 'string', when: 'always', what: 'The argument' },
    requirements: { type: 'string', when: 'always', what: 'The argument, or null' },
    virtualenv: { type: 'string', when: 'always', what: 'The environment, or null' },
    stdout: { type: 'string', when: 'pip alone could tell what to do, and ran', what: 'What it wrote' },
    stderr: { type: 'string', when: 'as stdout', what: 'What it wrote to the other stream' },
  },
  differences: [
    'A loop over names calls pip once. A turn whose package came along with another of the loop says changed, too.',
    'What is installed is compared with the versions that are wanted, so check mode tells what would be installed; requirements, URLs, latest and forcereinstall are for pip to decide.',
    'cmd is not told.',
    'Without a pip of the interpreter of Ansible, the first of pip3, python3 -m pip and pip is used.',
  ],
} satisfies ModuleDoc
