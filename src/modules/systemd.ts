import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { known } from '../questions/known.ts'
import { type Unit, unit } from '../questions/services.ts'
import { unitName, unitPlan } from './shared/unit.ts'

/** A unit that is asked for nothing. */
const NO_UNIT: Unit = {
  properties: new Map(),
  found: true,
  active: 'inactive',
  failed: false,
  masked: false,
  enabled: undefined,
  reloadNeeded: false,
}

/** Units of systemd. */
export default defineModule({
  name: 'systemd',
  summary: 'A systemd unit runs, is enabled or masked; or systemd itself is reloaded',
  args: {
    type: 'object',
    additionalProperties: false,
    oneOf: [['name', 'daemon_reload', 'daemon_reexec']],
    properties: {
      name: { type: 'string', minLength: 1, aliases: ['service', 'unit'] },
      state: { type: 'string', enum: ['reloaded', 'restarted', 'started', 'stopped'] },
      enabled: { type: 'boolean' },
      masked: { type: 'boolean' },
      daemon_reload: { type: 'boolean', default: false, aliases: ['daemon-reload'] },
      daemon_reexec: { type: 'boolean', default: false, aliases: ['daemon-reexec'] },
      scope: { type: 'string', enum: ['system', 'user', 'global'], default: 'system' },
      no_block: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
    },
  },
  probe: ({ name, scope }) => ({ seen: name === undefined ? known(NO_UNIT) : unit(unitName(name), scope) }),
  plan(args, { seen }, host) {
    if (!host.tools.has('systemctl')) return refuse(`there is no systemd on ${host.name}`, 'use the service module')
    return unitPlan(args, seen, host.name)
  },
})
