import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The registry may be asked, now and after the next start
  ansible.posix.firewalld:
    port: 5000/tcp
    zone: internal
    permanent: true
    immediate: true
    state: enabled
`,
  needs: 'firewalld',
  returns: {},
  differences: [
    'firewall-cmd is asked and told, not the bus; where firewalld is not at work, firewall-offline-cmd.',
    'timeout is for what holds now, also beside permanent.',
  ],
} satisfies ModuleDoc
