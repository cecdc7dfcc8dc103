import { ask, type TargetQuestion } from '../kit/question.ts'
import { raw } from '../shell/script.ts'

/** A service as one of the managers of the target tells it. */
export interface ListedService {
  readonly name: string
  readonly source: 'systemd' | 'sysv' | 'openrc'
  readonly state: string
  readonly status?: string
  /** Of OpenRC: where it starts; null for nowhere. */
  readonly runlevels?: readonly string[] | null
}

/** Each part is introduced by a line of its own; a manager that is not there says nothing. */
const SCRIPT = raw(`export LC_ALL=C
if [ -d /run/systemd/system ]; then
  echo '#units'; systemctl list-units --no-pager --no-legend --plain --type service --all
  echo '#files'; f=$(systemctl list-unit-files --no-pager --no-legend --type service); printf '%s\\n' "$f"
  echo '#states'; n=$(printf '%s\\n' "$f" | awk '$1 !~ /@\\.service$/ { print $1 }'); [ -z "$n" ] || systemctl show --property=ActiveState -- $n
fi
if command -v rc-status >/dev/null; then
  echo '#openrc'; rc-status -a -s -m 2>&1 | grep '^ ' | tr -d '[]'
  echo '#runlevels'; rc-update show -v 2>&1 | grep '|'
elif command -v service >/dev/null && ! command -v chkconfig >/dev/null; then
  echo '#sysv'; service --status-all 2>/dev/null
fi; :`)

/** All services of the target. Dear: scripts of SysV init are asked one by one. */
export const serviceList: TargetQuestion<readonly ListedService[]> = ask(
  SCRIPT,
  ['everything'],
  answer => servicesIn(answer.stdout),
  { dear: true },
)

/** States that the file of a unit does not overrule. */
const BAD: ReadonlySet<string> = new Set(['not-found', 'masked', 'failed'])

/** Reads the reply: SysV first, what systemd knows under the same name counts more. */
export function servicesIn(text: string): ListedService[] {
  const parts = new Map(
    text.split(/^#/m).map((part): [string, readonly string[]] => {
      const [name = '', ...lines] = part.split('\n')
      return [name, lines]
    }),
  )
  const part = (name: string): readonly string[] => parts.get(name) ?? []
  const found = new Map<string, ListedService>()
  for (const line of part('sysv')) {
    const [, sign, name] = /^\s*\[ ([+-]) \]\s+(.+)$/.exec(line) ?? []
    if (name !== undefined) found.set(name, { name, source: 'sysv', state: sign === '+' ? 'running' : 'stopped' })
  }
  for (const service of [...openrc(part('openrc'), part('runlevels')), ...systemd(part)])
    found.set(service.name, service)
  return [...found.values()]
}

function openrc(states: readonly string[], levels: readonly string[]): ListedService[] {
  const runlevels = new Map(
    levels.map((line): [string, readonly string[] | null] => {
      const [name = '', list = ''] = line.split('|').map(word => word.trim())
      return [name, list === '' ? null : list.split(/\s+/)]
    }),
  )
  return states.flatMap(line => {
    const [name, state] = line.trim().split(/\s+/)
    if (name === undefined || state === undefined) return []
    return [{ name, source: 'openrc', state, runlevels: runlevels.get(name) ?? null } satisfies ListedService]
  })
}

function systemd(part: (name: string) => readonly string[]): ListedService[] {
  const units = part('units').flatMap((line): ListedService[] => {
    const [name = '', load = '', active = '', sub = ''] = line.trim().split(/\s+/)
    if (!name.endsWith('.service')) return []
    const status = [load, active].find(word => BAD.has(word)) ?? active
    return [{ name, source: 'systemd', state: sub === 'running' ? 'running' : 'stopped', status }]
  })
  const byName = new Map(units.map(unit => [unit.name, unit]))
  const shown = part('states').flatMap(line => /^ActiveState=(.*)$/.exec(line)?.[1] ?? [])
  for (const line of part('files')) {
    const [name = '', status = ''] = line.trim().split(/\s+/)
    if (name === '') continue
    const template = name.endsWith('@.service')
    const state = template ? 'unknown' : (shown.shift() ?? 'unknown')
    const known = byName.get(name)
    if (known === undefined) byName.set(name, { name, source: 'systemd', state, status })
    else if (!BAD.has(known.status ?? '')) byName.set(name, { ...known, status })
  }
  return [...byName.values()]
}
