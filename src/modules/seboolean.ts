import { defineModule } from '../kit/module.ts'
import { change, refuse } from '../kit/plan.ts'
import { booleanSeen } from '../questions/selinux.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'

/** A switch of the policy of SELinux. */
export default defineModule({
  name: 'seboolean',
  collection: 'ansible.posix',
  summary: 'A switch of the policy of SELinux is on or off, now or at every start',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'state'],
    properties: {
      name: { type: 'string', pattern: '^\\w+$', description: 'Such as httpd_can_network_connect' },
      state: { type: 'boolean' },
      persistent: { type: 'boolean', default: false, description: 'At every start, too' },
      ignore_selinux_state: {
        type: 'boolean',
        default: false,
        description: 'Also where SELinux is off, as in a chroot',
      },
    },
  },
  probe: ({ name }) => ({ seen: booleanSeen(name) }),
  plan({ name, state, persistent, ignore_selinux_state }, { seen }) {
    if (!seen.enabled && !ignore_selinux_state)
      return refuse('SELinux is disabled on this host.', 'set ignore_selinux_state: true where that cannot be seen')
    if (seen.enabled && seen.now === undefined) return refuse(`SELinux boolean ${name} does not exist.`)
    const word = (value: boolean | undefined) => (value === undefined ? 'by policy' : value ? 'on' : 'off')
    const fine = (!seen.enabled || seen.now === state) && (!persistent || seen.kept === state)
    const from = persistent && seen.now === state ? word(seen.kept) : word(seen.now)
    const by = run(sh`PATH=$PATH:/usr/sbin:/sbin setsebool ${persistent ? ['-P'] : []} ${name} ${word(state)}`)
    const touches = ['path:/sys/fs/selinux', 'path:/var/lib/selinux']
    return change(fine ? [] : [{ what: name, from, to: word(state), by }], touches, { name, persistent, state })
  },
})
