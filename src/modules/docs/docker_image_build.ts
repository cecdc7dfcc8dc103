import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: An image of our own
  community.docker.docker_image_build:
    name: registry.example.org/tools/app
    tag: '1.4'
    path: /srv/build/app
    args:
      version: '1.4'
`,
  needs: 'a Docker daemon, and a folder to build from',
  returns: {
    image: { type: 'object', when: 'done', what: 'What docker image inspect says of it' },
    stdout: { type: 'string', when: 'it was built', what: 'What docker build said' },
  },
  differences: [
    'It runs docker build, which takes buildx where the host has it and the builder of the daemon where it has not; Ansible needs buildx.',
  ],
} satisfies ModuleDoc
