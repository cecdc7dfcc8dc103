import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: A network with addresses of its own
  community.docker.docker_network:
    name: backend
    internal: true
    ipam_config:
      - subnet: 172.28.0.0/24
        gateway: 172.28.0.1

- name: This container is connected, and no other
  community.docker.docker_network:
    name: backend
    connected: [db]

- name: It goes
  community.docker.docker_network:
    name: backend
    state: absent
`,
  needs: 'a Docker daemon and a container',
  returns: {
    network: {
      type: 'object',
      when: 'state is present',
      what: 'What docker network inspect says of it; null before it is made',
    },
  },
  differences: [
    'A container that does not run counts as connected when it belongs to the network; Ansible connects it again, which fails.',
    'Labels and options are compared as texts, so a number is no difference.',
    'In a dry run there is no list of actions: the diff has them.',
  ],
} satisfies ModuleDoc
