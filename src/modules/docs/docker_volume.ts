import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: A volume for the data
  community.docker.docker_volume:
    name: data
    labels:
      backup: 'yes'

- name: It goes, with all that is in it
  community.docker.docker_volume:
    name: data
    state: absent
`,
  needs: 'a Docker daemon',
  returns: {
    volume: {
      type: 'object',
      when: 'state is present',
      what: 'What docker volume inspect says of it; null before it is made',
    },
  },
  differences: [
    'Labels and options are compared as texts, so a number is no difference.',
    'In a dry run there is no list of actions: the diff has them.',
  ],
} satisfies ModuleDoc
