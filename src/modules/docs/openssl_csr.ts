import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The key of the web server
  community.crypto.openssl_privatekey:
    path: /etc/ssl/private/web.pem

- name: The request for its certificate
  community.crypto.openssl_csr:
    path: /etc/ssl/web.csr
    privatekey_path: /etc/ssl/private/web.pem
    common_name: www.example.org
    subject_alt_name: ['DNS:www.example.org', 'IP:192.0.2.7']
    key_usage: [digitalSignature, keyEncipherment]
    extended_key_usage: [serverAuth]
`,
  returns: {
    filename: { type: 'string', when: 'always', what: 'The file of the request' },
    privatekey: { type: 'string', when: 'always', what: 'The file of the key; null where its text was given' },
    subject: { type: 'list', when: 'always', what: 'Attributes of the name, a pair each' },
    subjectAltName: {
      type: 'list of string',
      when: 'always',
      what: 'Names that the certificate is to be good for; null without any',
    },
    keyUsage: { type: 'list of string', when: 'always', what: 'What the key may be used for; null if nothing is said' },
    extendedKeyUsage: { type: 'list of string', when: 'always', what: 'Purposes; null if nothing is said' },
    basicConstraints: { type: 'list of string', when: 'always', what: 'Whether it may sign; null if nothing is said' },
    ocspMustStaple: { type: 'boolean', when: 'always', what: 'Whether the server must bring proof of validity' },
    name_constraints_permitted: { type: 'list of string', when: 'always', what: 'Always empty' },
    name_constraints_excluded: { type: 'list of string', when: 'always', what: 'Always empty' },
    csr: { type: 'string', when: 'return_content', what: 'The request; null in a dry run that would make it' },
    backup_file: { type: 'string', when: 'backup, and there was another request', what: 'Where the old one is kept' },
  },
  differences: [
    'The request is made by the openssl of the host, which must be there.',
    'Names are DNS:, IP:, email:, URI: and RID:; dirName: and otherName: are refused.',
  ],
} satisfies ModuleDoc
