import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: The host's name, as its file says
  ansible.builtin.slurp:
    src: /etc/hostname
  register: file

- name: In plain text
  ansible.builtin.debug:
    msg: "{{ file.content | b64decode | trim }}"
`,
  returns: {
    content: { type: 'string', when: 'always', what: 'The bytes in base64' },
    encoding: { type: 'string', when: 'always', what: 'base64' },
    source: { type: 'string', when: 'always', what: 'The file' },
  },
} satisfies ModuleDoc
