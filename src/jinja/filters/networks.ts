import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { addressText, contains, lastAddress, type Network, networkAddress, parseNetwork, width } from '../formats/ip.ts'
import { optionalText, soft, textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { items } from '../python/iterate.ts'
import { int } from '../python/numbers.ts'
import { HARDWARE_FILTERS } from './hardware.ts'
import { usable, withPrefix } from './ip-queries.ts'

/** A network or address, or an error that names the filter. */
function networkOf(value: Value, filter: string): Network {
  const network = parseNetwork(soft(value), true)
  if (!network) throw failure(`${filter}: '${soft(value)}' is no IP address or network`)
  return network
}

/** Whether the whole of a network is between two addresses of another; what is no network is in none. */
function lies(value: Value, test: Value, edges: (outer: Network) => readonly [bigint, bigint] | undefined): boolean {
  const [outer, inner] = [parseNetwork(soft(value), true), parseNetwork(soft(test), true)]
  if (!outer || !inner || outer.version !== inner.version) return false
  const [first, last] = edges(outer) ?? [networkAddress(outer), lastAddress(outer)]
  return networkAddress(inner) >= first && lastAddress(inner) <= last
}

/** Addresses of a list that are in a network. */
function reduced(value: Value, args: Bound, run: Runtime): Value {
  const outer = networkOf(args.value('network'), 'reduce_on_network')
  return items(value, run).filter(item => {
    const inner = parseNetwork(soft(item), true)
    return inner !== undefined && contains(outer, inner)
  })
}

function usableRange(value: Value): Value {
  const network = networkOf(value, 'usable_range')
  if (network.address !== networkAddress(network)) throw failure(`usable_range: ${soft(value)} has host bits set`)
  const [first, last] = [networkAddress(network), lastAddress(network)]
  if (last - first > 65_535n) throw failure('usable_range: the network has too many addresses', 'template-limit')
  const all = Array.from({ length: Number(last - first) + 1 }, (_item, index) =>
    addressText(first + BigInt(index), network.version),
  )
  return new Map<Value, Value>([
    ['usable_ips', all],
    ['number_of_ips', int(last - first + 1n)],
  ])
}

/** Addresses from one to another, and the network that they were read from while they are no others. */
interface Stretch {
  readonly version: 4 | 6
  readonly first: bigint
  readonly last: bigint
  readonly whole?: Network
}

const order = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0)

/** Networks that are neighbours or in each other as one, sorted; those that stand alone as they were given. */
function merged(value: Value, args: Bound, run: Runtime): Value {
  const list = items(value, run).map(item => networkOf(item, 'cidr_merge'))
  const action = textArgument(args, 'action')
  if (action === 'span') return spanning(list)
  if (action !== 'merge') throw failure(`cidr_merge: invalid action '${action}'; there are merge and span`)
  const all: Stretch[] = list
    .map(whole => ({ version: whole.version, first: networkAddress(whole), last: lastAddress(whole), whole }))
    .sort((a, b) => a.version - b.version || order(a.last, b.last) || order(a.first, b.first))
  const out: Stretch[] = []
  for (const next of all.reverse()) {
    const before = out.at(-1)
    if (before?.version === next.version && before.first - 1n <= next.last) {
      out.pop()
      out.push({
        version: next.version,
        first: next.first < before.first ? next.first : before.first,
        last: before.last,
      })
    } else out.push(next)
  }
  return out
    .reverse()
    .flatMap(stretch => (stretch.whole ? [withPrefix(stretch.whole.address, stretch.whole)] : cut(stretch)))
}

/** The fewest networks that hold exactly these addresses. */
function cut({ version, first, last }: Stretch): string[] {
  const out: string[] = []
  for (let next = first; next <= last; ) {
    let bits = 0n
    while (
      bits < BigInt(width(version)) &&
      next % (1n << (bits + 1n)) === 0n &&
      next + (1n << (bits + 1n)) - 1n <= last
    )
      bits += 1n
    out.push(`${addressText(next, version)}/${width(version) - Number(bits)}`)
    next += 1n << bits
  }
  return out
}

function spanning(list: readonly Network[]): Value {
  const [first] = list
  if (!first) return null
  if (list.length === 1) return withPrefix(first.address, first)
  let wide = first
  while (!list.every(network => contains(wide, network))) {
    if (wide.prefix === 0) throw failure('cidr_merge: the networks are of several kinds')
    wide = { ...wide, prefix: wide.prefix - 1 }
  }
  return `${addressText(networkAddress(wide), wide.version)}/${wide.prefix}`
}

function ipv4Hex(value: Value, args: Bound): string {
  const { address, version, withPrefix: network } = networkOf(value, 'ip4_hex')
  if (version !== 4 || network) throw failure(`ip4_hex: '${soft(value)}' is no IPv4 address by itself`)
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

/** Networks, as ansible.utils has them. */
export const MORE_NETWORK_FILTERS: Filters = {
  network_in_network: native('test', (value, args) => lies(value, args.value('test'), () => undefined)),
  network_in_usable: native('test', (value, args) => lies(value, args.value('test'), usable)),
  reduce_on_network: native('network', reduced),
  usable_range: native('', usableRange),
  cidr_merge: native("action='merge'", merged),
  ...HARDWARE_FILTERS,
  ip4_hex: native("delimiter=''", ipv4Hex),
  ipv6form: native("format='compress'", ipv6Form),
}
