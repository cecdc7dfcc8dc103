import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: What docker knows of the network
  community.docker.docker_network_info:
    name: example
  register: found
`,
  needs: 'a Docker daemon',
  returns: {
    exists: { type: 'boolean', when: 'always', what: 'Whether there is one of this name' },
    network: {
      type: 'object',
      when: 'always',
      what: 'What docker network inspect says of it; null when there is none',
    },
  },
} satisfies ModuleDoc
