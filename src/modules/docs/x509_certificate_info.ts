import type { ModuleDoc } from '../../kit/module-doc.ts'

const nothing = 'null where the certificate says nothing of it'

export default {
  examples: `
- name: What the registry serves
  community.crypto.x509_certificate_info:
    path: /srv/docker-registry/certs/registry.crt
    valid_at:
      soon: +30d
  register: certificate

- name: It is good for another month
  ansible.builtin.assert:
    that: certificate.valid_at.soon
`,
  needs: 'a certificate at that path',
  returns: {
    subject: { type: 'object', when: 'always', what: 'Whose it is: attributes by name' },
    subject_ordered: { type: 'list', when: 'always', what: 'The same as pairs, in their order' },
    issuer: { type: 'object', when: 'always', what: 'Who has signed it: attributes by name' },
    issuer_ordered: { type: 'list', when: 'always', what: 'The same as pairs, in their order' },
    not_before: { type: 'string', when: 'always', what: 'When it begins, `20301231235959Z`' },
    not_after: { type: 'string', when: 'always', what: 'When it ends' },
    expired: { type: 'boolean', when: 'always', what: 'Whether it has ended, by the clock of the host' },
    valid_at: { type: 'object', when: 'always', what: 'Whether it is good at each time that was asked for' },
    serial_number: { type: 'integer', when: 'always', what: 'Its number' },
    version: { type: 'integer', when: 'always', what: '3' },
    signature_algorithm: { type: 'string', when: 'always', what: 'How it is signed' },
    fingerprints: { type: 'object', when: 'always', what: 'Digests of it by algorithm' },
    public_key: { type: 'string', when: 'always', what: 'Its key in PEM' },
    public_key_type: { type: 'string', when: 'always', what: 'The kind of key' },
    public_key_data: { type: 'object', when: 'always', what: 'The numbers of the key' },
    public_key_fingerprints: { type: 'object', when: 'always', what: 'Digests of the key by algorithm' },
    subject_alt_name: { type: 'list of string', when: 'always', what: `Names that it is good for; ${nothing}` },
    subject_alt_name_critical: { type: 'boolean', when: 'always', what: 'Whether all must know these' },
    basic_constraints: { type: 'list of string', when: 'always', what: `Whether it may sign; ${nothing}` },
    basic_constraints_critical: { type: 'boolean', when: 'always', what: 'Whether all must know that' },
    key_usage: { type: 'list of string', when: 'always', what: `What the key may be used for; ${nothing}` },
    key_usage_critical: { type: 'boolean', when: 'always', what: 'Whether all must know that' },
    extended_key_usage: { type: 'list of string', when: 'always', what: `Purposes; ${nothing}` },
    extended_key_usage_critical: { type: 'boolean', when: 'always', what: 'Whether all must know them' },
    extensions_by_oid: { type: 'object', when: 'always', what: 'Each extension: critical, and value in base64' },
    subject_key_identifier: { type: 'string', when: 'always', what: `The name of its key; ${nothing}` },
    authority_key_identifier: { type: 'string', when: 'always', what: `The name of the issuer's key; ${nothing}` },
    authority_cert_issuer: { type: 'list of string', when: 'always', what: `The issuer's own issuer; ${nothing}` },
    authority_cert_serial_number: { type: 'integer', when: 'always', what: `The issuer's number; ${nothing}` },
    ocsp_must_staple: { type: 'boolean', when: 'always', what: `Whether a server must prove validity; ${nothing}` },
    ocsp_must_staple_critical: { type: 'boolean', when: 'always', what: 'Whether all must know that' },
    ocsp_uri: { type: 'string', when: 'always', what: `Where the issuer answers; ${nothing}` },
    issuer_uri: { type: 'string', when: 'always', what: `Where the issuer's certificate is; ${nothing}` },
  },
} satisfies ModuleDoc
