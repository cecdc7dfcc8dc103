import type { Edit } from '../../kit/plan.ts'
import type { ContainerFacts, EndpointFacts } from '../../questions/docker.ts'
import { type Script, sh } from '../../shell/script.ts'
import { run } from './attributes.ts'
import { flagged } from './docker.ts'

/** A network to which a container belongs, and by which names and addresses. */
export interface Endpoint {
  readonly name?: string
  readonly aliases?: readonly string[]
  readonly ipv4_address?: string
  readonly ipv6_address?: string
  readonly links?: readonly string[]
}

/** The words of `docker network connect` that stand before the network's name. */
const words = (one: Endpoint): string[] => [
  ...flagged('--ip', one.ipv4_address),
  ...flagged('--ip6', one.ipv6_address),
  ...(one.aliases ?? []).flatMap(alias => ['--alias', alias]),
  ...(one.links ?? []).flatMap(link => ['--link', link]),
]

/** The words of `docker create` for the first network. */
export const firstWords = (one: Endpoint | undefined): string[] =>
  one === undefined ? [] : words(one).map(word => (word === '--alias' ? '--network-alias' : word))

/** Joins a container to a network. */
export const joined = (docker: Script, container: string, one: Endpoint): Script =>
  sh`${docker} network connect ${words(one)} ${one.name ?? ''} ${container}`

/** What is otherwise with a container's networks, each made right by itself: the container stays. */
export function endpointEdits(
  docker: Script,
  container: string,
  wanted: readonly Endpoint[] | undefined,
  now: ContainerFacts,
  purge: boolean,
): Edit[] {
  const has = now.NetworkSettings?.Networks ?? {}
  const leave = (name: string): Script => sh`${docker} network disconnect ${name} ${container}`
  const edits = (wanted ?? []).flatMap((one): Edit[] => {
    const name = one.name ?? ''
    const found = has[name]
    const what = `network ${name}`
    const join = joined(docker, container, one)
    if (found === undefined) return [{ what, from: 'not connected', to: 'connected', by: run(join) }]
    const differs = unlike(one, found)
    return differs === undefined ? [] : [{ what, ...differs, by: run(sh`${leave(name)} && ${join}`) }]
  })
  const known = new Set((wanted ?? []).map(({ name }) => name))
  const extra = purge ? Object.keys(has).filter(name => !known.has(name)) : []
  return [
    ...edits,
    ...extra.map(name => ({ what: `network ${name}`, from: 'connected', to: 'not connected', by: run(leave(name)) })),
  ]
}

/** In what a container's place in a network is not the declared one. */
function unlike(one: Endpoint, found: EndpointFacts): { from: string; to: string } | undefined {
  const pairs: [string, string][] = [
    ...(one.ipv4_address === undefined
      ? []
      : [[found.IPAMConfig?.IPv4Address ?? '', one.ipv4_address] as [string, string]]),
    ...(one.ipv6_address === undefined
      ? []
      : [[found.IPAMConfig?.IPv6Address ?? '', one.ipv6_address] as [string, string]]),
    ...missing(one.aliases, found.Aliases),
    ...missing(one.links?.map(full), found.Links),
  ]
  const differing = pairs.filter(([from, to]) => from !== to)
  if (differing.length === 0) return undefined
  return { from: differing.map(([from]) => from || 'none').join(' '), to: differing.map(([, to]) => to).join(' ') }
}

const missing = (
  wanted: readonly string[] | undefined,
  has: readonly string[] | null | undefined,
): [string, string][] =>
  wanted === undefined || wanted.every(one => has?.includes(one)) ? [] : [[(has ?? []).join(','), wanted.join(',')]]

const full = (link: string): string => (link.includes(':') ? link : `${link}:${link}`)
