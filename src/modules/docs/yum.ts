import type { ModuleDoc } from '../../kit/module-doc.ts'
import dnf from './dnf.ts'

export default {
  ...dnf,
  examples: dnf.examples.replaceAll('ansible.builtin.dnf:', 'ansible.builtin.yum:'),
  differences: ['It is dnf by its older name; use_backend is accepted.', ...dnf.differences],
} satisfies ModuleDoc
