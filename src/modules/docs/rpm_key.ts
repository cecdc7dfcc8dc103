import type { ModuleDoc } from '../../kit/module-doc.ts'
import { OF_A_URL } from '../shared/returns.ts'

export default {
  examples: `
- name: The key of the packages
  ansible.builtin.rpm_key:
    key: /etc/pki/rpm-gpg/RPM-GPG-KEY-example
    fingerprint: 65E2 1201 A536 BFB0 7DC1 67BE 104E 36B3 36DB 52FD

- name: A key that is no longer trusted
  ansible.builtin.rpm_key:
    key: 36DB52FD
    state: absent
`,
  needs: 'rpm, and the key in a file',
  returns: {},
  differences: [
    'gpg is not needed: the number of a key is read from the key.',
    OF_A_URL,
    'Numbers of subkeys name no key.',
  ],
} satisfies ModuleDoc
