import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The host has a key of its own for backups
  community.crypto.openssh_keypair:
    path: /root/.ssh/id_backup
    type: ed25519
    comment: backup

- name: The RSA key of sshd has 4096 bits
  community.crypto.openssh_keypair:
    path: /etc/ssh/ssh_host_rsa_key
    size: 4096
`,
  needs: 'ssh-keygen',
  returns: {
    filename: { type: 'string', when: 'always', what: 'The file of the private key' },
    type: { type: 'string', when: 'always', what: 'The kind of key' },
    size: { type: 'integer', when: 'always', what: 'Bits' },
    fingerprint: { type: 'string', when: 'done', what: 'SHA256:..., of the private key that is there' },
    public_key: { type: 'string', when: 'done', what: 'The public key: kind and key, without the comment' },
    comment: { type: 'string', when: 'done', what: 'What stands at its end' },
  },
  differences: [
    'The key is always made by the ssh-keygen of the host, whatever backend says; it wants 5 characters of a passphrase, and ed25519 in its own format.',
    'A key without a passphrase that its group or others may read can be judged too; Ansible fails at it.',
    'A pair is made beside its place and moved there, the private key first; a public key of another pair is mended from it.',
    'A public key that is missing is written with the comment of the private one; Ansible writes it without.',
    'A key with another passphrase makes room for a new one under regenerate: full_idempotence; Ansible fails at it.',
  ],
} satisfies ModuleDoc
