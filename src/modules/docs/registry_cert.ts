import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: A certificate that every client accepts
  regplay.registry.registry_cert:
    ca_dir: ca
    certificate: /srv/registry/certs/server.crt
    key: /srv/registry/certs/server.key
    hosts: [registry.example.org, 10.0.0.1]
`,
  needs: 'the archives, keys and daemon of a registry',
  returns: {
    subject: { type: 'string', when: 'a good one is there', what: 'Its subject' },
    fingerprint: { type: 'string', when: 'a good one is there', what: 'Its sha256' },
    serial: { type: 'string', when: 'a good one is there', what: 'Its number' },
    not_after: { type: 'string', when: 'a good one is there', what: 'When it ends' },
    names: { type: 'list of string', when: 'a good one is there', what: 'The names for which it is good' },
  },
} satisfies ModuleDoc
