import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: Docker may pull from our registry
  community.docker.docker_login:
    registry_url: registry.example.org
    username: puller
    password: '{{ registry_password }}'
  vars:
    registry_password: from a vault

- name: It may no more
  community.docker.docker_login:
    registry_url: registry.example.org
    state: absent
`,
  needs: 'a Docker daemon, and a registry',
  returns: {
    login_result: { type: 'object', when: 'done', what: 'username and serveraddress; empty when state is absent' },
  },
  differences: [
    'The password goes to docker by standard input; it is compared with what config.json holds, and never shown.',
    'config_path must be called config.json, as the docker command wants it.',
    'Where config.json names a credential store the task is refused: what is in there is not compared.',
    'A dry run does not ask the registry whether the password is right.',
  ],
} satisfies ModuleDoc
