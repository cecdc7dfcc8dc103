import type { ModuleDoc } from '../../kit/module-doc.ts'
import systemd from './systemd.ts'

export default {
  ...systemd,
  examples: systemd.examples.replaceAll('ansible.builtin.systemd:', 'ansible.builtin.systemd_service:'),
} satisfies ModuleDoc
