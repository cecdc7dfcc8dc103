import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, type Script, sh } from '../shell/script.ts'

/** A systemd unit as `systemctl show` tells it. */
export interface Unit {
  readonly properties: ReadonlyMap<string, string>
  readonly found: boolean
  readonly active: 'active' | 'activating' | 'deactivating' | 'inactive'
  readonly failed: boolean
  readonly masked: boolean
  /** `undefined` where enabling means nothing: static, generated and transient units. */
  readonly enabled: boolean | undefined
  readonly reloadNeeded: boolean
}

export type Scope = 'system' | 'user' | 'global'

/**
 * Nothing that systemd keeps as a set, such as Names or After: a unit that nothing holds in memory is loaded anew for each answer,
 * which then tells sets in another order, and the host would seem to change all the time.
 */
const PROPERTIES = [
  'Id',
  'Description',
  'Type',
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'UnitFilePreset',
  'FragmentPath',
  'DropInPaths',
  'NeedDaemonReload',
  'Restart',
  'RemainAfterExit',
  'CanStart',
  'CanStop',
  'CanReload',
].join(',')

/** `systemctl` for a scope. */
export const systemctl = (scope: Scope): Script =>
  scope === 'system' ? raw('systemctl') : scope === 'user' ? raw('systemctl --user') : raw('systemctl --global')

/** What systemd knows of a unit. Where no systemd runs (a chroot, an image) only the files are judged. */
export const unit = (name: string, scope: Scope): TargetQuestion<Unit> => {
  const offline = sh`s=$(LC_ALL=C ${systemctl(scope)} is-enabled -- ${name} 2>/dev/null); echo "UnitFileState=$s"; [ -n "$s" ] && echo LoadState=loaded || echo LoadState=not-found; echo ActiveState=unknown`
  const old = name.replace(/\.service$/, '')
  const sysv = sh`[ ! -x ${`/etc/init.d/${old}`} ] || { ${linked(old)} && echo SysV=enabled || echo SysV=disabled; }`
  // An indirect unit is enabled where one of those that it names beside itself is: each has a line then.
  const also = sh`case $u in *UnitFileState=indirect*) echo "Also=$(LC_ALL=C ${systemctl(scope)} is-enabled -l -- ${name} | wc -l)";; esac`
  const online = sh`u=$(LC_ALL=C ${systemctl(scope)} show -p ${PROPERTIES} -- ${name}) && printf '%s\n' "$u" && ${also} && ${scope === 'system' ? sysv : raw(':')}`
  const script = scope === 'global' ? offline : sh`if [ -d /run/systemd/system ]; then ${online}; else ${offline}; fi`
  return ask(
    script,
    [`unit:${name}`, 'path:/etc/systemd', 'path:/lib/systemd', 'path:/usr/lib/systemd', 'path:/etc/init.d'],
    answer => {
      const properties = new Map(answer.stdout.split('\n').flatMap(line => (line.includes('=') ? [splitAt(line)] : [])))
      if (!properties.has('LoadState')) throw new CouldNotTell(`systemd does not answer: ${answer.stderr.trim()}`)
      return unitOf(Object.fromEntries(properties))
    },
  )
}

const splitAt = (line: string): [string, string] => {
  const at = line.indexOf('=')
  return [line.slice(0, at), line.slice(at + 1)]
}

const ENABLED: Readonly<Record<string, boolean>> = {
  enabled: true,
  // Not when the system starts the next time
  'enabled-runtime': false,
  alias: true,
  linked: false,
  'linked-runtime': false,
  disabled: false,
  masked: false,
  'masked-runtime': false,
}

const ACTIVE: Readonly<Record<string, Unit['active']>> = {
  active: 'active',
  reloading: 'active',
  refreshing: 'active',
  activating: 'activating',
  deactivating: 'deactivating',
}

function unitOf({ SysV: sysv, Also: also, ...told }: Readonly<Record<string, string>>): Unit {
  const properties = new Map(Object.entries(told))
  const load = properties.get('LoadState')
  const active = properties.get('ActiveState') ?? ''
  // The unit of a script of SysV is made by systemd at each start; whether it starts with the system is said by links.
  const made = ['', 'generated'].includes(properties.get('UnitFileState') ?? '')
  const file = (made ? sysv : undefined) ?? properties.get('UnitFileState') ?? ''
  return {
    properties,
    found: load !== 'not-found' || ACTIVE[active] === 'active',
    active: ACTIVE[active] ?? 'inactive',
    failed: active === 'failed',
    masked: load === 'masked' || file.startsWith('masked'),
    enabled: file === 'indirect' && also !== undefined ? Number(also) > 1 : ENABLED[file],
    reloadNeeded: properties.get('NeedDaemonReload') === 'yes',
  }
}

/** Whether a script of SysV init is called when the system starts. */
const linked = (name: string): Script =>
  sh`ls /etc/rc[S2345].d /etc/rc.d/rc[2345].d 2>/dev/null | grep -E '^S[0-9][0-9]' | cut -c4- | grep -qxF -- ${name}`

/** A service of OpenRC or of SysV init. */
export interface InitService {
  readonly found: boolean
  readonly running: boolean
  readonly enabled: boolean
}

/** What an init other than systemd knows of a service. */
export const initService = (name: string, init: 'openrc' | 'sysv', runlevel: string): TargetQuestion<InitService> => {
  const script = `/etc/init.d/${name}`
  const running = init === 'openrc' ? sh`rc-service -q ${name} status` : sh`${script} status`
  const enabled = init === 'openrc' ? sh`[ -e ${`/etc/runlevels/${runlevel}/${name}`} ]` : linked(name)
  return ask(
    sh`[ -x ${script} ] && echo found; ${running} >/dev/null 2>&1 && echo running; ${enabled} && echo enabled; :`,
    [`unit:${name}`, 'path:/etc/init.d', 'path:/etc/runlevels'],
    answer => {
      const said = new Set(answer.stdout.split('\n'))
      return { found: said.has('found'), running: said.has('running'), enabled: said.has('enabled') }
    },
  )
}
