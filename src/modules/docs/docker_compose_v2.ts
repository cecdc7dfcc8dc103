import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The services of a folder run
  community.docker.docker_compose_v2:
    project_src: /srv/app
    files: [compose.yml]
    remove_orphans: true
`,
  needs: 'the plugin compose of docker, which Debian 12 has not',
  returns: {
    actions: { type: 'list of object', when: 'done', what: 'What was done: what, id, status' },
    stdout: { type: 'string', when: 'done', what: 'What docker compose wrote' },
    stderr: { type: 'string', when: 'done', what: 'What it wrote to the other stream' },
  },
  differences: [
    'Where docker has no plugin compose, docker-compose does the same (1.29 in Debian 12), without wait, pull and dry runs.',
    'A dry run is that of the plugin (2.18 and newer); docker-compose has none, so there it is skipped.',
    'containers and images are not told; docker_container_info tells of each.',
    'The plugin is no package of Debian 12: its words are tried by table there, those of docker-compose on hosts.',
  ],
} satisfies ModuleDoc
