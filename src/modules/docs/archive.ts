import type { ModuleDoc } from '../../kit/module-doc.ts'
import { FILE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: The configuration is kept in one file
  community.general.archive:
    path: /etc/ssh
    dest: /srv/ssh.tar.gz
    exclusion_patterns:
      - '*_key'
    mode: '0600'
`,
  returns: {
    archived: { type: 'list of string', when: 'always', what: 'What is in the archive' },
    dest: { type: 'string', when: 'always', what: 'The archive' },
    dest_state: {
      type: 'string',
      when: 'always',
      what: 'archive, compress, incomplete where paths were missing, or absent',
    },
    arcroot: { type: 'string', when: 'always', what: 'What all paths are below' },
    missing: { type: 'list of string', when: 'always', what: 'Paths where nothing is' },
    expanded_paths: { type: 'list of string', when: 'always', what: 'The paths, patterns replaced by what they match' },
    expanded_exclude_paths: { type: 'list of string', when: 'always', what: 'The same of exclude_path' },
    ...FILE_RETURNS,
    state: { ...FILE_RETURNS.state, when: FILE_RETURNS.mode.when },
  },
  differences: [
    'What would be packed is compared byte by byte with what is in the archive, in check mode too; an archive that something else made is made anew once.',
    'The archive is written beside dest and renamed.',
    'An archive below a directory that is packed is refused, unless it stands right in it.',
    'Names with a line end in them are refused.',
    'zip needs zip on the target; the others need tar and the compressor.',
  ],
} satisfies ModuleDoc
