import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import {
  addressText,
  contains,
  hostBits,
  isPrivate,
  isPublic,
  lastAddress,
  maskOf,
  type Network,
  networkAddress,
  parseNetwork,
  width,
} from '../formats/ip.ts'
import { integer, integerArgument, soft } from '../python/arguments.ts'
import { type Bound, type Filters, native } from '../python/callable.ts'
import { int, isInt } from '../python/numbers.ts'
import { Undefined } from '../python/objects.ts'

type Answer = (network: Network, text: string) => Value

const address = (number: bigint, { version }: Network): string => addressText(number, version)
const withPrefix = (number: bigint, network: Network): string => `${address(number, network)}/${network.prefix}`
const usable = (network: Network, last: boolean): Value => {
  if (hostBits(network) === 0n) return address(network.address, network)
  const edge = hostBits(network) === 1n ? 0n : 1n
  return address(last ? lastAddress(network) - edge : networkAddress(network) + edge, network)
}
const only =
  (test: (network: Network) => boolean): Answer =>
  (network, text) =>
    test(network) ? text : false

/** What `ipaddr('query')` answers about an address or network; false where the query does not fit. */
const QUERIES: Readonly<Record<string, Answer>> = {
  '': (_network, text) => text,
  address: network => address(network.address, network),
  ip: network => address(network.address, network),
  network: network => address(networkAddress(network), network),
  net: network =>
    networkAddress(network) === network.address && network.withPrefix ? withPrefix(network.address, network) : false,
  subnet: network => withPrefix(networkAddress(network), network),
  cidr: network => withPrefix(network.address, network),
  'host/prefix': network => (network.withPrefix ? withPrefix(network.address, network) : false),
  'network/prefix': network => withPrefix(networkAddress(network), network),
  'address/prefix': network => withPrefix(network.address, network),
  host: network =>
    hostBits(network) === 0n || networkAddress(network) !== network.address
      ? withPrefix(network.address, network)
      : false,
  prefix: network => network.prefix,
  netmask: network => address(maskOf(network), network),
  hostmask: network => address((1n << hostBits(network)) - 1n, network),
  wildcard: network => address((1n << hostBits(network)) - 1n, network),
  broadcast: network => (hostBits(network) > 1n ? address(lastAddress(network), network) : ''),
  first_usable: network => usable(network, false),
  last_usable: network => usable(network, true),
  range_usable: network => `${soft(usable(network, false))}-${soft(usable(network, true))}`,
  size: network => int(1n << hostBits(network)),
  int: network => int(network.address),
  version: network => network.version,
  type: network => (hostBits(network) > 0n && networkAddress(network) === network.address ? 'network' : 'address'),
  public: only(isPublic),
  private: only(isPrivate),
  ipv4: only(network => network.version === 4),
  ipv6: only(network => network.version === 6),
  bool: () => true,
  wrap: (network, text) => (network.version === 6 ? wrapped(text) : text),
}

const wrapped = (text: string): string =>
  `[${text.split('/')[0] ?? ''}]${text.includes('/') ? `/${text.split('/')[1] ?? ''}` : ''}`

/** One value asked; false when it is no address. */
function ask(value: Value, query: Value, version: 4 | 6 | undefined): Value {
  const text = isInt(value) ? addressText(BigInt(value), 4) : soft(value)
  const network = parseNetwork(text)
  if (!network || (version !== undefined && network.version !== version)) return false
  if (isInt(query)) {
    const index = BigInt(query) < 0n ? (1n << hostBits(network)) + BigInt(query) : BigInt(query)
    return withPrefix(networkAddress(network) + index, network)
  }
  const name = soft(query)
  const answer = Object.hasOwn(QUERIES, name) ? QUERIES[name] : undefined
  if (answer) return answer(network, text)
  const range = parseNetwork(name)
  if (!range)
    throw failure(
      `ipaddr() does not know the query '${name}'; it knows ${Object.keys(QUERIES).filter(Boolean).join(', ')} and networks`,
    )
  return contains(range, network) ? text : false
}

const asked =
  (version?: 4 | 6) =>
  (value: Value, args: Bound): Value => {
    const query = args.value('query')
    if (value instanceof Undefined) throw value.error()
    if (!Array.isArray(value)) return value === null || value === '' ? false : ask(value, query, version)
    return value.map(item => ask(item, query, version)).filter(answer => answer !== false && answer !== '')
  }

function subnet(value: Value, args: Bound): Value {
  const network = parseNetwork(soft(value))
  if (!network) return false
  const query = args.value('query')
  if (query === '') return withPrefix(network.address, network)
  const prefix = isInt(query) || /^\d+$/.test(soft(query)) ? Number(soft(query)) : undefined
  if (prefix === undefined || prefix > width(network.version))
    throw failure(`ipsubnet() wants a prefix length, not '${soft(query)}'`)
  const index = args.value('index')
  if (prefix < network.prefix) return withPrefix(networkAddress({ ...network, prefix }), { ...network, prefix })
  const count = 1n << BigInt(prefix - network.prefix)
  if (index === 'x' || index === null) return int(count)
  const at = BigInt(integer(Number(soft(index)), 'index'))
  const wanted = at < 0n ? count + at : at
  if (wanted < 0n || wanted >= count) return false
  return withPrefix(networkAddress(network) + (wanted << BigInt(width(network.version) - prefix)), {
    ...network,
    prefix,
  })
}

function moved(value: Value, amount: number): Value {
  const network = parseNetwork(soft(value))
  if (!network) throw failure(`'${soft(value)}' is no IP address`)
  return address(network.address + BigInt(amount), network)
}

const wrap = (value: Value): Value => {
  if (Array.isArray(value)) return value.map(wrap)
  const network = parseNetwork(soft(value))
  return network?.version === 6 ? wrapped(soft(value)) : value
}

const QUERY = "query='', version=False, alias='ipaddr'"

/** IP addresses and networks: the queries of ansible.utils that playbooks use. */
export const NETWORK_FILTERS: Filters = {
  ipaddr: native(QUERY, asked()),
  ipv4: native(QUERY, asked(4)),
  ipv6: native(QUERY, asked(6)),
  ipwrap: native("query=''", wrap),
  ipsubnet: native("query='', index='x'", subnet),
  ipmath: native('amount', (value, args) => moved(value, integerArgument(args, 'amount'))),
  nthhost: native("query=''", (value, args) => {
    const network = parseNetwork(soft(value))
    return network ? address(networkAddress(network) + BigInt(integerArgument(args, 'query')), network) : false
  }),
  next_nth_usable: native('offset', (value, args) => {
    const network = parseNetwork(soft(value))
    if (!network) throw failure(`'${soft(value)}' is no IP address`)
    const next = network.address + BigInt(integerArgument(args, 'offset'))
    return next < lastAddress(network) ? address(next, network) : ''
  }),
}
