import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: What a client sees
  regplay.registry.registry_check:
    repo_host: registry.example.org
    ca_dir: ca
    images: ['tools/app:1.4']
    pull: tools/app:1.4
`,
  needs: 'the archives, keys and daemon of a registry',
  returns: {
    url: { type: 'string', when: 'always', what: 'Where the registry is' },
    catalog: { type: 'list of string', when: 'always', what: 'Its repositories' },
    images: { type: 'list of string', when: 'always', what: 'Repositories with tags that were looked for' },
    serial: { type: 'string', when: 'always', what: 'The number of the served certificate' },
    fingerprint: { type: 'string', when: 'always', what: 'Its sha256' },
    not_after: { type: 'string', when: 'always', what: 'When it ends' },
    seen_from: { type: 'string', when: 'always', what: 'Who asked: the host or the controller' },
    pulled: { type: 'string', when: 'pull is given', what: 'What this host has pulled' },
    digest: { type: 'string', when: 'pull is given and the registry has an image', what: 'Its digest' },
  },
} satisfies ModuleDoc
