import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: All images of an archive
  community.docker.docker_image_load:
    path: /srv/images/tools.tar
  register: loaded
`,
  needs: 'a Docker daemon, and an archive',
  returns: {
    image_names: { type: 'list of string', when: 'done', what: 'Names of the images, or ids of those that have none' },
    images: { type: 'list of object', when: 'done', what: 'What docker image inspect says of them' },
    stdout: { type: 'string', when: 'done', what: 'What docker load said' },
  },
  differences: ['An archive that is not there is told before anything is done.'],
} satisfies ModuleDoc
