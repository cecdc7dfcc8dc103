import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import {
  addressText,
  contains,
  hostBits,
  lastAddress,
  type Network,
  networkAddress,
  parseNetwork,
} from '../formats/ip.ts'
import { integerArgument, optionalText, soft, textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { items } from '../python/iterate.ts'
import { int } from '../python/numbers.ts'

/** A network or address, or an error that names the filter. */
function networkOf(value: Value, filter: string): Network {
  const network = parseNetwork(soft(value))
  if (!network) throw failure(`${filter}: '${soft(value)}' is no IP address or network`)
  return network
}

/** The first and last address that hosts may have. */
function usable(network: Network): [first: bigint, last: bigint] {
  const [first, last] = [networkAddress(network), lastAddress(network)]
  return hostBits(network) > 1n ? [first + 1n, last - 1n] : [first, last]
}

const inUsable = (value: Value, args: Bound): boolean => {
  const [outer, inner] = [networkOf(value, 'network_in_usable'), networkOf(args.value('test'), 'network_in_usable')]
  const [first, last] = usable(outer)
  return outer.version === inner.version && inner.address >= first && lastAddress(inner) <= last
}

/** Addresses of a list that are in a network. */
function reduced(value: Value, args: Bound, run: Runtime): Value {
  const outer = networkOf(args.value('network'), 'reduce_on_network')
  return items(value, run).filter(item => {
    const inner = parseNetwork(soft(item))
    return inner !== undefined && contains(outer, inner)
  })
}

function usableRange(value: Value): Value {
  const network = networkOf(value, 'usable_range')
  const [first, last] = [networkAddress(network), lastAddress(network)]
  if (last - first > 65_535n) throw failure('usable_range: the network has too many addresses', 'template-limit')
  const all = Array.from({ length: Number(last - first) + 1 }, (_item, index) =>
    addressText(first + BigInt(index), network.version),
  )
  return new Map<Value, Value>([
    ['number_of_ips', int(last - first + 1n)],
    ['usable_ips', all],
  ])
}

/** Networks that are neighbours or in each other as one, sorted. */
function merged(value: Value, args: Bound, run: Runtime): Value {
  const list = items(value, run).map(item => networkOf(item, 'cidr_merge'))
  if (textArgument(args, 'action') === 'span') return spanning(list)
  const key = (network: Network): string => `${network.version}/${network.prefix}/${networkAddress(network)}`
  let all = new Map(list.map(network => [key(network), { ...network, address: networkAddress(network) }]))
  for (let before = -1; before !== all.size; ) {
    before = all.size
    const kept = new Map<string, Network>()
    for (const network of all.values()) {
      run.charge(all.size)
      if ([...all.values()].some(other => other.prefix < network.prefix && contains(other, network))) continue
      const parent = { ...network, prefix: network.prefix - 1 }
      const sibling = { ...network, address: network.address ^ (1n << hostBits(network)) }
      const joined = network.prefix > 0 && all.has(key(sibling))
      const entry = joined ? { ...parent, address: networkAddress(parent) } : network
      kept.set(key(entry), entry)
    }
    all = kept
  }
  return [...all.values()]
    .sort((a, b) => a.version - b.version || (a.address < b.address ? -1 : 1))
    .map(network => `${addressText(network.address, network.version)}/${network.prefix}`)
}

function spanning(list: readonly Network[]): Value {
  const [first] = list
  if (!first) return null
  let wide = first
  while (!list.every(network => contains(wide, network))) {
    if (wide.prefix === 0) throw failure('cidr_merge: the networks are of several kinds')
    wide = { ...wide, prefix: wide.prefix - 1 }
  }
  return `${addressText(networkAddress(wide), wide.version)}/${wide.prefix}`
}

const MAC = /^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$|^(?:[\da-f]{4}\.){2}[\da-f]{4}$|^[\da-f]{12}$/i

/** A hardware address in one of the ways in which it is written; false for what is none. */
function hardware(value: Value, args: Bound): Value {
  const text = soft(value)
  if (!MAC.test(text)) return false
  const digits = text.replace(/[^\da-f]/gi, '').toLowerCase()
  const parts = (size: number): string[] => digits.match(new RegExp(`.{${size}}`, 'g')) ?? []
  switch (optionalText(args, 'query') ?? '') {
    case '':
      return text
    case 'bool':
      return true
    case 'bare':
      return digits.toUpperCase()
    case 'linux':
    case 'unix':
      return parts(2).join(':')
    case 'win':
    case 'eui48':
      return parts(2).join('-').toUpperCase()
    case 'cisco':
      return parts(4).join('.')
    case 'pgsql':
    case 'postgresql':
    case 'psql':
      return parts(6).join(':')
    case 'int':
      return int(BigInt(`0x${digits}`))
    default:
      throw failure(`hwaddr() does not know the query '${soft(args.value('query'))}'`)
  }
}

/** The address that a host with this hardware gives itself in an IPv6 network. */
function slaac(value: Value, args: Bound): Value {
  const network = networkOf(value, 'slaac')
  const mac = soft(args.value('query'))
  if (network.version !== 6 || !MAC.test(mac)) return false
  const digits = BigInt(`0x${mac.replace(/[^\da-f]/gi, '')}`)
  const id = (((digits >> 24n) << 40n) | (0xfffen << 24n) | (digits & 0xffffffn)) ^ (1n << 57n)
  return addressText((networkAddress(network) & ~((1n << 64n) - 1n)) | id, 6)
}

function ipv4Hex(value: Value, args: Bound): string {
  const { address } = networkOf(value, 'ip4_hex')
  const hex = address.toString(16).padStart(8, '0')
  return (hex.match(/../g) ?? []).join(optionalText(args, 'delimiter') ?? '')
}

/** An IPv6 address with all its digits, or with as few as can be. */
function ipv6Form(value: Value, args: Bound): Value {
  const network = networkOf(value, 'ipv6form')
  if (network.version !== 6) return false
  if (textArgument(args, 'format') !== 'expand') return addressText(network.address, 6)
  return (network.address.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':')
}

const within = (value: Value, args: Bound): boolean =>
  contains(networkOf(value, 'network_in_network'), networkOf(args.value('test'), 'network_in_network'))

/** Networks, as ansible.utils has them. */
export const MORE_NETWORK_FILTERS: Filters = {
  network_in_network: native('test', within),
  network_in_usable: native('test', inUsable),
  reduce_on_network: native('network', reduced),
  usable_range: native('', usableRange),
  cidr_merge: native("action='merge'", merged),
  hwaddr: native("query='', alias='hwaddr'", hardware),
  macaddr: native("query='', alias='macaddr'", hardware),
  slaac: native('query', slaac),
  ip4_hex: native("delimiter=''", ipv4Hex),
  ipv6form: native("format='compress'", ipv6Form),
  previous_nth_usable: native('offset', (value, args) => {
    const network = networkOf(value, 'previous_nth_usable')
    const wanted = network.address - BigInt(integerArgument(args, 'offset'))
    return wanted > networkAddress(network) ? addressText(wanted, network.version) : ''
  }),
}
