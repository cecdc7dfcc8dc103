import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: What docker knows of the volume
  community.docker.docker_volume_info:
    name: example
  register: found
`,
  needs: 'a Docker daemon',
  returns: {
    exists: { type: 'boolean', when: 'always', what: 'Whether there is one of this name' },
    volume: { type: 'object', when: 'always', what: 'What docker volume inspect says of it; null when there is none' },
  },
} satisfies ModuleDoc
