import type { NetworkFacts } from '../../questions/docker.ts'
import { asText, flagged, pairs, unlike } from './docker.ts'

/** A network as it should be; what is absent is not compared. */
export interface WantedNetwork {
  readonly driver: string
  readonly driver_options: Readonly<Record<string, unknown>>
  readonly attachable?: boolean
  readonly enable_ipv6?: boolean
  readonly internal?: boolean
  readonly ipam_driver?: string
  readonly ipam_driver_options?: Readonly<Record<string, unknown>>
  readonly ipam_config?: readonly {
    readonly subnet?: string
    readonly iprange?: string
    readonly gateway?: string
    readonly aux_addresses?: Readonly<Record<string, unknown>>
  }[]
  readonly labels: Readonly<Record<string, unknown>>
  readonly scope?: string
}

/** Names of the containers that a network shows: those that run. */
export const connectedNames = (now: NetworkFacts): string[] =>
  Object.values(now.Containers ?? {}).map(({ Name }) => Name)

/** Docker's names of what an address pool holds. */
const POOL = { subnet: 'Subnet', iprange: 'IPRange', gateway: 'Gateway', aux_addresses: 'AuxiliaryAddresses' } as const

/** Every declared field in which a network differs. */
export function networkDifferences(wanted: WantedNetwork, now: NetworkFacts) {
  const plain = [
    ['driver', now.Driver, wanted.driver],
    ['ipam_driver', now.IPAM?.Driver, wanted.ipam_driver],
    ['enable_ipv6', now.EnableIPv6 ?? false, wanted.enable_ipv6],
    ['internal', now.Internal ?? false, wanted.internal],
    ['scope', now.Scope, wanted.scope],
    ['attachable', now.Attachable ?? false, wanted.attachable],
  ] as const
  const options = wanted.ipam_driver_options
  const inverse = Object.keys(now.IPAM?.Options ?? {}).filter(key => options !== undefined && !(key in options))
  return [
    ...plain.flatMap(([what, from, to]) =>
      to === undefined || to === '' || from === to ? [] : [{ what, from: asText(from), to: asText(to) }],
    ),
    ...unlike('driver_options', now.Options, wanted.driver_options),
    ...unlike('ipam_driver_options', now.IPAM?.Options, options),
    ...inverse.map(key => ({ what: `ipam_driver_options.${key}`, from: 'set', to: 'unset' })),
    ...(wanted.ipam_config ?? []).flatMap((pool, index) => poolDifferences(pool, index, now.IPAM?.Config ?? [])),
    ...unlike('labels', now.Labels, wanted.labels),
  ]
}

/** Where no pool of the network is the declared one, in what it differs from the one of its subnet. */
function poolDifferences(
  pool: Readonly<Record<string, unknown>>,
  index: number,
  pools: readonly Readonly<Record<string, unknown>>[],
) {
  const has = pools.find(one => one['Subnet'] === pool['subnet'])
  return Object.entries(POOL).flatMap(([name, key]) => {
    const from = show(has?.[key])
    const to = show(pool[name])
    return pool[name] === undefined || from === to ? [] : [{ what: `ipam_config[${index}].${name}`, from, to }]
  })
}

const show = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([key, one]) => `${key}=${asText(one)}`)
        .sort()
        .join(' ')
    : value === undefined
      ? 'unset'
      : asText(value)

/** The words of `docker network create` that stand before the name. */
export const createWords = (wanted: WantedNetwork): string[] => [
  ...flagged('--driver', wanted.driver),
  ...pairs('--opt', wanted.driver_options),
  ...(wanted.enable_ipv6 ? ['--ipv6'] : []),
  ...(wanted.internal ? ['--internal'] : []),
  ...(wanted.attachable ? ['--attachable'] : []),
  ...flagged('--scope', wanted.scope),
  ...flagged('--ipam-driver', wanted.ipam_driver),
  ...pairs('--ipam-opt', wanted.ipam_driver_options),
  ...(wanted.ipam_config ?? []).flatMap(pool => [
    ...flagged('--subnet', pool.subnet),
    ...flagged('--ip-range', pool.iprange),
    ...flagged('--gateway', pool.gateway),
    ...pairs('--aux-address', pool.aux_addresses),
  ]),
  ...pairs('--label', wanted.labels),
]
