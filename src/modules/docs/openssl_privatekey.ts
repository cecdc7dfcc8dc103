import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The key of the web server
  community.crypto.openssl_privatekey:
    path: /etc/ssl/private/web.pem
    size: 2048

- name: A key on a curve
  community.crypto.openssl_privatekey:
    path: /etc/ssl/private/curve.pem
    type: ECC
    curve: secp384r1
    format: pkcs8
`,
  returns: {
    filename: { type: 'string', when: 'always', what: 'The file of the key' },
    type: { type: 'string', when: 'always', what: 'The kind of key that was asked for' },
    size: { type: 'integer', when: 'always', what: 'The size that was asked for, whatever the kind' },
    curve: { type: 'string', when: 'type is ECC', what: 'The curve' },
    fingerprint: { type: 'object', when: 'always', what: 'Digests of the public key, by algorithm; null without one' },
    backup_file: { type: 'string', when: 'backup, and there was another key', what: 'Where the old key is kept' },
  },
  differences: [
    'The key is made by the openssl of the host, which must be there.',
    'format: raw is not taken; the formats are pkcs1 and pkcs8.',
    'return_content is refused: a private key does not leave its host.',
  ],
} satisfies ModuleDoc
