import type { ModuleDoc } from '../../kit/module-doc.ts'
import dnf from './dnf.ts'

export default {
  ...dnf,
  examples: dnf.examples.replaceAll('ansible.builtin.dnf:', 'ansible.builtin.dnf5:'),
  differences: ['It is dnf by its newer name: whichever dnf the host has is used.', ...dnf.differences],
} satisfies ModuleDoc
