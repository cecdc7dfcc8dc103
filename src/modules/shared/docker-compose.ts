import type { Compose } from '../../questions/docker-compose.ts'
import { flagged } from './docker.ts'

/** How services should be, and how they get there. */
export interface WantedServices {
  readonly state: 'absent' | 'stopped' | 'restarted' | 'present'
  readonly build: 'always' | 'never' | 'policy'
  readonly pull: 'always' | 'missing' | 'never' | 'policy'
  readonly recreate: 'always' | 'never' | 'auto'
  readonly dependencies: boolean
  readonly remove_images?: string
  readonly remove_orphans: boolean
  readonly remove_volumes: boolean
  readonly renew_anon_volumes: boolean
  readonly scale?: Readonly<Record<string, number>>
  readonly timeout?: number
  readonly wait: boolean
  readonly wait_timeout?: number
}

const when = (on: boolean, flag: string): string[] => (on ? [flag] : [])

/** Whether it tells what it would do: since 2.18. */
export function dryRuns({ compose, version }: Compose): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return compose === 'plugin' && (major > 2 || (major === 2 && minor >= 18))
}

/** Which services, behind what ends the options. The program ends all of them or none, and takes no such words then. */
export const servicesOf = (
  wish: { readonly state: string; readonly services?: readonly string[] },
  compose: Compose['compose'],
): string[] => (compose === 'program' && wish.state === 'absent' ? [] : ['--', ...(wish.services ?? [])])

/** What the program cannot do. */
export function programFault(
  wish: WantedServices & { readonly env_files?: readonly string[]; readonly services?: readonly string[] },
): string | undefined {
  const faults = [
    [wish.state === 'absent' && (wish.services ?? []).length > 0, 'services that are absent'],
    [wish.wait, 'wait'],
    [/^(always|never)$/.test(wish.pull), `pull: ${wish.pull}`],
    [(wish.env_files ?? []).length > 1, 'several env_files'],
  ] as const
  return faults.find(([on]) => on)?.[1]
}

/** The subcommand of `docker compose` and its words, up to the services. */
export function composeWords(wish: WantedServices, compose: Compose['compose'] = 'plugin'): string[] {
  const plugin = compose === 'plugin'
  const seconds = flagged('--timeout', wish.timeout)
  if (wish.state === 'stopped') return ['stop', ...seconds]
  if (wish.state === 'restarted') return ['restart', ...when(plugin && !wish.dependencies, '--no-deps'), ...seconds]
  if (wish.state === 'absent')
    return [
      'down',
      ...when(wish.remove_orphans, '--remove-orphans'),
      ...flagged('--rmi', wish.remove_images),
      ...when(wish.remove_volumes, '--volumes'),
      ...seconds,
    ]
  return [
    ...['up', '--detach', '--no-color', '--quiet-pull'],
    ...(wish.pull === 'policy' || !plugin ? [] : ['--pull', wish.pull]),
    ...when(wish.remove_orphans, '--remove-orphans'),
    ...when(wish.recreate === 'always', '--force-recreate'),
    ...when(wish.recreate === 'never', '--no-recreate'),
    ...when(wish.renew_anon_volumes, '--renew-anon-volumes'),
    ...when(!wish.dependencies, '--no-deps'),
    ...seconds,
    ...when(wish.build === 'always', '--build'),
    ...when(wish.build === 'never', '--no-build'),
    ...Object.entries(wish.scale ?? {}).flatMap(([service, count]) => ['--scale', `${service}=${count}`]),
    ...when(wish.wait, '--wait'),
    ...(wish.wait ? flagged('--wait-timeout', wish.wait_timeout) : []),
  ]
}

/** Words of docker compose for something that is being done. */
const DOING = /^(?:Creating|Starting|Restarting|Stopping|Killing|Removing|Recreate|Building)$/

interface Action {
  readonly what: string
  readonly id: string
  readonly status: string
}

/** What docker compose did or, in a dry run, would do, by its own account: lines such as ` Container app-web-1  Starting`. */
export const actionsIn = (stderr: string): Action[] =>
  stderr.split('\n').flatMap(line => {
    const [, what = '', id = '', status = ''] =
      /^(?:\s*DRY-RUN MODE -)?\s*(Container|Network|Volume|Image)\s+(\S+)\s+(\S+)\s*$/.exec(line) ?? []
    return DOING.test(status) ? [{ what: what.toLowerCase(), id, status }] : []
  })

/** What the program did: lines such as `Creating app_web_1 ... ` and `Removing network app_default`. */
export function programActionsIn(stderr: string): Action[] {
  const lines = stderr.split('\n')
  // It removes what is not there, and says so afterwards.
  const none = new Set(lines.flatMap(line => /^(?:Network|Volume) (\S+) not found\.$/.exec(line)?.[1] ?? []))
  return lines.flatMap(line => {
    const [, status = '', what = 'container', id = ''] =
      /^(Creating|Starting|Restarting|Recreating|Stopping|Killing|Removing|Building) (?:(network|volume|image) )?"?([^\s"]+)"?(?=$| (?!\.\.\. \w))/.exec(
        line,
      ) ?? []
    return id === '' || none.has(id) ? [] : [{ what: status === 'Building' ? 'image' : what, id, status }]
  })
}
