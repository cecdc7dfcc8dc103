import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, type Script, sh } from '../shell/script.ts'

/** A systemd unit as `systemctl show` tells it. */
export interface Unit {
  readonly properties: ReadonlyMap<string, string>
  readonly found: boolean
  readonly active: 'active' | 'activating' | 'deactivating' | 'inactive'
  readonly failed: boolean
  readonly masked: boolean
  /** `undefined` where enabling means nothing: static, generated, transient and indirect units. */
  readonly enabled: boolean | undefined
  readonly reloadNeeded: boolean
}

export type Scope = 'system' | 'user' | 'global'

const PROPERTIES = [
  'Id',
  'Names',
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
  'Requires',
  'Wants',
  'After',
  'Before',
].join(',')

/** `systemctl` for a scope. */
export const systemctl = (scope: Scope): Script =>
  scope === 'system' ? raw('systemctl') : scope === 'user' ? raw('systemctl --user') : raw('systemctl --global')

/** What systemd knows of a unit. Where no systemd runs (a chroot, an image) only the files are judged. */
export const unit = (name: string, scope: Scope): TargetQuestion<Unit> => {
  const offline = sh`s=$(LC_ALL=C ${systemctl(scope)} is-enabled -- ${name} 2>/dev/null); echo "UnitFileState=$s"; [ -n "$s" ] && echo LoadState=loaded || echo LoadState=not-found; echo ActiveState=unknown`
  const online = sh`LC_ALL=C ${systemctl(scope)} show -p ${PROPERTIES} -- ${name}`
  const script = scope === 'global' ? offline : sh`if [ -d /run/systemd/system ]; then ${online}; else ${offline}; fi`
  return ask(script, [`unit:${name}`, 'path:/etc/systemd', 'path:/lib/systemd', 'path:/usr/lib/systemd'], answer => {
    const properties = new Map(answer.stdout.split('\n').flatMap(line => (line.includes('=') ? [splitAt(line)] : [])))
    if (!properties.has('LoadState')) throw new CouldNotTell(`systemd does not answer: ${answer.stderr.trim()}`)
    return unitOf(properties)
  })
}

const splitAt = (line: string): [string, string] => {
  const at = line.indexOf('=')
  return [line.slice(0, at), line.slice(at + 1)]
}

const ENABLED: Readonly<Record<string, boolean>> = {
  enabled: true,
  'enabled-runtime': true,
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

function unitOf(properties: ReadonlyMap<string, string>): Unit {
  const load = properties.get('LoadState')
  const active = properties.get('ActiveState') ?? ''
  const file = properties.get('UnitFileState') ?? ''
  return {
    properties,
    found: load !== 'not-found' || ACTIVE[active] === 'active',
    active: ACTIVE[active] ?? 'inactive',
    failed: active === 'failed',
    masked: load === 'masked' || file.startsWith('masked'),
    enabled: ENABLED[file],
    reloadNeeded: properties.get('NeedDaemonReload') === 'yes',
  }
}

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
  const enabled =
    init === 'openrc'
      ? sh`[ -e ${`/etc/runlevels/${runlevel}/${name}`} ]`
      : sh`ls /etc/rc[S2345].d /etc/rc.d/rc[2345].d 2>/dev/null | grep -E '^S[0-9][0-9]' | cut -c4- | grep -qxF -- ${name}`
  return ask(
    sh`[ -x ${script} ] && echo found; ${running} >/dev/null 2>&1 && echo running; ${enabled} && echo enabled; :`,
    [`unit:${name}`, 'path:/etc/init.d', 'path:/etc/runlevels'],
    answer => {
      const said = new Set(answer.stdout.split('\n'))
      return { found: said.has('found'), running: said.has('running'), enabled: said.has('enabled') }
    },
  )
}
