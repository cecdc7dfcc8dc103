import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import {
  addressText,
  contains,
  hostBits,
  hostOf,
  isLinkLocal,
  isLoopback,
  isMulticast,
  isPrivate,
  isPublic,
  lastAddress,
  maskOf,
  type Network,
  networkAddress,
  parseNetwork,
  width,
} from '../formats/ip.ts'
import { int } from '../python/numbers.ts'

/** What is asked about: the network, and the text that was given. */
export interface Asked extends Network {
  readonly text: string
}

type Answer = (asked: Asked) => Value

/** An address of the same kind as text. */
export const address = (number: bigint, { version }: Network): string => addressText(number, version)
/** The same with the prefix. */
export const withPrefix = (number: bigint, network: Network): string => `${address(number, network)}/${network.prefix}`

const size = (network: Network): bigint => 1n << hostBits(network)
const isBase = (network: Network): boolean => network.address === networkAddress(network)
/** IPv4 networks of one or two addresses have no broadcast address; every IPv6 network has a last one. */
const hasBroadcast = (network: Network): boolean => network.version === 6 || size(network) > 2n
const hostMask = (network: Network): string => address(size(network) - 1n, network)
const netMask = (network: Network): string => address(maskOf(network), network)

/** The first and last address that hosts may have; undefined for an address by itself. */
export function usable(network: Network): readonly [first: bigint, last: bigint] | undefined {
  const edge = size(network) === 2n ? 0n : 1n
  return size(network) === 1n ? undefined : [networkAddress(network) + edge, lastAddress(network) - edge]
}

/** The address `offset` after this one, when hosts may have it. */
export function neighbour(network: Network, offset: bigint): Value {
  const range = usable(network)
  const wanted = network.address + offset
  return range && wanted >= range[0] && wanted <= range[1] ? address(wanted, network) : null
}

/** For networks only: an address by itself is no answer, but an error. */
const ofNetwork =
  (answer: Answer): Answer =>
  asked => {
    if (!asked.withPrefix) throw failure(`ipaddr(): '${asked.text}' is Not a network address`)
    return answer(asked)
  }

const only =
  (test: (network: Network) => boolean): Answer =>
  asked =>
    test(asked) ? asked.text : null

const ip: Answer = asked =>
  size(asked) === 1n || !isBase(asked) || asked.version === 6 || !hasBroadcast(asked)
    ? address(asked.address, asked)
    : null

/** The address with its prefix, unless it is the network's own or the broadcast address. */
const hostPrefix: Answer = asked =>
  size(asked) > 2n && (isBase(asked) || asked.address === lastAddress(asked)) ? false : withPrefix(asked.address, asked)

const ofHost =
  (write: (asked: Asked) => string): Answer =>
  asked =>
    size(asked) === 2n || (size(asked) > 1n && !isBase(asked)) ? write(asked) : null

const network: Answer = asked => address(networkAddress(asked), asked)
const subnet: Answer = asked => withPrefix(networkAddress(asked), asked)

const MAPPED = 0xffffn << 32n

const toV4: Answer = asked => {
  if (asked.version === 4) return asked.text
  const high = asked.address >> 32n
  if ((high !== 0n && high !== 0xffffn) || asked.prefix < 96) return false
  return `${addressText(asked.address & 0xffffffffn, 4)}/${asked.prefix - 96}`
}

const toV6: Answer = asked =>
  asked.version === 6 ? asked.text : `${addressText(MAPPED | asked.address, 6)}/${asked.prefix + 96}`

