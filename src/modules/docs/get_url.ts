import type { ModuleDoc } from '../../kit/module-doc.ts'
import { BACKUP_RETURNS, FILE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: The tool, in the version that was tried
  ansible.builtin.get_url:
    url: https://downloads.example.org/tool-1.4.tar.gz
    dest: /opt/tool-1.4.tar.gz
    checksum: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    mode: '0644'

- name: The same through the proxy of the site, by the list of its digests
  ansible.builtin.get_url:
    url: https://downloads.example.org/tool-1.4.tar.gz
    dest: /opt/tool-1.4.tar.gz
    checksum: sha256:https://downloads.example.org/SHA256SUMS
  environment:
    https_proxy: http://proxy.example.org:3128
`,
  needs: 'a web server',
  returns: {
    url: { type: 'string', when: 'always', what: 'The URL' },
    src: { type: 'string', when: 'something was to be fetched', what: 'The same' },
    dest: { type: 'string', when: 'always', what: 'The file' },
    msg: { type: 'string', when: 'done', what: 'What came of it' },
    status_code: {
      type: 'integer',
      when: 'the server answered',
      what: 'The status of its answer; 304 when it has nothing newer',
    },
    response: { type: 'string', when: 'the answer was none of 200 and 304', what: 'The answer in words' },
    elapsed: { type: 'integer', when: 'always', what: 'Seconds that it took' },
    checksum_src: { type: 'string', when: 'something was fetched', what: 'sha1 of what was fetched' },
    checksum_dest: {
      type: 'string',
      when: 'something was fetched',
      what: 'sha1 of the file that was there; null when there was none',
    },
    ...FILE_RETURNS,
    ...BACKUP_RETURNS,
  },
  differences: [
    'In a directory the file has the name that is in the URL, whatever a redirection or Content-Disposition says.',
    'When the server has nothing newer, permissions and owner are seen to nevertheless.',
    'A file that is there stays when what was fetched has not the checksum.',
    'src tells the URL, not a file on the way.',
    'file:// and ftp:// are refused.',
    'Kerberos is refused, netrc is not read, and of proxies those that speak HTTP are known.',
    'A list of checksums that a server gives only to the owner of client_cert cannot be read.',
  ],
} satisfies ModuleDoc
