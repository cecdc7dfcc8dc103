import { defineModule } from '../kit/module.ts'
import { change, edit, refuse } from '../kit/plan.ts'
import { ask } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

/** What dpkg is to do with a package; undefined for one that it does not know, and `none` where there is no dpkg. */
const selection = (name: string) =>
  ask(sh`LC_ALL=C dpkg --get-selections ${name}`, [`package:${name}`, 'path:/var/lib/dpkg'], ({ code, stdout }) =>
    code === 127 ? 'none' : stdout.trim().split(/\s+/)[1],
  )

/** What dpkg is to do with a package when it next has to do with it. */
export default defineModule({
  name: 'dpkg_selections',
  summary: 'A package is selected to be installed, held back or removed; nothing is installed or removed by that',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'selection'],
    properties: {
      name: { type: 'string', pattern: '^[^\\s-]\\S*$' },
      selection: { type: 'string', enum: ['deinstall', 'hold', 'install', 'purge'] },
    },
  },
  probe: ({ name }) => ({ seen: selection(name) }),
  plan({ name, selection: wanted }, { seen }, host) {
    if (seen === 'none') return refuse(`dpkg_selections is for Debian and its kin, ${host.name} is ${host.id}`)
    if (seen === undefined) return refuse(`Failed to find package '${name}' to perform selection '${wanted}'.`)
    const script = sh`dpkg --set-selections`
    const edits = edit(name, seen, wanted, to => ({ kind: 'run', script, stdin: `${name} ${to}\n` }))
    return change(edits, [`package:${name}`, 'path:/var/lib/dpkg'], { after: wanted }, { before: seen })
  },
})
