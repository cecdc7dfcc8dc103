import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The service answers
  ansible.builtin.uri:
    url: https://app.example.org/health
    return_content: true
  register: health
  until: health.status == 200
  retries: 10
  delay: 3

- name: A new entry
  ansible.builtin.uri:
    url: https://app.example.org/entries
    method: POST
    body_format: json
    body: {name: first}
    status_code: [200, 201]

- name: A service that knows its clients by their certificates
  ansible.builtin.uri:
    url: https://api.example.org/v1/state
    client_cert: /etc/ssl/client.pem
    client_key: /etc/ssl/private/client.key
    ca_path: /etc/ssl/site-ca.pem
`,
  needs: 'a web server',
  returns: {
    status: { type: 'integer', when: 'it was asked', what: 'The status of the answer; -1 when there was none' },
    url: { type: 'string', when: 'it was asked', what: 'The URL' },
    content: { type: 'string', when: 'return_content is true', what: 'The body' },
    json: { type: 'any', when: 'the answer says that it is JSON', what: 'The body as a value' },
    cookies: { type: 'object', when: 'the status is one of success', what: 'Cookies by name' },
    cookies_string: { type: 'string', when: 'the status is one of success', what: 'The same as a header' },
    redirected: { type: 'boolean', when: 'it was asked', what: 'Whether another URL answered' },
    body: { type: 'string', when: 'another status was asked for, without return_content', what: 'The body' },
    msg: { type: 'string', when: 'it was asked', what: 'The answer in words' },
    path: { type: 'string', when: 'dest is given and it was asked', what: 'The file' },
    stdout: { type: 'string', when: 'creates or removes spare it', what: 'Why it was not asked' },
    elapsed: { type: 'integer', when: 'it was asked', what: 'Seconds' },
  },
  otherReturns: 'Every header of the answer, in small letters and with _ in place of -.',
  differences: [
    'src takes files of the controller up to 100 KiB, and of the target up to 1 MiB; answers are read up to 16 MiB.',
    'Files that a multipart body names are not read: give content.',
    'Kerberos and sockets of Unix are refused, netrc is not read, and of proxies those that speak HTTP are known.',
    'Credentials never follow to another host.',
  ],
} satisfies ModuleDoc
