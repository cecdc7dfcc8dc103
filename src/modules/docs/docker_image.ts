import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The image is there
  community.docker.docker_image:
    name: registry.example.org/tools/app
    tag: '1.4'
    source: pull

- name: An archive of the controller, judged and then loaded
  community.docker.docker_image:
    name: registry:2
    source: load
    archive: images/registry.tar

- name: An image that is here has another name, and is pushed under it
  community.docker.docker_image:
    name: registry:2
    source: local
    repository: registry.example.org/library/registry
    push: true
`,
  needs: 'a Docker daemon',
  returns: {
    image: {
      type: 'object',
      when: 'state is present',
      what: 'What docker inspect says of it; empty before it is there',
    },
    stdout: { type: 'string', when: 'it was built', what: 'What docker build said' },
  },
  differences: [
    'archive, a file of the controller, is not in Ansible: it is judged before it is sent.',
    'source is pull where it is not given; Ansible then does nothing about a missing image.',
    'When the image is there, archive_path and repository are compared as Ansible compares them; a task that pushes says changed when the registry took a layer.',
  ],
} satisfies ModuleDoc
