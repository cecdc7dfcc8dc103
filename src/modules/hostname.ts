import { defineModule } from '../kit/module.ts'
import { change, type Edit } from '../kit/plan.ts'
import { ask, CouldNotTell } from '../kit/question.ts'
import { text } from '../questions/files.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'

const FILE = '/etc/hostname'
const KERNEL = '/proc/sys/kernel/hostname'

/** What the kernel calls this host now. */
const current = ask(sh`uname -n`, [`path:${KERNEL}`], answer => {
  if (!answer.ok) throw new CouldNotTell(answer.stderr.trim() || 'uname -n says nothing')
  return answer.stdout.trim()
})

/** The host has a name, now and after it has started anew. */
export default defineModule({
  name: 'hostname',
  summary: 'The host has a certain name, now and after a reboot',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$', description: 'The name' },
      use: {
        type: 'string',
        enum: ['alpine', 'debian', 'systemd'],
        description: 'Without effect: all of these keep the name in /etc/hostname and in the kernel',
      },
    },
  },
  probe: () => ({ now: current, kept: text(FILE) }),
  plan({ name }, { now, kept }) {
    const edits: Edit[] = []
    if (kept?.trim() !== name)
      edits.push({
        what: FILE,
        from: kept?.trim() ?? 'absent',
        to: name,
        by: { kind: 'put', path: FILE, content: { text: `${name}\n` } },
      })
    // In a container the file may be read-only, and the call be allowed.
    const set = sh`{ printf %s ${name} >${KERNEL}; } 2>/dev/null || hostname ${name}`
    if (now !== name) edits.push({ what: 'hostname', from: now, to: name, by: run(set) })
    return change(edits, [`path:${FILE}`, `path:${KERNEL}`], { name })
  },
})
