import type { ModuleDoc } from '../../kit/module-doc.ts'
import { OF_A_URL } from '../shared/returns.ts'

export default {
  examples: `
- name: Packages of this vendor are trusted, on hosts of the old kind
  ansible.builtin.apt_key:
    url: https://packages.example.org/key.asc
    keyring: /etc/apt/trusted.gpg.d/example.gpg
`,
  needs: 'a server that has the key',
  returns: {
    id: { type: 'string', when: 'always', what: 'The argument, or the last 16 digits of the fingerprint of the key' },
    key_id: { type: 'string', when: 'always', what: 'The same in capital letters' },
    short_id: { type: 'string', when: 'always', what: 'Its last 8 digits' },
    fp: { type: 'string', when: 'always', what: 'Its last 16 digits' },
    before: { type: 'list of string', when: 'always', what: 'Keys and subkeys that were trusted' },
    after: { type: 'list of string', when: 'it changed', what: 'Those that are' },
  },
  differences: [
    'The number of a key is read from the key itself; gpg is needed on the target by apt-key only.',
    OF_A_URL,
    'Where the target reaches no server, data takes what the lookup url reads by the network of the controller.',
    'Hosts without apt-key (Debian 13 and newer) are refused, and told of deb822_repository.',
  ],
} satisfies ModuleDoc
