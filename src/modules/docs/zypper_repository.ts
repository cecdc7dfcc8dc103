import type { ModuleDoc } from '../../kit/module-doc.ts'
import { OF_A_URL } from '../shared/returns.ts'

export default {
  examples: `
- name: A repository of tools
  community.general.zypper_repository:
    name: tools
    repo: https://packages.example.org/tools/openSUSE/
    auto_import_keys: true

- name: A repository that describes itself
  community.general.zypper_repository:
    repo: https://packages.example.org/extra.repo

- name: The old one is gone
  community.general.zypper_repository:
    name: old-tools
    state: absent
`,
  needs: 'zypper and repositories',
  returns: {
    repodata: { type: 'object', when: 'a repository was named', what: 'What was wanted, in the words of zypper' },
    state: { type: 'string', when: 'a repository was named', what: 'The state, as it was given' },
    runrefresh: { type: 'boolean', when: 'all were refreshed', what: 'true' },
  },
  differences: ['It works in check mode.', OF_A_URL, 'zypper 1.12.25 (2015) or newer is taken for granted.'],
} satisfies ModuleDoc
