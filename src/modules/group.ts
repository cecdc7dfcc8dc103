import { defineModule } from '../kit/module.ts'
import { change, type Plan, refuse } from '../kit/plan.ts'
import { groupId } from '../questions/system.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'

/** A group of the target. */
export default defineModule({
  name: 'group',
  summary: 'A group is there with a certain number, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, pattern: '^[^-:,\\s][^:,\\n]*$' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      gid: { type: 'integer', minimum: 0 },
      system: { type: 'boolean', default: false },
      non_unique: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      local: { type: 'boolean', default: false, description: 'Groups are always local ones' },
    },
  },
  probe: ({ name }) => ({ seen: groupId(name) }),
  plan({ name, state, gid, system, non_unique, force }, { seen }, host): Plan {
    const touches = [`group:${name}`, 'path:/etc/group', 'path:/etc/gshadow']
    const result = { name, state, system, ...(seen === undefined && gid === undefined ? {} : { gid: gid ?? seen }) }
    const full = host.tools.has('groupadd')
    const lacks = (...tools: readonly string[]): Plan | undefined =>
      tools.some(tool => host.tools.has(tool)) ? undefined : refuse(`${host.name} has no ${tools.join(' and no ')}`)
    const number = gid === undefined ? [] : ['-g', String(gid)]
    if (state === 'absent') {
      if (seen === undefined) return change([], touches, { name, state })
      const by = run(host.tools.has('groupdel') ? sh`groupdel ${force ? ['-f'] : []} -- ${name}` : sh`delgroup ${name}`)
      const gone = change([{ what: name, from: String(seen), to: 'absent', by }], touches, { name, state })
      return lacks('groupdel', 'delgroup') ?? gone
    }
    if (seen === undefined) {
      const flags = [...number, ...(system ? [full ? '-r' : '-S'] : []), ...(non_unique && full ? ['-o'] : [])]
      const by = run(full ? sh`groupadd ${flags} -- ${name}` : sh`addgroup ${flags} ${name}`)
      const to = gid === undefined ? 'group' : String(gid)
      return lacks('groupadd', 'addgroup') ?? change([{ what: name, from: 'absent', to, by }], touches, result)
    }
    if (gid === undefined || gid === seen) return change([], touches, result)
    if (!host.tools.has('groupmod'))
      return refuse(`the number of ${name} cannot be changed: ${host.name} has no groupmod`)
    const by = run(sh`groupmod ${number} ${non_unique ? ['-o'] : []} -- ${name}`)
    return change([{ what: `${name} gid`, from: String(seen), to: String(gid), by }], touches, result)
  },
})
