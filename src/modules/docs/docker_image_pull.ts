import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The newest of a tag
  community.docker.docker_image_pull:
    name: registry.example.org/tools/app
    tag: '1.4'

- name: It is there, however old
  community.docker.docker_image_pull:
    name: registry:2
    pull: not_present
`,
  needs: 'a Docker daemon, and a registry',
  returns: {
    image: { type: 'object', when: 'done', what: 'What docker image inspect says of it; empty before it is there' },
    actions: { type: 'list of string', when: 'always', what: 'That it was asked for, or nothing' },
  },
} satisfies ModuleDoc
