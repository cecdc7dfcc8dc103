import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: What docker knows of two images
  community.docker.docker_image_info:
    name: [registry:2, registry.example.org/tools/app:1.4]
  register: found
`,
  needs: 'a Docker daemon',
  returns: {
    images: { type: 'list of object', when: 'always', what: 'What docker image inspect says of those that are there' },
  },
} satisfies ModuleDoc
