import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The package is told beforehand what it would ask
  ansible.builtin.debconf:
    name: tzdata
    question: tzdata/Areas
    vtype: select
    value: Europe

- name: What debconf knows of it
  ansible.builtin.debconf:
    name: tzdata
`,
  returns: {
    current: {
      type: 'mapping',
      when: 'always',
      what: 'Answers by questions: the one that was set, else all of the package',
    },
    previous: { type: 'mapping', when: 'the answer changed', what: 'The answer before' },
  },
  differences: [
    'Passwords are compared, too, and are in no output and in no command line: where Ansible 2.14 sets them again and again, the second run changes nothing.',
  ],
} satisfies ModuleDoc
