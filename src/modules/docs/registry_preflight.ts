import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Nothing stands in the way
  regplay.registry.registry_preflight:
    repo_host: registry.example.org
    ca_dir: ca
    cert_hosts: [registry.example.org]
    image: registry:2
    root: /srv/registry
    certificate: /srv/registry/certs/server.crt
    key: /srv/registry/certs/server.key
`,
  needs: 'the archives, keys and daemon of a registry',
  returns: {
    url: { type: 'string', when: 'always', what: 'Where the registry will be' },
    prefix: { type: 'string', when: 'always', what: 'What stands before the names of its images' },
    images: { type: 'list of string', when: 'always', what: 'Images of the storage archive' },
    faults: { type: 'list of string', when: 'it failed', what: 'Everything that stands in the way, with what to do' },
  },
} satisfies ModuleDoc
