import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The site is in Paris
  community.general.timezone:
    name: Europe/Paris
`,
  returns: {},
  differences: ['timedatectl is not asked: the link /etc/localtime and its kin are what is looked at and set.'],
} satisfies ModuleDoc
