import { defineModule } from '../kit/module.ts'
import dnf from './dnf.ts'
import { DNF_PARAMETERS } from './shared/dnf.ts'
import { joinedNames } from './shared/joined.ts'

const { allowerasing: _, nobest: __, ...ALIKE } = DNF_PARAMETERS

/** The older name of `dnf`; yum itself is dnf since Red Hat's version 8. */
export default defineModule({
  name: 'yum',
  summary: 'Packages are installed, up to date or absent, by dnf; a list is one transaction',
  args: {
    type: 'object',
    additionalProperties: false,
    oneOf: [['name', 'update_cache', 'autoremove']],
    properties: {
      ...ALIKE,
      use_backend: {
        type: 'string',
        enum: ['auto', 'yum', 'yum4', 'dnf'],
        default: 'auto',
        description: 'Accepted; dnf is used',
      },
    },
  },
  probe: (args, host) => dnf.probe(args, host),
  plan: (args, seen, host) => dnf.plan(args, seen as Readonly<Record<string, unknown>>, host),
  join: joinedNames,
  afterwards: (args, seen, edits, host) =>
    dnf.afterwards?.(args, seen as Readonly<Record<string, unknown>>, edits, host),
})
