import { dict } from '../../base/value.ts'
import type { Fields } from '../../kit/effect.ts'
import { act, change, type Edit, ok, type Plan, refuse } from '../../kit/plan.ts'
import { type Scope, systemctl, type Unit } from '../../questions/services.ts'
import { join, raw, type Script, sh } from '../../shell/script.ts'
import { run } from './attributes.ts'
import { ended } from './ended.ts'

/** What a task wants of a systemd unit. */
export interface UnitWish {
  /** As people write it: a plain name is a service. */
  readonly name?: string | undefined
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded' | undefined
  readonly enabled?: boolean | undefined
  readonly masked?: boolean | undefined
  readonly daemon_reload: boolean
  readonly daemon_reexec: boolean
  readonly scope: Scope
  readonly no_block: boolean
  readonly force: boolean
}

/** Starting a daemon makes sockets, ports and files of all sorts. */
const TOUCHES = ['everything']

/** A unit by its whole name: a plain name is a service. */
export const unitName = (name: string): string =>
  /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/.test(name) ? name : `${name}.service`

/** The plan for one unit, or for systemd itself when no unit is named. */
export function unitPlan(given: UnitWish, seen: Unit, host: string): Plan {
  const wish = given.name === undefined ? given : { ...given, name: unitName(given.name) }
  const ctl = systemctl(wish.scope)
  const reload = [
    ...(wish.daemon_reexec ? [sh`${ctl} daemon-reexec`] : []),
    ...(wish.daemon_reload && (wish.name === undefined || seen.reloadNeeded || !seen.found)
      ? [sh`${ctl} daemon-reload`]
      : []),
  ]
  const { name, state } = wish
  if (name === undefined) {
    const nothing = { name: null, status: dict({}) }
    return reload.length === 0 ? ok(nothing) : imperative(join(reload, ' && '), false, nothing)
  }
  const result: Fields = {
    name: given.name ?? name,
    status: dict(Object.fromEntries(seen.properties)),
    ...(state === undefined ? {} : { state: state === 'stopped' ? 'stopped' : 'started' }),
    ...(wish.enabled === undefined ? {} : { enabled: wish.enabled }),
  }
  const asked = state !== undefined || wish.enabled !== undefined
  if (!seen.found && asked && !wish.daemon_reload)
    return refuse(
      `Could not find the requested service ${given.name}: ${host}`,
      'check the name of the unit and that its package is installed',
      result,
    )
  if (seen.masked && wish.masked !== false && (state === 'started' || state === 'restarted' || wish.enabled === true))
    return refuse(`the unit ${name} is masked`, 'set masked: false to unmask it', result)
  const lines = [...masking(wish, seen), ...enabling(wish, seen), ...starting(wish, seen)]
  if (state === 'restarted' || state === 'reloaded') {
    const verb = state === 'restarted' ? 'restart' : 'reload'
    // What did not run was just started, by one of the lines.
    const last = lines.some(line => line.what === 'state') ? [] : [sh`${ctl} ${verb}${block(wish)} -- ${name}`]
    return imperative(join([...reload, ...lines.map(line => line.script), ...last], ' && '), true, result)
  }
  if (lines.length === 0) return reload.length === 0 ? ok(result) : imperative(join(reload, ' && '), false, result)
  const by = run(join([...reload, ...lines.map(line => line.script)], ' && '))
  return change(
    lines.map(({ what, from, to }): Edit => ({ what: `${name} ${what}`, from, to, by })),
    TOUCHES,
    result,
  )
}

interface Line {
  readonly what: 'masked' | 'enabled' | 'state'
  readonly from: string
  readonly to: string
  readonly script: Script
}

const block = ({ no_block }: UnitWish): Script => raw(no_block ? ' --no-block' : '')

function masking({ name = '', masked, scope }: UnitWish, seen: Unit): Line[] {
  if (masked === undefined || masked === seen.masked) return []
  return [
    {
      what: 'masked',
      from: word(!masked),
      to: word(masked),
      script: sh`${systemctl(scope)} ${masked ? 'mask' : 'unmask'} -- ${name}`,
    },
  ]
}

function enabling({ name = '', enabled, scope, force }: UnitWish, seen: Unit): Line[] {
  const now = seen.enabled
  if (
    enabled === undefined ||
    now === enabled ||
    (now === undefined && seen.found && seen.properties.get('UnitFileState') !== '')
  )
    return []
  if (now === undefined && !enabled) return []
  const flag = raw(force ? ' --force' : '')
  return [
    {
      what: 'enabled',
      from: word(!enabled),
      to: word(enabled),
      script: sh`${systemctl(scope)} ${enabled ? 'enable' : 'disable'}${flag} -- ${name}`,
    },
  ]
}

/** Started, or stopped; a unit that is to be restarted or reloaded and does not run is started. */
function starting(wish: UnitWish, seen: Unit): Line[] {
  const { name = '', state } = wish
  const ctl = systemctl(wish.scope)
  const up = seen.active === 'active' || seen.active === 'activating'
  const from = seen.failed ? 'failed' : up ? 'started' : 'stopped'
  if (state === 'stopped')
    return up || seen.active === 'deactivating'
      ? [{ what: 'state', from, to: 'stopped', script: sh`${ctl} stop${block(wish)} -- ${name}` }]
      : []
  if (state === undefined || up) return []
  return [{ what: 'state', from, to: 'started', script: sh`${ctl} start${block(wish)} -- ${name}` }]
}

const word = (yes: boolean): string => (yes ? 'yes' : 'no')

const imperative = (script: Script, changed: boolean, result: Fields): Plan =>
  act(script.shown, run(script), outcome => ended(outcome, result, changed), {
    touches: TOUCHES,
    // What never counts as a change has nothing to tell before.
    ...(changed ? { dry: 'pretend' } : { trial: run(raw(':')) }),
  })
