import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { contains, isPrivate, isPublic, isWithin, type Network, parseNetwork } from '../formats/ip.ts'
import { soft } from '../python/arguments.ts'
import { type Bound, native, type Runtime, type Tests } from '../python/callable.ts'
import { items } from '../python/iterate.ts'

const read = (value: Value): Network | undefined => parseNetwork(soft(value))

/** A test of an address or network; what is neither fails it. */
const is = (test: (network: Network) => boolean) =>
  native('', (value: Value) => {
    const network = read(value)
    return network !== undefined && test(network)
  })

const range = (...ranges: readonly string[]) => is(network => isWithin(network, ranges))

function networkOf(value: Value): Network {
  const network = read(value)
  if (!network) throw failure(`'${soft(value)}' is no IP address or network`)
  return network
}

/** In at least one of several networks. */
const inAny = native('networks', (value: Value, args: Bound, run: Runtime) => {
  const inner = networkOf(value)
  return items(args.value('networks'), run).some(outer => contains(networkOf(outer), inner))
})

/** True for bits that are ones and then zeros. */
function isMask(network: Network, flipped: boolean): boolean {
  if (network.withPrefix || network.version !== 4) return false
  const bits = network.address.toString(2).padStart(32, '0')
  return (flipped ? /^0*1*$/ : /^1*0*$/).test(bits)
}

const LOOPBACK = ['127.0.0.0/8', '::1/128']
const MULTICAST = ['224.0.0.0/4', 'ff00::/8']

/** Addresses and networks, as ansible.utils has them. */
export const NETWORK_TESTS: Tests = {
  ip: is(() => true),
  ip_address: is(network => !network.withPrefix),
  ipv4: is(network => network.version === 4),
  ipv4_address: is(network => network.version === 4 && !network.withPrefix),
  ipv4_netmask: is(network => isMask(network, false)),
  ipv4_hostmask: is(network => isMask(network, true)),
  ipv6: is(network => network.version === 6),
  ipv6_address: is(network => network.version === 6 && !network.withPrefix),
  ipv6_ipv4_mapped: range('::ffff:0:0/96'),
  ipv6_sixtofour: range('2002::/16'),
  ipv6_teredo: range('2001::/32'),
  loopback: range(...LOOPBACK),
  multicast: range(...MULTICAST),
  private: is(isPrivate),
  public: is(isPublic),
  reserved: range('240.0.0.0/4'),
  unspecified: is(network => network.address === 0n && !network.withPrefix),
  mac: native('', value => /^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$|^(?:[\da-f]{4}\.){2}[\da-f]{4}$/i.test(soft(value))),
  in_network: native('network', (value, args) => contains(networkOf(args.value('network')), networkOf(value))),
  in_any_network: inAny,
  in_one_network: inAny,
  subnet_of: native('network', (value, args) => contains(networkOf(args.value('network')), networkOf(value))),
  supernet_of: native('network', (value, args) => contains(networkOf(value), networkOf(args.value('network')))),
}
