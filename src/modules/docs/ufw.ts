import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: SSH may be asked, and nothing else
  community.general.ufw:
    rule: limit
    port: '22'
    proto: tcp

- name: The firewall is at work
  community.general.ufw:
    state: enabled
    default: deny
`,
  needs: 'ufw, and a network of its own',
  returns: {
    commands: { type: 'list of string', when: 'always', what: 'What ufw was called with' },
  },
  differences: [
    'Whether a rule is there is asked of ufw --dry-run.',
    'Defaults and logging are read where ufw keeps them, also while it is not at work.',
    'commands tells what changes something, not what only looks.',
  ],
} satisfies ModuleDoc
