import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The storage holds every image of the archive
  regplay.registry.registry_populate:
    archive: storage.tar.gz
    storage: /srv/registry/storage
`,
  needs: 'the archives, keys and daemon of a registry',
  returns: {
    repositories: { type: 'list of string', when: 'always', what: 'Repositories of the archive' },
    images: { type: 'list of string', when: 'always', what: 'Images of the archive, as repository:tag' },
    blobs: { type: 'integer', when: 'always', what: 'How many blobs it has' },
    bytes: { type: 'integer', when: 'always', what: 'Their size together' },
    damaged: { type: 'integer', when: 'always', what: 'Blobs that were there and wrong' },
  },
  differences: [
    'What was seen of an archive is kept on the controller, in `regplay/archives` below `$XDG_CACHE_HOME` (or `~/.cache`), so that the next run need not read it again: the 64 records that were used last.',
  ],
} satisfies ModuleDoc
