import type { ModuleDoc } from '../../kit/module-doc.ts'
import { REWRITE_RETURNS } from '../shared/returns.ts'

export default {
  examples: `
- name: The service may open many files
  community.general.pam_limits:
    domain: app
    limit_type: '-'
    limit_item: nofile
    value: '65536'
`,
  returns: {
    ...REWRITE_RETURNS,
  },
} satisfies ModuleDoc
