import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The CA is where Docker looks for it
  regplay.registry.registry_trust:
    ca_dir: ca
    repo_host: registry.example.org
`,
  needs: 'the archives, keys and daemon of a registry',
  returns: {
    directories: { type: 'list of string', when: 'always', what: 'The directories that hold the CA' },
  },
} satisfies ModuleDoc
