import type { ModuleDoc } from '../../kit/module-doc.ts'

const SPACE = (of: string) => ({ type: 'integer', when: `${of} is true`, what: 'Bytes that are free now' }) as const
const GONE = (of: string) => ({ type: 'list of string', when: `${of} is true`, what: 'What was removed' }) as const

export default {
  examples: `
- name: What nobody uses goes
  community.docker.docker_prune:
    containers: true
    images: true
    images_filters:
      dangling: false
      until: 240h
`,
  needs: 'a Docker daemon',
  returns: {
    containers: GONE('containers'),
    containers_space_reclaimed: SPACE('containers'),
    images: { type: 'list of object', when: 'images is true', what: 'Untagged or Deleted, and what' },
    images_space_reclaimed: SPACE('images'),
    networks: GONE('networks'),
    volumes: GONE('volumes'),
    volumes_space_reclaimed: SPACE('volumes'),
    builder_cache_caches_deleted: GONE('builder_cache'),
    builder_cache_space_reclaimed: SPACE('builder_cache'),
  },
  differences: ['The docker command rounds bytes to four digits, so the reclaimed space of much is not exact.'],
} satisfies ModuleDoc
