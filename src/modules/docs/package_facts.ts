import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: `
- name: What is installed
  ansible.builtin.package_facts:

- name: The version of the libc
  ansible.builtin.debug:
    msg: "{{ ansible_facts.packages['libc6'][0].version }}"
  when: "'libc6' in ansible_facts.packages"
`,
  returns: {},
  differences: [
    'apt, rpm, apk and pacman are known.',
    'With apt, whose list has a package is asked of apt-cache, once for all of them: about a second of work for a host with 800.',
    'With apt, the category is what dpkg has of the package; Ansible takes that of the lists, which here and there is another.',
  ],
} satisfies ModuleDoc
