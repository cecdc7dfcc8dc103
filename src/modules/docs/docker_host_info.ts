import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The daemon, and what runs by it
  community.docker.docker_host_info:
    containers: true
    disk_usage: true
  register: docker

- name: Its logs do not fill the disk
  ansible.builtin.assert:
    that: docker.host_info.LoggingDriver == 'local'
`,
  needs: 'a Docker daemon',
  returns: {
    host_info: { type: 'object', when: 'always', what: 'What docker info says of the daemon' },
    containers: {
      type: 'array',
      when: 'with containers',
      what: 'Id, Image, Command, Created, Status, Ports and Names of each',
    },
    images: { type: 'array', when: 'with images', what: 'Id, RepoTags, Created and Size of each' },
    networks: { type: 'array', when: 'with networks', what: 'Id, Driver, Name and Scope of each' },
    volumes: { type: 'array', when: 'with volumes', what: 'Driver and Name of each' },
    disk_usage: { type: 'object', when: 'with disk_usage', what: 'LayersSize, the bytes of all layers' },
  },
  differences: [
    'The docker command rounds bytes to four digits, so LayersSize is not exact.',
    'With verbose_output there is what docker inspect says of each, and of the disk what docker system df -v says, in their words.',
  ],
} satisfies ModuleDoc
