import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The CA of the site
  regplay.registry.registry_ca:
    dir: ca
    name: Example site CA
`,
  needs: 'a directory of the controller',
  returns: {
    certificate: { type: 'string', when: 'it is there', what: 'ca.pem' },
    fingerprint: { type: 'string', when: 'it is there', what: 'The sha256 of the certificate' },
    subject: { type: 'string', when: 'it is there', what: 'Its subject' },
    not_after: { type: 'string', when: 'it is there', what: 'When it ends' },
  },
} satisfies ModuleDoc
