import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: A key
  community.crypto.openssl_privatekey:
    path: /etc/ssl/private/web.pem

- name: A request
  community.crypto.openssl_csr:
    path: /etc/ssl/web.csr
    privatekey_path: /etc/ssl/private/web.pem
    common_name: www.example.org

- name: A certificate that signs itself, for a year
  community.crypto.x509_certificate:
    path: /etc/ssl/web.crt
    csr_path: /etc/ssl/web.csr
    privatekey_path: /etc/ssl/private/web.pem
    provider: selfsigned
    selfsigned_not_after: +365d
`,
  returns: {
    filename: { type: 'string', when: 'always', what: 'The file of the certificate' },
    privatekey: { type: 'string', when: 'always', what: 'The file of the key; null where none was given' },
    csr: { type: 'string', when: 'always', what: 'The file of the request; null where its text was given' },
    ca_cert: { type: 'string', when: 'provider is ownca', what: "The file of the authority's certificate" },
    ca_privatekey: { type: 'string', when: 'provider is ownca', what: "The file of the authority's key" },
    notBefore: { type: 'string', when: 'the certificate is there', what: 'When it begins, `20301231235959Z`' },
    notAfter: { type: 'string', when: 'the certificate is there', what: 'When it ends' },
    serial_number: { type: 'integer', when: 'the certificate is there', what: 'Its number' },
    certificate: {
      type: 'string',
      when: 'return_content',
      what: 'The certificate; null in a dry run that would make the first one',
    },
    backup_file: { type: 'string', when: 'backup, and there was another one', what: 'Where the old one is kept' },
  },
  differences: [
    'The certificate is made by the openssl of the host, which must be there.',
    'selfsigned needs a request, too. A request that is not for privatekey_path is refused.',
    'provider is ownca or selfsigned; acme and entrust are refused.',
  ],
} satisfies ModuleDoc