function sixToFour(asked: Asked): Value {
  const inside = contains({ version: 6, address: 0x2002n << 112n, prefix: 16, withPrefix: true }, hostOf(asked))
  if (asked.version === 6) return inside && !(asked.withPrefix && isBase(asked)) ? asked.text : false
  const host = hostOf(asked)
  if ((size(asked) > 1n && isBase(asked)) || !(isPublic(host) || isPrivate(host))) return false
  const hex = asked.address.toString(16).padStart(8, '0')
  return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::1/48`
}

function peer(asked: Asked): Value {
  if (size(asked) === 2n) return address(asked.address ^ 1n, asked)
  if (size(asked) !== 4n) throw failure(`ipaddr('peer'): '${asked.text}' is Not a point-to-point network`)
  const place = asked.address % 4n
  if (place === 0n) throw failure(`ipaddr('peer'): '${asked.text}' is the Network address of /30, which has no peer`)
  if (place === 3n) throw failure(`ipaddr('peer'): '${asked.text}' is the Broadcast address of /30, which has no peer`)
  return address(asked.address ^ 3n, asked)
}

function reverseName({ version, address: number }: Asked): string {
  if (version === 4) return `${addressText(number, 4).split('.').reverse().join('.')}.in-addr.arpa.`
  return `${[...number.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa.`
}

const isAddress = (asked: Asked): boolean => size(asked) === 1n || !isBase(asked)
const edge = (index: 0 | 1): Answer =>
  ofNetwork(asked => {
    const range = usable(asked)
    return range ? address(range[index], asked) : null
  })
const loopback = only(asked => isLoopback(hostOf(asked)))
const wildcard: Answer = hostMask

/** What `ipaddr('query')` answers; null and false where the query does not fit, each as ansible.utils has it. */
export const IP_QUERIES: Readonly<Record<string, Answer>> = {
  '': asked => (asked.withPrefix ? withPrefix(asked.address, asked) : address(asked.address, asked)),
  '6to4': sixToFour,
  address: ip,
  'address/prefix': hostPrefix,
  bool: () => true,
  broadcast: asked => (size(asked) > 2n ? address(lastAddress(asked), asked) : null),
  cidr: asked => withPrefix(asked.address, asked),
  first_usable: edge(0),
  gateway: hostPrefix,
  gw: hostPrefix,
  host: asked =>
    size(asked) === 1n || !isBase(asked) || !hasBroadcast(asked) ? withPrefix(asked.address, asked) : null,
  'host/prefix': hostPrefix,
  hostmask: wildcard,
  hostnet: hostPrefix,
  int: asked => (asked.withPrefix ? `${asked.address}/${asked.prefix}` : int(asked.address)),
  ip,
  'ip/prefix': ofHost(asked => withPrefix(asked.address, asked)),
  ip_netmask: ofHost(asked => `${address(asked.address, asked)} ${netMask(asked)}`),
  ipv4: toV4,
  ipv6: toV6,
  last_usable: edge(1),
  'link-local': only(asked => isLinkLocal(hostOf(asked))),
  lo: loopback,
  loopback,
  multicast: only(isMulticast),
  net: asked => (size(asked) > 1n && isBase(asked) ? withPrefix(asked.address, asked) : null),
  next_usable: ofNetwork(asked => neighbour(asked, 1n)),
  netmask: netMask,
  network,
  network_id: network,
  'network/prefix': subnet,
  network_netmask: asked => `${address(networkAddress(asked), asked)} ${netMask(asked)}`,
  network_wildcard: asked => `${address(networkAddress(asked), asked)} ${hostMask(asked)}`,
  peer: ofNetwork(peer),
  prefix: asked => asked.prefix,
  previous_usable: ofNetwork(asked => neighbour(asked, -1n)),
  private: only(isPrivate),
  public: only(isPublic),
  range_usable: ofNetwork(asked => {
    const range = usable(asked)
    return range ? range.map(each => address(each, asked)).join('-') : null
  }),
  revdns: reverseName,
  router: hostPrefix,
  size: asked => int(size(asked)),
  size_usable: asked => (size(asked) === 1n ? 0 : size(asked) === 2n ? 2 : int(size(asked) - 2n)),
  subnet,
  type: asked => (isAddress(asked) ? 'address' : 'network'),
  unicast: only(asked => !isMulticast(asked)),
  v4: toV4,
  v6: toV6,
  version: asked => asked.version,
  wildcard,
  wrap: asked =>
    asked.version === 4
      ? asked.text
      : `[${address(asked.address, asked)}]${asked.withPrefix ? `/${asked.prefix}` : ''}`,
}

/** An address or network as text or a number, or a number with a prefix; undefined when it is none of these. */
export function readAsked(text: string, version?: 4 | 6): Asked | undefined {
  const [, digits, prefix] = /^(\d+)(?:\/(\d+))?$/.exec(text) ?? []
  const plain = digits !== undefined && prefix === undefined ? undefined : parseNetwork(text, true)
  if (plain) return { ...plain, text }
  if (digits === undefined) return undefined
  const number = BigInt(digits)
  const kinds: readonly (4 | 6)[] =
    prefix !== undefined || version === undefined ? [4, 6] : version === 4 ? [4, 6] : [6]
  for (const kind of kinds) {
    const bits = prefix === undefined ? width(kind) : Number(prefix)
    if (number >> BigInt(width(kind)) > 0n || bits > width(kind)) continue
    const found = { version: kind, address: number, prefix: bits, withPrefix: prefix !== undefined }
    return { ...found, text: withPrefix(number, found) }
  }
  return undefined
}
