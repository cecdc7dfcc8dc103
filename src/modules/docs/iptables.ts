import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The registry may be asked from these networks
  ansible.builtin.iptables:
    chain: INPUT
    protocol: tcp
    destination_port: '5000'
    source: 10.0.0.0/8
    ctstate: NEW
    jump: ACCEPT
    comment: registry

- name: What no rule is for is dropped
  ansible.builtin.iptables:
    chain: FORWARD
    policy: DROP
`,
  needs: 'a network of its own',
  returns: {
    ip_version: { type: 'string', when: 'always', what: 'The argument' },
    table: { type: 'string', when: 'always', what: 'The table' },
    chain: { type: 'string', when: 'always', what: 'The chain, or null' },
    flush: { type: 'boolean', when: 'always', what: 'The argument' },
    rule: { type: 'string', when: 'always', what: 'The rule in the words of iptables' },
    state: { type: 'string', when: 'always', what: 'The argument' },
    chain_management: { type: 'boolean', when: 'always', what: 'The argument' },
  },
  differences: [
    'flush changes nothing where there is no rule.',
    'A chain that no rule is named for goes only with chain_management.',
    'With chain_management and no rule, the chain is made and gets none, as in newer versions.',
  ],
} satisfies ModuleDoc
