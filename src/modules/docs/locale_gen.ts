import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Programs can speak Swiss German
  community.general.locale_gen:
    name: de_CH.UTF-8
`,
  needs: 'the package locales',
  returns: {
    name: { type: 'list of string', when: 'always', what: 'The locales' },
  },
  differences: [
    'name may be a list, as in newer versions.',
    'A locale that is in the list and was never made is made.',
  ],
} satisfies ModuleDoc
