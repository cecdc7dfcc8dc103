import type { Value } from '../../base/value.ts'
import {
  contains,
  isHostMask,
  isLoopback,
  isMask,
  isMulticast,
  isWithin,
  type Network,
  networkAddress,
  parseNetwork,
  prefixOfMask,
} from '../formats/ip.ts'
import { soft } from '../python/arguments.ts'
import { type Bound, native, type Runtime, type Tests } from '../python/callable.ts'
import { items } from '../python/iterate.ts'

/** A network without host bits, or an address, as Python's ipaddress reads them. */
function readNetwork(value: Value): Network | undefined {
  const network = parseNetwork(soft(value))
  return network && networkAddress(network) === network.address ? network : undefined
}

/** An address by itself. */
function readAddress(value: Value): Network | undefined {
  const network = parseNetwork(soft(value))
  return network?.withPrefix ? undefined : network
}

const isNetwork = (test: (network: Network) => boolean) =>
  native('', value => {
    const network = readNetwork(value)
    return network !== undefined && test(network)
  })

const isAddress = (test: (address: Network) => boolean) =>
  native('', value => {
    const address = readAddress(value)
    return address !== undefined && test(address)
  })

const range = (...ranges: readonly string[]) => isAddress(address => isWithin(address, ranges))

/** Whether one network is in another; what is none is in nothing, and holds nothing. */
function lies(inner: Value, outer: Value): boolean {
  const [network, wide] = [readNetwork(inner), readNetwork(outer)]
  return network !== undefined && wide !== undefined && contains(wide, network)
}

const inSome = (enough: (count: number) => boolean) =>
  native('networks', (value: Value, args: Bound, run: Runtime) =>
    enough(items(args.value('networks'), run).filter(outer => lies(value, outer)).length),
  )

const within = native('network', (value: Value, args: Bound) => lies(value, args.value('network')))

/** Bits of the network 10.0.0.0: a mask that cuts it is none to Python's ipaddress. */
const SHORTEST_MASK = 7

/** A mask of IPv4 networks that stands in its usual form. */
const mask = (kind: 'network' | 'host') =>
  isAddress(({ version, address }) => {
    if (version !== 4 || (kind === 'network' ? !isMask(address, 4) : isMask(address, 4) || !isHostMask(address)))
      return false
    return prefixOfMask(address, 4) >= SHORTEST_MASK
  })

/** What IANA's registries of special addresses call not reachable from everywhere, as Python's ipaddress has it. */
const PRIVATE = [
  ...['0.0.0.0/8', '10.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '240.0.0.0/4', '::1/128', '::/128'],
  ...['64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16', 'fc00::/7', 'fe80::/10'],
]

/** Parts of these that are reachable all the same. */
const EXCEPTIONS = [
  ...['192.0.0.9/32', '192.0.0.10/32', '2001:1::1/128', '2001:1::2/128', '2001:3::/32', '2001:4:112::/48'],
  ...['2001:20::/28', '2001:30::/28'],
]

const MAPPED = '::ffff:0:0/96'

/** The IPv4 address in an IPv6 one that holds one. */
const unmapped = (address: Network): Network =>
  isWithin(address, [MAPPED]) ? { ...address, version: 4, address: address.address & 0xffffffffn, prefix: 32 } : address

function isPrivate(address: Network): boolean {
  const plain = unmapped(address)
  return isWithin(plain, PRIVATE) && !isWithin(plain, EXCEPTIONS)
}

const RESERVED = [
  ...[
    '240.0.0.0/4',
    '::/8',
    '100::/8',
    '200::/7',
    '400::/6',
    '800::/5',
    '1000::/4',
    '4000::/3',
    '6000::/3',
    '8000::/3',
  ],
  ...['a000::/3', 'c000::/3', 'e000::/4', 'f000::/5', 'f800::/6', 'fe00::/9'],
]

const MAC = /^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$|^(?:[\da-f]{4}\.){2}[\da-f]{4}$|^[\da-f]{12}$/i

/** Addresses and networks, as ansible.utils has them. */
export const NETWORK_TESTS: Tests = {
  ip: isNetwork(() => true),
  ip_address: isAddress(() => true),
  ipv4: isNetwork(({ version }) => version === 4),
  ipv4_address: isAddress(({ version }) => version === 4),
  ipv4_netmask: mask('network'),
  ipv4_hostmask: mask('host'),
  ipv6: isNetwork(({ version }) => version === 6),
  ipv6_address: isAddress(({ version }) => version === 6),
  ipv6_ipv4_mapped: range(MAPPED),
  ipv6_sixtofour: range('2002::/16'),
  ipv6_teredo: range('2001::/32'),
  loopback: isAddress(isLoopback),
  multicast: isAddress(isMulticast),
  private: isAddress(isPrivate),
  // In the range of carriers' own networks an address is neither.
  public: isAddress(address => !isPrivate(address) && !isWithin(address, ['100.64.0.0/10'])),
  reserved: range(...RESERVED),
  unspecified: isAddress(({ address }) => address === 0n),
  mac: native('', value => MAC.test(soft(value))),
  in_network: within,
  in_any_network: inSome(count => count > 0),
  in_one_network: inSome(count => count === 1),
  subnet_of: within,
  supernet_of: native('network', (value, args) => lies(args.value('network'), value)),
}
