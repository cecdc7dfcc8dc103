import { defineModule } from '../kit/module.ts'
import { act, change, type Plan, refuse } from '../kit/plan.ts'
import { known } from '../questions/known.ts'
import { type InitService, initService, type Unit, unit } from '../questions/services.ts'
import { join, type Script, sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'
import { unitName, unitPlan } from './shared/unit.ts'

/** Services of whatever init the target has. */
export default defineModule({
  name: 'service',
  summary: 'A service runs or does not, and starts with the system or does not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1 },
      state: { type: 'string', enum: ['reloaded', 'restarted', 'started', 'stopped'] },
      enabled: { type: 'boolean' },
      use: { type: 'string', default: 'auto', description: 'The init is found by itself' },
      daemon_reload: { type: 'boolean', default: false, description: 'With systemd' },
      scope: { type: 'string', enum: ['system', 'user', 'global'], default: 'system', description: 'With systemd' },
      masked: { type: 'boolean', description: 'With systemd' },
      runlevel: { type: 'string', default: 'default' },
      sleep: { type: 'integer', minimum: 0, description: 'Seconds between stop and start' },
      arguments: {
        type: 'string',
        aliases: ['args'],
        refused: 'arguments belong into the configuration of the service',
      },
      pattern: { type: 'string', refused: 'a service is judged by its status, not by the process list' },
    },
  },
  probe({ name, scope, runlevel }, host) {
    const init = host.init === 'openrc' || host.init === 'sysv' ? host.init : undefined
    return {
      unit: init === undefined ? unit(unitName(name), scope) : known<Unit | undefined>(undefined),
      service: init === undefined ? known<InitService | undefined>(undefined) : initService(name, init, runlevel),
    }
  },
  plan(args, seen, host) {
    if (seen.unit !== undefined) {
      if (!host.tools.has('systemctl'))
        return refuse(`no service manager is known on ${host.name}`, 'it has neither systemd, OpenRC nor SysV init')
      return unitPlan({ ...args, daemon_reexec: false, no_block: false, force: false }, seen.unit, host.name)
    }
    return seen.service === undefined ? refuse('no service manager is known') : initPlan(args, seen.service, host)
  },
})

interface Wish {
  readonly name: string
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded'
  readonly enabled?: boolean
  readonly runlevel: string
  readonly sleep?: number
}

function initPlan(wish: Wish, seen: InitService, host: { name: string; init: string }): Plan {
  const { name, state, enabled } = wish
  const openrc = host.init === 'openrc'
  const result = {
    name,
    ...(state === undefined ? {} : { state: state === 'stopped' ? 'stopped' : 'started' }),
    ...(enabled === undefined ? {} : { enabled }),
  }
  if (!seen.found)
    return refuse(`Could not find the requested service ${name}: ${host.name}`, 'check the name in /etc/init.d', result)
  const call = (verb: string): Script =>
    openrc ? sh`rc-service ${name} ${verb}` : sh`${`/etc/init.d/${name}`} ${verb}`
  const edits = [
    ...(enabled === undefined || enabled === seen.enabled
      ? []
      : [
          {
            what: `${name} enabled`,
            from: enabled ? 'no' : 'yes',
            to: enabled ? 'yes' : 'no',
            by: run(enable(wish, enabled, openrc)),
          },
        ]),
    ...(state === 'stopped' && seen.running
      ? [{ what: `${name} state`, from: 'started', to: 'stopped', by: run(call('stop')) }]
      : []),
    ...(state !== undefined && state !== 'stopped' && !seen.running
      ? [{ what: `${name} state`, from: 'stopped', to: 'started', by: run(call('start')) }]
      : []),
  ]
  if (state !== 'restarted' && state !== 'reloaded') return change(edits, ['everything'], result)
  const again =
    state === 'reloaded'
      ? call('reload')
      : wish.sleep === undefined
        ? call('restart')
        : sh`${call('stop')} && sleep ${wish.sleep} && ${call('start')}`
  // What did not run was just started, by one of the edits.
  const script = join([...edits.map(edit => edit.by.script), ...(seen.running ? [again] : [])], ' && ')
  return act(script.shown, run(script), outcome => ended(outcome, result), { dry: 'pretend' })
}

const enable = ({ name, runlevel }: Wish, enabled: boolean, openrc: boolean): Script => {
  if (openrc) return sh`rc-update ${enabled ? 'add' : 'del'} ${name} ${runlevel}`
  const words = enabled ? ['defaults'] : ['disable']
  return sh`if command -v update-rc.d >/dev/null; then update-rc.d ${name} ${words}; else chkconfig ${name} ${enabled ? 'on' : 'off'}; fi`
}
